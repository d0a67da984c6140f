package io.spvn.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Who moves exchanges: connections and workers each have their own methods of them.
class ExchangeActorsTest {
    private static final Set<String> WORKERS =
            Set.of(
                    "taken",
                    "receive",
                    "continueDue",
                    "send",
                    "writable",
                    "appEnded",
                    "workerEnded",
                    "drain",
                    "excused",
                    "refuse");

    private static final Set<String> CONNECTIONS =
            Set.of("offer", "bodyComplete", "clientLeft", "cut", "broken", "nextWrite", "written");

    /// Files that are served without the app, and tunnels, answer as a worker does.
    private static final String IN_PLACE_OF_THE_APP =
            "io\\.spvn\\.server\\.(files\\..*|http2\\.Tunnel(\\$.*)?)";

    @Test
    void workersPart_isNotForConnections() {
        check("io.spvn.server..", WORKERS);
    }

    @Test
    void connectionsPart_isNotForWorkers() {
        check("io.spvn.bridge..", CONNECTIONS);
    }

    private static void check(String packages, Set<String> methods) {
        requireExist(methods);
        noClasses()
                .that()
                .resideInAPackage(packages)
                .and()
                .haveNameNotMatching(IN_PLACE_OF_THE_APP)
                .and()
                .areNotAssignableTo(Exchange.class)
                .should()
                .accessTargetWhere(isOneOf(methods))
                .check(
                        new ClassFileImporter()
                                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                                .importPackages("io.spvn"));
    }

    private static DescribedPredicate<JavaAccess<?>> isOneOf(Set<String> methods) {
        return DescribedPredicate.describe(
                "a method of an exchange for others",
                access ->
                        access.getTargetOwner().isAssignableTo(Exchange.class)
                                && methods.contains(access.getName()));
    }

    /// A method that was renamed would not be looked for any more.
    private static void requireExist(Set<String> methods) {
        Set<String> missing = new TreeSet<>(methods);
        Arrays.stream(HttpExchange.class.getMethods()).forEach(m -> missing.remove(m.getName()));
        if (!missing.isEmpty()) {
            throw new AssertionError("no methods of an exchange: " + missing);
        }
    }
}
