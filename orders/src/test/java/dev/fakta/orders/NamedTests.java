// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The tests that a page names, as in `order.OrderTest#a_second_currency_is_refused`.
public final class NamedTests {

    private static final Pattern NAMED = Pattern.compile("`(\\w+)\\.(\\w+Test)#(\\w+)`");

    private NamedTests() {}

    /// How many there are; all of them exist.
    public static int in(Path page) throws IOException, ClassNotFoundException {
        Matcher named = NAMED.matcher(Files.readString(page));
        int found = 0;
        while (named.find()) {
            Class<?> type =
                    Class.forName("dev.fakta.orders." + named.group(1) + "." + named.group(2));
            assertThat(methods(type)).as(type.getSimpleName()).contains(named.group(3));
            found++;
        }
        return found;
    }

    private static Set<String> methods(Class<?> type) {
        Set<String> names = new HashSet<>();
        Arrays.stream(type.getDeclaredMethods()).forEach(method -> names.add(method.getName()));
        for (Class<?> nested : type.getDeclaredClasses()) {
            names.addAll(methods(nested));
        }
        return names;
    }
}
