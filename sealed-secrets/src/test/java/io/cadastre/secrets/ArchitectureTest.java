package io.cadastre.secrets;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.cadastre.secrets", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule itStandsOnTinkAndTheSealedSecretOfTheContracts =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "com.google.crypto.tink..",
              "io.cadastre.contracts.events..",
              "io.cadastre.secrets..")
          .because("what holds keys has no log to write them to, and is read through in an hour");

  @ArchTest
  static final ArchRule whoSealsCannotOpen =
      noClasses()
          .that()
          .haveSimpleName("SecretSealer")
          .should()
          .dependOnClassesThat()
          .haveSimpleName("SecretOpener")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("com.google.crypto.tink.HybridDecrypt");
}
