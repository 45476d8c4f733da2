package io.cadastre.testbed;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** How a worker is built; a test of each says which classes are meant. */
public final class WorkerRules {

  private WorkerRules() {}

  @ArchTest
  public static final ArchRule theCoreKnowsNoFramework =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.cadastre.*", "io.cadastre.*.command")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..", "org.apache.kafka..", "io.cadastre.messaging..")
          .because("what is said about an instance must not depend on how it is ordered and sent");

  @ArchTest
  public static final ArchRule featuresDoNotDependOnEachOtherInCircles =
      slices().matching("io.cadastre.*.(*)..").should().beFreeOfCycles();

  @ArchTest
  public static final ArchRule aWorkerHasNoDatabaseOfItsOwn =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "javax.sql..", "org.springframework.jdbc..", "io.r2dbc..", "org.flywaydb..")
          .because("only the gateway writes metadata, and a worker holds no credentials for it");

  @ArchTest
  public static final ArchRule timeAndIdsComeInFromOutside =
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("Wiring")
          .should()
          .accessTargetWhere(describe("asks the machine", WorkerRules::asksTheMachine))
          .because("what depends on the moment cannot be tested at another");

  @ArchTest public static final ArchRule logsGoOneWay = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

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
