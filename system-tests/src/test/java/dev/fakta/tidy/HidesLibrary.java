// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Stream;

/// No type of a library in what other modules can see of a class: its parents, and the public and
/// protected members, type arguments included. What is not public shows nothing.
final class HidesLibrary extends ArchCondition<JavaClass> {

    private final PackageMatcher library;

    HidesLibrary(String packages) {
        super("show no type of " + packages);
        library = PackageMatcher.of(packages);
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        if (!isVisible(type)) {
            return;
        }
        Stream<JavaType> parents =
                Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
        Stream<JavaType> fields =
                type.getFields().stream()
                        .filter(field -> isShown(field.getModifiers()))
                        .map(JavaField::getType);
        Stream<JavaType> methods =
                type.getCodeUnits().stream()
                        .filter(unit -> isShown(unit.getModifiers()))
                        .flatMap(HidesLibrary::signature);
        Stream.of(parents, fields, methods)
                .flatMap(types -> types)
                .flatMap(shown -> shown.getAllInvolvedRawTypes().stream())
                .filter(shown -> library.matches(shown.getPackageName()))
                .forEach(
                        shown ->
                                events.add(
                                        SimpleConditionEvent.violated(
                                                type, type.getName() + " shows " + shown)));
    }

    private static Stream<JavaType> signature(JavaCodeUnit unit) {
        return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream());
    }

    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(HidesLibrary::isVisible).orElse(true);
    }

    private static boolean isShown(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC)
                || modifiers.contains(JavaModifier.PROTECTED);
    }
}
