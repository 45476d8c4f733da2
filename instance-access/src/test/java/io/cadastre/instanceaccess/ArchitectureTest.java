package io.cadastre.instanceaccess;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.cadastre.instanceaccess", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule itStandsOnContractsSecretsAndDrivers =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.net..",
              "org.jspecify..",
              "org.slf4j..",
              "org.postgresql..",
              "org.mariadb..",
              "org.springframework.boot..",
              "org.springframework.context..",
              "io.cadastre.contracts.events..",
              "io.cadastre.secrets..",
              "io.cadastre.instanceaccess..")
          .because("it knows no service and nothing of how commands come");

  @ArchTest
  static final ArchRule onlyTheWiringKnowsSpring =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.cadastre.instanceaccess.wiring")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework..");

  @ArchTest
  static final ArchRule theAccessKnowsNothingOfWhatItIsUsedFor =
      noClasses()
          .that()
          .resideInAPackage("io.cadastre.instanceaccess")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.cadastre.instanceaccess.*..");

  @ArchTest
  static final ArchRule driversAreOpenedByTheirLoginsAlone =
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("Login")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "(org\\.mariadb\\.jdbc|org\\.postgresql)\\.Driver|java\\.sql\\.DriverManager")
          .because("every connection goes through the address policy");

  @ArchTest static final ArchRule logsGoOneWay = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

  @ArchTest
  static final ArchRule stateIsNotSharedBehindTheBack =
      noFields().that().areStatic().should().notBeFinal();
}
