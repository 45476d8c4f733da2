package io.cadastre.messaging;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.cadastre.messaging", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule itStandsOnTheContractsAlone =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "org.slf4j..",
              "io.micrometer..",
              "org.apache.kafka..",
              "org.springframework..",
              "io.cadastre.contracts.events..",
              "io.cadastre.messaging..")
          .because("it is under every service and knows none of them");

  @ArchTest
  static final ArchRule onlyTheWiringKnowsSpring =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.cadastre.messaging.wiring")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework..")
          .because("the runtime is wired by hand in tests and benchmarks");

  @ArchTest
  static final ArchRule nothingDependsOnTheWiring =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.cadastre.messaging.wiring")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.cadastre.messaging.wiring");

  @ArchTest
  static final ArchRule whatAllShareKnowsNobody =
      noClasses()
          .that()
          .resideInAPackage("io.cadastre.messaging")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.cadastre.messaging.*..");

  @ArchTest
  static final ArchRule packagesDoNotDependOnEachOtherInCircles =
      slices().matching("io.cadastre.messaging.(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule logsGoOneWay = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

  @ArchTest
  static final ArchRule stateIsNotSharedBehindTheBack =
      noFields().that().areStatic().should().notBeFinal();
}
