// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMapTest {

    /// A key of which many have the same hash, or hashes that differ in the last bits looked at.
    private record Key(int number, int hashes) {
        @Override
        public int hashCode() {
            return number % hashes << 28 | number % hashes;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_000_000})
    void whatever_is_added_and_removed_it_is_equal_to_a_map_of_the_jdk(int hashes) {
        Random random = new Random(hashes);
        Map<Key, Integer> model = new HashMap<>();
        PersistentMap<Key, Integer> map = PersistentMap.empty();
        for (int step = 0; step < 4_000; step++) {
            Key key = new Key(random.nextInt(200), hashes);
            if (random.nextInt(step < 2_000 ? 3 : 1) > 0) {
                model.put(key, step);
                map = map.with(key, step);
            } else {
                model.remove(key);
                map = map.without(key);
            }
            assertThat(map.size()).isEqualTo(model.size());
            assertThat(map.get(key)).isEqualTo(model.get(key));
            if (step % 50 == 0) {
                assertThat(new HashMap<>(map)).isEqualTo(model);
                assertThat(map).hasSize(model.size()).isEqualTo(model);
            }
        }
    }

    @Test
    void earlier_maps_stay_as_they_were() {
        List<PersistentMap<Integer, String>> earlier = new ArrayList<>();
        PersistentMap<Integer, String> map = PersistentMap.empty();
        for (int number = 0; number < 500; number++) {
            earlier.add(map);
            map = map.with(number * 64, "v" + number);
        }
        for (int number = 0; number < 500; number++) {
            earlier.add(map);
            map = map.without(number * 64);
        }
        assertThat(map).isEmpty();
        for (int number = 0; number < 500; number++) {
            assertThat(earlier.get(number)).hasSize(number).doesNotContainKey(number * 64);
            assertThat(earlier.get(500 + number)).hasSize(500 - number).containsKey(number * 64);
        }
    }

    @Test
    void what_changes_nothing_answers_the_map_itself() {
        PersistentMap<String, Integer> map = PersistentMap.<String, Integer>empty().with("a", 1);
        assertThat(map.with("a", 1)).isSameAs(map);
        assertThat(map.without("b")).isSameAs(map);
        assertThat(PersistentMap.copyOf(map)).isSameAs(map);
    }

    @Test
    void two_maps_with_the_same_entries_are_equal_whatever_came_first() {
        PersistentMap<String, Integer> one = PersistentMap.copyOf(Map.of("a", 1, "b", 2, "c", 3));
        PersistentMap<String, Integer> other =
                PersistentMap.<String, Integer>empty()
                        .with("c", 3)
                        .with("b", 0)
                        .with("d", 4)
                        .with("a", 1)
                        .without("d")
                        .with("b", 2);
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one.entrySet()).isEqualTo(other.entrySet());
        assertThat(one).isNotEqualTo(other.with("a", 0)).isNotEqualTo(other.without("a"));
    }

    @Test
    void nobody_can_change_it_from_outside() {
        PersistentMap<String, Integer> map = PersistentMap.<String, Integer>empty().with("a", 1);
        refuses(() -> map.put("b", 2));
        refuses(() -> map.remove("a"));
        refuses(map::clear);
        refuses(() -> map.entrySet().iterator().next().setValue(5));
        assertThat(map).isEqualTo(Map.of("a", 1));
    }

    @Test
    void it_has_no_nulls_and_says_no_when_it_is_asked_for_one() {
        PersistentMap<String, Integer> map = PersistentMap.<String, Integer>empty().with("a", 1);
        assertThat(map.containsKey(null)).isFalse();
        assertThat(map.get("b")).isNull();
        Map<String, Integer> withNull = new HashMap<>();
        withNull.put("a", null);
        assertThatNullPointerException().isThrownBy(() -> PersistentMap.copyOf(withNull));
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(PersistentMap.empty().entrySet().iterator()::next);
    }

    private static void refuses(Runnable change) {
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(change::run);
    }
}
