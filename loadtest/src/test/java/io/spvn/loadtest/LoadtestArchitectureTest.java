package io.spvn.loadtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The arrows between the packages of the load tester. One that is not here is not allowed.
class LoadtestArchitectureTest {
    private static final String ROOT = "io.spvn.loadtest.";

    private static final Map<String, List<String>> ARROWS =
            Map.of(
                    "attack", List.of(),
                    "report", List.of("attack"),
                    "compare", List.of("attack", "report"));

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.spvn.loadtest");

    @Test
    void everyPackage_dependsOnlyAlongItsArrows() {
        ARROWS.forEach(LoadtestArchitectureTest::checkArrows);
    }

    private static void checkArrows(String from, List<String> to) {
        String[] forbidden =
                ARROWS.keySet().stream()
                        .filter(name -> !name.equals(from) && !to.contains(name))
                        .map(ROOT::concat)
                        .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ROOT + from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackage_isInTheDrawing() {
        classes()
                .should()
                .resideInAnyPackage(
                        ARROWS.keySet().stream().map(ROOT::concat).toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("io.spvn.loadtest.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void loadtest_knowsNothingOfTheServerNorOfTheCommandLine() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.spvn.bridge..", "io.spvn.server..", "io.spvn.cli..", "picocli..")
                .check(CLASSES);
    }
}
