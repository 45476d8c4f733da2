package io.cadastre.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.web.bind.annotation.RestController;

@AnalyzeClasses(packages = "io.cadastre.gateway", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  /** What is about the estate, not about HTTP, accounts or messages. */
  private static final String[] FEATURES = {
    "..audit..",
    "..estate..",
    "..inbox..",
    "..instance..",
    "..inventory..",
    "..listen..",
    "..live..",
    "..operation..",
    "..schedule..",
    "..size.."
  };

  private static final String[] FRAMEWORKS = {
    "org.springframework..", "reactor..", "org.reactivestreams..", "io.r2dbc..",
    "org.apache.kafka..", "io.micrometer..", "io.netty..", "io.cadastre.messaging.."
  };

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
          .and(describe("are not DatabaseStart, which waits", type -> !waitsForPostgresql(type)))
          .should()
          .accessTargetWhere(describe("asks the machine", ArchitectureTest::asksTheMachine))
          .because("what depends on the moment cannot be tested at another");

  @ArchTest static final ArchRule logsGoOneWay = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

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

  @ArchTest
  static final ArchRule whatIsSaidOverHttpIsSaidInControllers =
      noClasses()
          .that()
          .resideInAnyPackage(FEATURES)
          .and()
          .areNotAnnotatedWith(RestController.class)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework.web..", "org.springframework.http..")
          .because("a feature must not depend on how it is asked");

  @ArchTest
  static final ArchRule valuesKnowNoFramework =
      noClasses()
          .that(describe("are values", ArchitectureTest::isValue))
          .and()
          .resideInAnyPackage(FEATURES)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(FRAMEWORKS);

  @ArchTest
  static final ArchRule whatCalculatesKnowsNoFramework =
      noClasses()
          .that()
          .haveNameMatching(
              "io\\.cadastre\\.gateway\\."
                  + "(size\\.(Forecast|LevelShift|Median|Regimes|TheilSen|Trend)"
                  + "|schedule\\.(Due|RunStatus|Spread)"
                  + "|inventory\\.DeletionGuard"
                  + "|instance\\.(DeniedAddresses|HostRules))(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(
              "java..",
              "org.jspecify..",
              "com.fasterxml.jackson.annotation..",
              "io.cadastre.contracts..",
              "io.cadastre.gateway..");

  @ArchTest
  static final ArchRule onlyTheRimKnowsKafka =
      noClasses()
          .that()
          .resideOutsideOfPackages("..inbox..", "..outbox..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule stateIsNotSharedBehindTheBack =
      noFields().that().areStatic().should().notBeFinal();

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

  /** How long it has waited is no moment; and it is not wired, it runs before. */
  private static boolean waitsForPostgresql(JavaClass type) {
    return type.getFullName().equals("io.cadastre.gateway.database.DatabaseStart");
  }

  private static boolean isValue(JavaClass type) {
    return (type.isRecord() || type.isEnum())
        && !type.isAnnotatedWith(ConfigurationProperties.class);
  }
}
