package io.cadastre.size;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
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

  @ArchTest
  static final ArchRule timeAndIdsComeInFromOutside =
      noClasses()
          .that()
          .doNotHaveSimpleName("SizeWiring")
          .should()
          .accessTargetWhere(describe("asks the machine", ArchitectureTest::asksTheMachine))
          .because("what depends on the moment cannot be tested at another");

  @ArchTest static final ArchRule logsGoOneWay = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

  /** The moment, or chance: {@code now}, {@code system}, {@code nanoTime}, {@code random}, …. */
  private static boolean asksTheMachine(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getFullName();
    String member = access.getTarget().getName();
    return (owner.startsWith("java.time.") && member.matches("now|system\\w*|tick\\w*"))
        || (owner.equals("java.lang.System") && member.matches("nanoTime|currentTimeMillis"))
        || (owner.equals("java.util.UUID") && member.equals("randomUUID"))
        || (owner.equals("java.lang.Math") && member.equals("random"))
        || (owner.matches("java\\.util\\.(Date|Random)") && member.equals("<init>"));
  }
}
