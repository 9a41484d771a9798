// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.EventType;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.StoreCredit;
import dev.fakta.orders.shipping.Shipment;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Views and the memory image rest on an event being equal to what its JSON is read as.
class EventJsonTest {

    static Stream<Class<?>> events() {
        Stream<Aggregate<?, ?, ?>> aggregates =
                Stream.of(
                        StockItem.AGGREGATE,
                        Payment.AGGREGATE,
                        StoreCredit.AGGREGATE,
                        Shipment.AGGREGATE);
        return aggregates.flatMap(one -> one.events().stream().map(EventType::type));
    }

    @ParameterizedTest
    @MethodSource("events")
    void every_event_comes_back_as_it_was(Class<?> event) throws ReflectiveOperationException {
        Object full = sample(event, true);
        Object bare = sample(event, false);
        assertThat(full).hasNoNullFieldsOrProperties();
        Histories.survivesJson(full);
        Histories.survivesJson(bare);
    }

    /// @param complete whether components that may be null have a value
    private static Object sample(Class<?> type, boolean complete)
            throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int at = 0; at < components.length; at++) {
            boolean isNullable =
                    components[at].getAnnotatedType().isAnnotationPresent(Nullable.class);
            values[at] =
                    isNullable && !complete
                            ? null
                            : value(components[at].getGenericType(), complete);
        }
        Constructor<?> constructor =
                type.getDeclaredConstructor(
                        Arrays.stream(components)
                                .map(RecordComponent::getType)
                                .toArray(Class<?>[]::new));
        return constructor.newInstance(values);
    }

    private static Object value(Type type, boolean complete) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType list) {
            return List.of(value(list.getActualTypeArguments()[0], complete));
        }
        if (type == String.class) {
            return "grün, \"quoted\"";
        } else if (type == int.class) {
            return Integer.MAX_VALUE;
        } else if (type == long.class) {
            return Long.MIN_VALUE;
        } else if (type == boolean.class) {
            return true;
        } else if (type == Money.class) {
            return Money.of(Long.MAX_VALUE, "KWD");
        } else if (type == Instant.class) {
            return Instant.parse("9999-12-31T23:59:59.123456789Z");
        }
        Class<?> other = (Class<?>) type;
        return other.isEnum() ? other.getEnumConstants()[0] : sample(other, complete);
    }
}
