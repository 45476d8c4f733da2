package io.cadastre.size;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.cadastre.size", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule theCoreKnowsNoFramework =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.cadastre.size", "io.cadastre.size.command")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..", "org.apache.kafka..", "io.cadastre.messaging..")
          .because("what is said about an instance must not depend on how it is ordered and sent");

  @ArchTest
  static final ArchRule featuresDoNotDependOnEachOtherInCircles =
      slices().matching("io.cadastre.size.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule aWorkerHasNoDatabaseOfItsOwn =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "javax.sql..", "org.springframework.jdbc..", "io.r2dbc..", "org.flywaydb..")
          .because("only the gateway writes metadata, and a worker holds no credentials for it");
}
