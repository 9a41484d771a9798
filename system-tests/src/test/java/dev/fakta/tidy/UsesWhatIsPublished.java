// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Of other microsystems only what they publish: commands, events, refusals and standings, which
/// are nested in the aggregate's class, what these are made of, and of that class its definition,
/// the field `AGGREGATE`, and the method `standing`, which is what it answers.
final class UsesWhatIsPublished extends ArchCondition<JavaClass> {

    private static final String DEFINITION = "AGGREGATE";
    private static final String ANSWER = "standing";
    private static final Set<String> PUBLISHED = Set.of("Command", "Event", "Refusal", "Standing");

    private final List<PackageMatcher> others;

    /// @param others the packages of the other microsystems
    UsesWhatIsPublished(String... others) {
        super("use no more than what is published of " + String.join(", ", others));
        this.others = Arrays.stream(others).map(PackageMatcher::of).toList();
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        type.getDirectDependenciesFromSelf().stream()
                .filter(dependency -> isForeign(dependency.getTargetClass()))
                .filter(dependency -> !isPublished(dependency.getTargetClass()))
                .filter(dependency -> !isDefinition(type, dependency.getTargetClass()))
                .forEach(
                        dependency ->
                                events.add(
                                        SimpleConditionEvent.violated(
                                                type, dependency.getDescription())));
    }

    private boolean isForeign(JavaClass target) {
        return others.stream().anyMatch(packages -> packages.matches(target.getPackageName()));
    }

    private static boolean isPublished(JavaClass target) {
        return isNamed(target) || isCarried(target);
    }

    /// Whether a command or an event has a component of this type.
    private static boolean isCarried(JavaClass target) {
        return target.getDirectDependenciesToSelf().stream()
                .filter(dependency -> dependency.getDescription().startsWith("Field "))
                .anyMatch(dependency -> isNamed(dependency.getOriginClass()));
    }

    private static boolean isNamed(JavaClass target) {
        return Stream.iterate(
                        target,
                        one -> one.getEnclosingClass().isPresent(),
                        one -> one.getEnclosingClass().orElseThrow())
                .anyMatch(nested -> PUBLISHED.contains(nested.getSimpleName()));
    }

    /// Whether its definition and its answer are all that is read of it.
    private static boolean isDefinition(JavaClass type, JavaClass target) {
        List<JavaAccess<?>> accesses =
                type.getAccessesFromSelf().stream()
                        .<JavaAccess<?>>map(access -> access)
                        .filter(access -> access.getTargetOwner().equals(target))
                        .toList();
        return !accesses.isEmpty()
                && accesses.stream()
                        .allMatch(
                                access ->
                                        access.getTarget().getName().equals(ANSWER)
                                                || (access instanceof JavaFieldAccess
                                                        && access.getTarget()
                                                                .getName()
                                                                .equals(DEFINITION)));
    }
}
