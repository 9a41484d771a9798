// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import static dev.fakta.chaos.RegisterCheck.Access.READ;
import static dev.fakta.chaos.RegisterCheck.Access.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.chaos.RegisterCheck.Access;
import dev.fakta.chaos.RegisterCheck.Seen;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RegisterCheckTest {

    @Test
    void calls_one_after_the_other_are_fine() {
        assertThat(wrong(call(WRITE, 1, 0, 1), call(READ, 1, 2, 3), call(WRITE, 2, 4, 5)))
                .isEmpty();
    }

    @Test
    void calls_at_the_same_time_may_come_in_any_order() {
        assertThat(wrong(call(WRITE, 2, 0, 9), call(WRITE, 1, 5, 9), call(READ, 1, 8, 12)))
                .isEmpty();
    }

    @Test
    void a_read_after_an_acknowledged_write_must_see_it() {
        assertThat(wrong(call(WRITE, 1, 0, 1), call(WRITE, 2, 2, 3), call(READ, 1, 4, 5)))
                .singleElement()
                .asString()
                .contains("WRITE at revision 2 had ended before READ at revision 1 began");
    }

    @Test
    void a_read_must_not_see_what_has_not_begun() {
        assertThat(wrong(call(WRITE, 1, 5, 6), call(READ, 1, 1, 2))).hasSize(1);
    }

    @Test
    void reads_do_not_go_back() {
        assertThat(wrong(call(WRITE, 2, 0, 99), call(READ, 2, 10, 11), call(READ, 1, 12, 13)))
                .hasSize(1);
    }

    @Test
    void writes_keep_the_order_of_time() {
        assertThat(wrong(call(WRITE, 2, 0, 1), call(WRITE, 1, 2, 3))).hasSize(1);
    }

    @Test
    void a_write_without_an_answer_may_have_happened_at_any_time_since() {
        assertThat(wrong(call(WRITE, 2, 0, Long.MAX_VALUE), call(WRITE, 1, 5, 6))).isEmpty();
        assertThat(wrong(call(WRITE, 1, 7, Long.MAX_VALUE), call(READ, 1, 5, 6))).hasSize(1);
    }

    @Test
    void two_writes_do_not_make_the_same_revision() {
        assertThat(wrong(call(WRITE, 1, 0, 9), call(WRITE, 1, 1, 8))).hasSize(1);
    }

    private static List<String> wrong(Seen... calls) {
        return RegisterCheck.check("it", List.of(calls));
    }

    private static Seen call(Access access, long revision, long start, long end) {
        return new Seen(access.toString(), access, revision, start, end);
    }
}
