package io.cadastre.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.RestController;

@AnalyzeClasses(packages = "io.cadastre.gateway", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule featuresDoNotDependOnEachOtherInCircles =
      slices().matching("io.cadastre.gateway.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nothingDependsOnWhatPutsItTogether =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.cadastre.gateway")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.cadastre.gateway");

  @ArchTest
  static final ArchRule controllersAreNobodysBusiness =
      classes().that().areAnnotatedWith(RestController.class).should().bePackagePrivate();

  @ArchTest
  static final ArchRule timeAndIdsComeInFromOutside =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(GatewayApplication.class.getName())
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .because("what depends on the moment cannot be tested at another");

  @ArchTest
  static final ArchRule nothingIsInjectedBehindTheConstructorsBack =
      fields()
          .should()
          .notBeAnnotatedWith(Autowired.class)
          .andShould()
          .notBeAnnotatedWith(Value.class)
          .because("a settings record says what can be set, a constructor what is needed");

  @ArchTest
  static final ArchRule theGatewayOpensNoInstance =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.cadastre.instanceaccess..", "org.mariadb..")
          .because("it cannot open a password; the workers do");

  @ArchTest
  static final ArchRule blockingDriversAreForStartingOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.cadastre.gateway.database")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..");
}
