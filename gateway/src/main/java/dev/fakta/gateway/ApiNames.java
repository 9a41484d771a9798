// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.impl.DefinitionKey;
import com.github.victools.jsonschema.generator.naming.SchemaDefinitionNamingStrategy;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What types are called in the document: by their simple names, those that are nested behind the
/// name of what they are nested in, as in `PlaceOrderLine`. What only the program needs of a name
/// is left out: `OrderJson` is `Order`, and what `OrderRoutes` lists `OrderListed`.
final class ApiNames implements SchemaDefinitionNamingStrategy {

    private static final Pattern OF_THE_PROGRAM = Pattern.compile("(?<=.)(Json|Routes|View)$");
    private static final Pattern ROOMS = Pattern.compile("Command|Event");

    @Override
    public String getDefinitionNameForKey(DefinitionKey key, SchemaGenerationContext context) {
        Class<?> type = key.getType().getErasedType();
        StringBuilder name = new StringBuilder(word(type));
        key.getType()
                .getTypeParameters()
                .forEach(parameter -> name.append("Of").append(word(parameter.getErasedType())));
        for (Class<?> outer = type.getEnclosingClass();
                outer != null;
                outer = outer.getEnclosingClass()) {
            String word = word(outer);
            boolean isSaid = name.indexOf(word) >= 0;
            if (!isSaid && !ROOMS.matcher(outer.getSimpleName()).matches()) {
                name.insert(0, word);
            }
        }
        return name.toString();
    }

    private static String word(Class<?> type) {
        return OF_THE_PROGRAM.matcher(type.getSimpleName()).replaceFirst("");
    }

    /// Numbers what would have the same name, in the order of their packages.
    @Override
    public void adjustDuplicateNames(
            Map<DefinitionKey, String> twins, SchemaGenerationContext context) {
        Map<String, DefinitionKey> inOrder = new TreeMap<>();
        twins.keySet().forEach(key -> inOrder.put(key.getType().getFullDescription(), key));
        int number = 1;
        for (DefinitionKey key : inOrder.values()) {
            int of = number++;
            twins.computeIfPresent(key, (_, name) -> of == 1 ? name : name + of);
        }
    }

    @Override
    public String adjustNullableName(
            DefinitionKey key, String name, SchemaGenerationContext context) {
        return "Nullable" + name;
    }
}
