// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import dev.fakta.orders.catalog.Product;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// The arrows between the modules, on the compiled classes of this module's class path. A rule
/// about a module that does not exist yet holds, and bites as soon as it does.
///
/// It begins first and lets the classes go at its end: they take 200 MB of the heap, and late in a
/// run, when the rest is in use, this JVM would spend its time on collecting garbage.
@Order(0)
final class ArrowsTest {

    private static final String ROOT = "dev.fakta";
    private static final String PEKKO = "org.apache.pekko..";
    private static final String POOL = "com.zaxxer.hikari..";
    private static final String HTTP = "io.helidon..";
    private static final String TOKENS = "com.nimbusds..";

    private static final String CORE = "dev.fakta.runtime.core..";
    private static final String PARTITION = "dev.fakta.runtime.partition..";
    private static final String VIEWS = "dev.fakta.views.engine..";
    private static final String SAGAS = "dev.fakta.runtime.sagas..";
    private static final String CLUSTER = "dev.fakta.runtime.cluster..";

    private static final String CATALOG = "dev.fakta.orders.catalog..";
    private static final String SHIPPING = "dev.fakta.orders.shipping..";
    private static final String[] MICROSYSTEMS = {
        CATALOG, "dev.fakta.orders.inventory..", "dev.fakta.orders.payments..", SHIPPING
    };
    private static final String[] ORDERS = {
        "dev.fakta.orders.order..",
        "dev.fakta.orders.campaign..",
        "dev.fakta.orders.pricing..",
        "dev.fakta.orders.returns..",
        "dev.fakta.orders.saga..",
        "dev.fakta.orders.tasks..",
        "dev.fakta.orders.sales.."
    };

    private static final String READS_PRODUCTS = "dev.fakta.orders.order.LineCheck";

    private static JavaClasses shipped;

    @BeforeAll
    static void read() {
        shipped =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages(ROOT);
    }

    @AfterAll
    static void letGo() {
        shipped = null;
    }

    @Test
    void every_module_that_is_shipped_is_seen() throws IOException {
        Set<String> seen =
                shipped.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        assertThat(shippedPackages()).contains("dev.fakta.domain", "dev.fakta.log");
        assertThat(seen)
                .as("give system-tests/pom.xml a dependency on each module")
                .containsAll(shippedPackages());
    }

    @Test
    void domain_is_pure_java() {
        onlyKnows("dev.fakta.domain..", "java..", "org.jspecify..").check(shipped);
    }

    @Test
    void log_is_pure_java_and_does_not_know_the_domain() {
        onlyKnows("dev.fakta.log..", "java..", "org.jspecify..").check(shipped);
    }

    /// And the runtime's API: a contract of events is worth as much as the codec that checks it.
    @Test
    void the_testkit_knows_domain_log_runtime_and_test_libraries_only() {
        onlyKnows(
                        "dev.fakta.testkit..",
                        "java..",
                        "org.jspecify..",
                        "dev.fakta.domain..",
                        "dev.fakta.log..",
                        "dev.fakta.runtime",
                        "org.junit..",
                        "org.assertj..")
                .check(shipped);
    }

    @Test
    void the_log_on_postgresql_knows_the_log_and_its_driver_only() {
        onlyKnows(
                        "dev.fakta.postgres",
                        "java..",
                        "org.jspecify..",
                        "dev.fakta.log..",
                        "org.postgresql..",
                        POOL)
                .check(shipped);
    }

    @Test
    void the_views_know_domain_log_and_the_drivers_of_their_databases_only() {
        onlyKnows(
                        "dev.fakta.views..",
                        "java..",
                        "javax.sql..",
                        "org.jspecify..",
                        "org.slf4j..",
                        "dev.fakta.domain..",
                        "dev.fakta.log..",
                        "org.postgresql..",
                        "org.sqlite..",
                        POOL)
                .check(shipped);
    }

    @Test
    void only_the_log_and_the_views_on_postgresql_name_its_pool() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.fakta.postgres..", VIEWS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(POOL)
                .check(shipped);
    }

    @Test
    void only_the_log_on_postgresql_uses_what_the_two_logs_share() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.fakta.log..", "dev.fakta.postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.fakta.log.engine..")
                .check(shipped);
    }

    @Test
    void the_local_server_knows_nothing_of_the_rest() {
        onlyKnows(
                        "dev.fakta.postgres.server..",
                        "java..",
                        "javax.sql..",
                        "org.jspecify..",
                        "io.zonky..")
                .check(shipped);
    }

    @Test
    void only_the_cluster_of_the_runtime_names_pekko() {
        onlyNames(CLUSTER, PEKKO).check(shipped);
    }

    @Test
    void only_the_gateway_names_the_http_library() {
        onlyNames("dev.fakta.gateway..", HTTP).check(shipped);
    }

    @Test
    void only_the_gateway_names_the_library_of_tokens_and_shows_nothing_of_it() {
        onlyNames("dev.fakta.gateway..", TOKENS).check(shipped);
        hides("dev.fakta.gateway", TOKENS).check(shipped);
    }

    @Test
    void what_is_behind_the_runtimes_api_is_in_no_public_signature_of_it() {
        for (String hidden : List.of(PEKKO, POOL, CORE, PARTITION, VIEWS, SAGAS, CLUSTER)) {
            hides("dev.fakta.runtime", hidden).check(shipped);
        }
    }

    @Test
    void no_other_module_uses_what_is_behind_the_runtimes_api() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.fakta.runtime..", "dev.fakta.views..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CORE, PARTITION, VIEWS, SAGAS, CLUSTER)
                .check(shipped);
    }

    @Test
    void what_is_behind_the_runtimes_api_knows_each_other_in_one_order() {
        knowsNone(CORE, PARTITION, SAGAS, CLUSTER).check(shipped);
        knowsNone(PARTITION, VIEWS, SAGAS, CLUSTER).check(shipped);
        knowsNone(SAGAS, CLUSTER).check(shipped);
    }

    @Test
    void an_aggregate_knows_no_engine() {
        // they host aggregates, for real and in simulations
        aggregatesOutside("dev.fakta.runtime..", "dev.fakta.testkit..")
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.fakta.log..",
                        "dev.fakta.runtime..",
                        "java.io..",
                        "java.net..",
                        "java.nio..",
                        "java.sql..",
                        "tools.jackson..",
                        PEKKO,
                        HTTP)
                .check(shipped);
        // which has an aggregate itself, the keys of its callers
        aggregatesOutside("dev.fakta.runtime..", "dev.fakta.testkit..", "dev.fakta.gateway..")
                .dependOnClassesThat()
                .resideInAPackage("dev.fakta.gateway..")
                .check(shipped);
    }

    private static ClassesShould aggregatesOutside(String... packages) {
        return noClasses()
                .that(definesAn("dev.fakta.domain.Aggregate"))
                .and()
                .resideOutsideOfPackages(packages)
                .should();
    }

    /// Each has its own log and may have its own process: of the others it knows ids, as text.
    @Test
    void the_microsystems_of_order_management_do_not_know_each_other() {
        for (String microsystem : MICROSYSTEMS) {
            if (!microsystem.equals(SHIPPING)) {
                keepsToItself(
                                microsystem,
                                "dev.fakta.orders..",
                                "dev.fakta.orders.money..",
                                "dev.fakta.orders.fields..")
                        .check(shipped);
            }
        }
    }

    /// A shipment asks its order before it leaves.
    @Test
    void shipping_uses_of_the_orders_what_they_publish() {
        String[] others =
                Stream.concat(
                                Arrays.stream(MICROSYSTEMS).filter(one -> !one.equals(SHIPPING)),
                                Arrays.stream(ORDERS))
                        .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(SHIPPING)
                .should(new UsesWhatIsPublished(others))
                .check(shipped);
    }

    /// But for one class, which reads what products cost when an order is placed.
    @Test
    void the_orders_use_of_other_microsystems_what_they_publish() {
        classes()
                .that()
                .resideInAnyPackage(ORDERS)
                .and()
                .doNotHaveFullyQualifiedName(READS_PRODUCTS)
                .should(new UsesWhatIsPublished(MICROSYSTEMS))
                .check(shipped);
        noClasses()
                .that()
                .haveFullyQualifiedName(READS_PRODUCTS)
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(MICROSYSTEMS).and(not(resideInAPackage(CATALOG))))
                .check(shipped);
    }

    @Test
    void modules_have_no_cycle() {
        slices().matching("dev.fakta.(*)..").should().beFreeOfCycles().check(shipped);
    }

    /// The rules, on classes with a planted fault each.
    @Nested
    final class Planted {

        private static final JavaClasses FAULTS =
                new ClassFileImporter()
                        .importClasses(
                                PlantedLeak.class, PlantedSecret.class, PlantedDefinition.class);

        private static final String HERE = "dev.fakta.tidy..";
        private static final String FOREIGN = "java.util.concurrent..";

        @Test
        void a_foreign_library_is_found() {
            assertThat(broken(onlyNames("dev.fakta.elsewhere..", FOREIGN), FAULTS)).isTrue();
            assertThat(broken(onlyNames(HERE, FOREIGN), FAULTS)).isFalse();
            assertThat(broken(onlyKnows(HERE, "java.lang.."), FAULTS)).isTrue();
        }

        @Test
        void a_neighbour_is_found_and_what_is_shared_left_alone() {
            assertThat(broken(keepsToItself(HERE, FOREIGN, "java.lang.."), FAULTS)).isTrue();
            assertThat(broken(keepsToItself(HERE, FOREIGN, FOREIGN), FAULTS)).isFalse();
        }

        @Test
        void a_public_signature_is_found_and_a_hidden_one_left_alone() {
            assertThat(broken(hides(HERE, FOREIGN), only(PlantedLeak.class))).isTrue();
            assertThat(broken(hides(HERE, FOREIGN), only(PlantedSecret.class))).isFalse();
        }

        @Test
        void a_definition_is_recognised() {
            assertThat(FAULTS.that(definesAn(Supplier.class.getName())))
                    .extracting(JavaClass::getSimpleName)
                    .containsExactly("PlantedDefinition");
        }

        static final class Neighbour {
            Object command(String id) {
                return List.of(Product.AGGREGATE.stream(id), Product.Refusal.valueOf(id));
            }
        }

        static final class Intruder {
            Object state(Product product) {
                return product.prices();
            }
        }

        @Test
        void what_is_published_is_left_alone_and_a_state_that_is_read_is_found() {
            ArchRule rule = classes().should(new UsesWhatIsPublished(CATALOG));
            assertThat(broken(rule, only(Neighbour.class))).isFalse();
            assertThat(broken(rule, only(Intruder.class))).isTrue();
        }

        private static JavaClasses only(Class<?> type) {
            return new ClassFileImporter().importClasses(type);
        }

        private static boolean broken(ArchRule rule, JavaClasses classes) {
            return rule.evaluate(classes).hasViolation();
        }
    }

    private static ArchRule onlyKnows(String module, String... known) {
        String[] all = Arrays.copyOf(known, known.length + 1);
        all[known.length] = module;
        return classes()
                .that()
                .resideInAPackage(module)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(all)
                .allowEmptyShould(true);
    }

    private static ArchRule knowsNone(String own, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    private static ArchRule keepsToItself(String own, String system, String... shared) {
        return noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(
                        resideInAPackage(system)
                                .and(not(resideInAPackage(own)))
                                .and(not(resideInAnyPackage(shared))));
    }

    private static ArchRule onlyNames(String owner, String library) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(owner)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .allowEmptyShould(true);
    }

    private static ArchRule hides(String module, String library) {
        return classes()
                .that()
                .resideInAPackage(module)
                .should(new HidesLibrary(library))
                .allowEmptyShould(true);
    }

    /// A class that has a field of this type, and what is nested in it.
    private static DescribedPredicate<JavaClass> definesAn(String type) {
        return DescribedPredicate.describe(
                "define an " + type,
                one ->
                        outermost(one).getFields().stream()
                                .anyMatch(field -> field.getRawType().getName().equals(type)));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArrowsTest::outermost).orElse(type);
    }

    private static Set<String> shippedPackages() throws IOException {
        return Tree.read()
                .java()
                .filter(TextFile::isProduct)
                .filter(file -> !file.name().equals("module-info.java"))
                .map(ArrowsTest::packageOf)
                .collect(Collectors.toSet());
    }

    private static String packageOf(TextFile file) {
        Matcher statement = Pattern.compile("(?m)^package ([\\w.]+);").matcher(file.text());
        return statement.find() ? statement.group(1) : "";
    }
}
