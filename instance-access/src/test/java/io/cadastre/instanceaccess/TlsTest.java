package io.cadastre.instanceaccess;

import static io.cadastre.instanceaccess.Instances.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.TlsMode;
import io.cadastre.localservers.LocalMariaDb;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.localservers.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every mode against real servers whose certificate is for {@code db.example}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {

  private String authority = "";
  private String otherAuthority = "";
  private @Nullable LocalMariaDb mariaDb;
  private @Nullable LocalPostgres postgres;

  /** Both names lead to this machine, as a name server would tell. */
  private final InstanceAccess access =
      Instances.access(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          _ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")});

  @BeforeAll
  void startServers(@TempDir Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Certificates certificates = new Certificates(Files.createDirectory(folder.resolve("ours")));
    authority = certificates.authority();
    otherAuthority = new Certificates(Files.createDirectory(folder.resolve("theirs"))).authority();
    String certificate = certificates.certificateFile().toString();
    String key = certificates.keyFile().toString();
    mariaDb =
        LocalMariaDb.start(
            ServerSettings.temporary()
                .withOption("ssl", "1")
                .withOption("ssl-cert", certificate)
                .withOption("ssl-key", key));
    postgres =
        LocalPostgres.start(
            ServerSettings.temporary()
                .withOption("ssl", "on")
                .withOption("ssl_cert_file", certificate)
                .withOption("ssl_key_file", key));
  }

  @AfterAll
  void stopServers() {
    access.close();
    if (mariaDb != null) {
      mariaDb.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void everyModeConnectsWhereTheServerIsWhoItShouldBe(Engine engine)
      throws InstanceAccessException {
    assertThat(encrypted(engine, "db.example", TlsMode.DISABLED, null)).isFalse();
    assertThat(encrypted(engine, "other.example", TlsMode.REQUIRED, null)).isTrue();
    assertThat(encrypted(engine, "other.example", TlsMode.VERIFY_CA, authority)).isTrue();
    assertThat(encrypted(engine, "db.example", TlsMode.VERIFY_FULL, authority)).isTrue();
    assertThat(encrypted(engine, "db.example.", TlsMode.VERIFY_FULL, authority)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aCertificateOfAnotherAuthorityIsRefused(Engine engine) {
    for (TlsMode mode : new TlsMode[] {TlsMode.VERIFY_CA, TlsMode.VERIFY_FULL}) {
      assertTlsFails(instance(engine, "db.example", mode, otherAuthority));
      // and of none that the JDK knows
      assertTlsFails(instance(engine, "db.example", mode, null));
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aCertificateForAnotherNameIsRefusedByTheModeThatAsks(Engine engine) {
    Failure failure =
        assertTlsFails(instance(engine, "other.example", TlsMode.VERIFY_FULL, authority));

    assertThat(failure.message()).contains("other.example");
    // An address is no name of the certificate either.
    assertTlsFails(instance(engine, "127.0.0.1", TlsMode.VERIFY_FULL, authority));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aServerWithoutTlsIsRefusedWhereTlsIsRequired(Engine engine) {
    InstanceConnection plain = Instances.local(engine);
    for (TlsMode mode : new TlsMode[] {TlsMode.REQUIRED, TlsMode.VERIFY_CA, TlsMode.VERIFY_FULL}) {
      Failure failure =
          assertTlsFails(Instances.at(plain, "db.example", plain.port(), mode, authority));
      assertThat(failure.message()).contains("offers no TLS");
    }
  }

  private Failure assertTlsFails(InstanceConnection instance) {
    Failure failure = failure(access, instance);
    assertThat(failure.code()).as(failure.message()).isEqualTo(FailureCode.TLS_FAILED);
    assertThat(failure.retryable()).isFalse();
    return failure;
  }

  private boolean encrypted(Engine engine, String host, TlsMode mode, @Nullable String ca)
      throws InstanceAccessException {
    String question =
        switch (engine) {
          case MYSQL ->
              "SELECT VARIABLE_VALUE <> '' FROM information_schema.SESSION_STATUS"
                  + " WHERE VARIABLE_NAME = 'Ssl_cipher'";
          case POSTGRESQL -> "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        };
    try (InstanceSession session = access.open(instance(engine, host, mode, ca))) {
      String answer =
          session.run(connection -> EngineLogin.queryRow(connection, question).getFirst());
      return answer.equals("1") || answer.equals("t");
    }
  }

  private InstanceConnection instance(
      Engine engine, String host, TlsMode mode, @Nullable String ca) {
    InstanceConnection server =
        switch (engine) {
          case MYSQL -> Instances.local(Objects.requireNonNull(mariaDb));
          case POSTGRESQL -> Instances.local(Objects.requireNonNull(postgres));
        };
    return Instances.at(server, host, server.port(), mode, ca);
  }
}
