// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PersistentMapTest {

    /// Sets a key, or takes it away.
    record Change(String key, int value, boolean isRemoval) {}

    @Property(tries = 500)
    void it_has_what_an_ordinary_map_has_and_older_ones_stay_as_they_were(
            @ForAll("changes") List<Change> changes) {
        Map<String, Integer> ordinary = new HashMap<>();
        PersistentMap<Integer> map = PersistentMap.empty();
        for (Change change : changes) {
            Map<String, Integer> before = Map.copyOf(ordinary);
            PersistentMap<Integer> older = map;
            if (change.isRemoval) {
                ordinary.remove(change.key);
                map = map.without(change.key);
            } else {
                ordinary.put(change.key, change.value);
                map = map.with(change.key, change.value);
            }
            assertThat(map).isEqualTo(ordinary).hasSize(ordinary.size());
            assertThat(older).isEqualTo(before);
            assertThat(map.get(change.key)).isEqualTo(ordinary.get(change.key));
        }
        assertThat(map.hashCode()).isEqualTo(ordinary.hashCode());
        assertThat(PersistentMap.copyOf(ordinary)).isEqualTo(map);
        for (String key : ordinary.keySet()) {
            map = map.without(key);
        }
        assertThat(map).isEmpty();
    }

    /// Some of the keys have one hash: `Aa` and `BB`, and all that is made of them.
    @Provide
    Arbitrary<List<Change>> changes() {
        Arbitrary<String> twins = Arbitraries.of("AaAaAa", "AaAaBB", "AaBBAa", "BBAaAa", "BBBBBB");
        Arbitrary<String> others = Arbitraries.integers().between(0, 200).map(Object::toString);
        return Combinators.combine(
                        Arbitraries.oneOf(twins, others),
                        Arbitraries.integers(),
                        Arbitraries.of(true, false, false))
                .as(Change::new)
                .list()
                .ofMaxSize(150);
    }

    @Test
    void a_hundred_thousand_entries_are_found_counted_and_taken_away() {
        PersistentMap<Integer> map = PersistentMap.empty();
        for (int entry = 0; entry < 100_000; entry++) {
            map = map.with("order-" + entry, entry);
        }
        assertThat(map).hasSize(100_000);
        assertThat(map.entrySet().stream().mapToLong(Map.Entry::getValue).sum())
                .isEqualTo(99_999L * 100_000 / 2);
        for (int entry = 0; entry < 100_000; entry += 2) {
            map = map.without("order-" + entry);
        }
        assertThat(map).hasSize(50_000).containsKey("order-1").doesNotContainKey("order-2");
    }

    @Test
    void it_cannot_be_written_to() {
        PersistentMap<Integer> map = PersistentMap.<Integer>empty().with("a", 1);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> map.put("b", 2));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> map.entrySet().iterator().remove());
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> PersistentMap.empty().entrySet().iterator().next());
    }

    @Test
    void a_change_shares_what_it_does_not_change() {
        PersistentMap<Integer> map = PersistentMap.<Integer>empty().with("a", 1);
        assertThat(map.without("b")).isSameAs(map);
        assertThat(PersistentMap.copyOf(map)).isSameAs(map);
    }
}
