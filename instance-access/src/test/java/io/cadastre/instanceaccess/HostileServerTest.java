package io.cadastre.instanceaccess;

import static io.cadastre.instanceaccess.Instances.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.SealedSecret;
import io.cadastre.contracts.events.TlsMode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts and ports behind which no sound server is. */
class HostileServerTest {

  private static final Duration LIMIT = Duration.ofMillis(700);

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aPortThatAcceptsAndNeverAnswersCostsTheTimeoutAndNoMore(Engine engine) throws IOException {
    try (ScriptedServer server = ScriptedServer.silent();
        InstanceAccess access = Instances.access(LIMIT, LIMIT)) {
      assertTimesOut(access, Instances.instance(engine, "127.0.0.1", server.port()));
      assertTimesOut(
          access,
          Instances.instance(engine, "127.0.0.1", server.port(), "u", "p", TlsMode.REQUIRED, null));
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aServerThatDripsBytesCostsNoMoreEither(Engine engine) throws IOException {
    // A long message, a byte at a time: no single read ever times out.
    byte[] start =
        switch (engine) {
          case MYSQL -> new byte[] {0, 0, 16, 0};
          case POSTGRESQL -> new byte[] {'E', 0, 0, 64, 0};
        };
    try (ScriptedServer server =
            new ScriptedServer(connection -> {
              OutputStream out = connection.getOutputStream();
              out.write(start);
              CountDownLatch never = new CountDownLatch(1);
              while (!never.await(100, TimeUnit.MILLISECONDS)) {
                out.write(0);
                out.flush();
              }
            });
        InstanceAccess access = Instances.access(LIMIT, LIMIT)) {
      assertTimesOut(access, Instances.instance(engine, "127.0.0.1", server.port()));
    }
  }

  private static void assertTimesOut(InstanceAccess access, InstanceConnection instance) {
    long start = System.nanoTime();
    Failure failure = failure(access, instance);

    assertThat(failure.code()).isEqualTo(FailureCode.TIMEOUT);
    assertThat(failure.retryable()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT.multipliedBy(4));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aServerThatSpeaksSomethingElseIsUnsupported(Engine engine) throws IOException {
    try (ScriptedServer server =
            new ScriptedServer(connection -> {
              connection
                  .getOutputStream()
                  .write("SSH-2.0-OpenSSH_9.2p1\r\n".repeat(100).getBytes(StandardCharsets.UTF_8));
              connection.getInputStream().readAllBytes();
            });
        InstanceAccess access = Instances.access(LIMIT, LIMIT)) {
      Failure failure = failure(access, Instances.instance(engine, "127.0.0.1", server.port()));

      assertThat(failure.code())
          .isIn(FailureCode.UNSUPPORTED_SERVER, FailureCode.TIMEOUT, FailureCode.CONNECTION_LOST);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aServerThatHangsUpAtOnceIsALostConnection(Engine engine) throws IOException {
    try (ScriptedServer server = new ScriptedServer(connection -> {});
        InstanceAccess access = Instances.access(LIMIT, LIMIT)) {
      Failure failure = failure(access, Instances.instance(engine, "127.0.0.1", server.port()));

      assertThat(failure.code()).isEqualTo(FailureCode.CONNECTION_LOST);
    }
  }

  @Test
  void aPortNobodyListensOnIsRefused() throws IOException {
    int port;
    try (ServerSocket reserved = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = reserved.getLocalPort();
    }
    try (InstanceAccess access = Instances.access(LIMIT, LIMIT)) {
      Failure failure = failure(access, Instances.instance(Engine.MYSQL, "127.0.0.1", port));

      assertThat(failure)
          .isEqualTo(
              new Failure(
                  FailureCode.CONNECTION_REFUSED,
                  "127.0.0.1:" + port + " refuses connections",
                  true));
    }
  }

  @Test
  void anUnknownHostIsNamed() {
    try (InstanceAccess access =
        Instances.access(
            LIMIT,
            LIMIT,
            host -> {
              throw new UnknownHostException(host);
            })) {
      Failure failure = failure(access, Instances.instance(Engine.MYSQL, "db.invalid", 3306));

      assertThat(failure.code()).isEqualTo(FailureCode.UNKNOWN_HOST);
      assertThat(failure.message()).isEqualTo("no address is known for host \"db.invalid\"");
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aHostThatIsNoNameReachesNoDriver(Engine engine) throws IOException {
    try (ScriptedServer server = ScriptedServer.silent();
        InstanceAccess access = Instances.access(LIMIT, LIMIT)) {
      for (String host :
          new String[] {
            "",
            " ",
            "127.0.0.1:" + server.port() + "/x?allowLocalInfile=true#",
            "127.0.0.1,10.0.0.1"
          }) {
        assertThat(failure(access, Instances.instance(engine, host, server.port())).code())
            .as(host)
            .isEqualTo(FailureCode.UNKNOWN_HOST);
      }
      assertThat(server.connections()).isZero();
    }
  }

  @Test
  void aNameServerThatNeverAnswersCostsTheTimeoutAndNoMore() {
    CountDownLatch never = new CountDownLatch(1);
    try (InstanceAccess access =
        Instances.access(
            LIMIT,
            LIMIT,
            host -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              throw new UnknownHostException(host);
            })) {
      assertTimesOut(access, Instances.instance(Engine.POSTGRESQL, "db.example", 5432));
    }
  }

  @Test
  void aHostWithOneForbiddenAddressIsDeniedAsAWholeAndNotConnectedTo() throws IOException {
    try (ScriptedServer server = ScriptedServer.silent();
        InstanceAccess access =
            Instances.access(LIMIT, LIMIT, _ -> addresses("127.0.0.1", "169.254.169.254"))) {
      Failure failure =
          failure(access, Instances.instance(Engine.MYSQL, "two-faced.example", server.port()));

      assertThat(failure.code()).isEqualTo(FailureCode.ADDRESS_DENIED);
      assertThat(failure.retryable()).isFalse();
      assertThat(failure.message()).contains("two-faced.example", "169.254.169.254");
      assertThat(server.connections()).isZero();
    }
  }

  @Test
  void theHostIsLookedUpOnceSoItCannotChangeBetweenCheckAndConnection() throws IOException {
    AtomicInteger lookUps = new AtomicInteger();
    try (ScriptedServer server = new ScriptedServer(connection -> {});
        InstanceAccess access =
            Instances.access(
                LIMIT,
                LIMIT,
                _ -> addresses(lookUps.incrementAndGet() == 1 ? "127.0.0.1" : "169.254.169.254"))) {
      failure(access, Instances.instance(Engine.POSTGRESQL, "rebinding.example", server.port()));

      assertThat(lookUps).hasValue(1);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void theNextAddressIsTriedWhereTheFirstRefuses() throws IOException {
    try (ScriptedServer server = new ScriptedServer(connection -> {});
        InstanceAccess access =
            Instances.access(LIMIT, LIMIT, _ -> addresses("127.0.0.2", "127.0.0.1"))) {
      failure(access, Instances.instance(Engine.MYSQL, "two-addresses.example", server.port()));

      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aPasswordSealedForAnotherInstanceIsUnreadableAndNothingIsConnectedTo() throws IOException {
    try (ScriptedServer server = ScriptedServer.silent();
        InstanceAccess access = Instances.access(LIMIT, LIMIT)) {
      InstanceConnection mine = Instances.instance(Engine.MYSQL, "127.0.0.1", server.port());
      InstanceConnection copied =
          new InstanceConnection(
              8,
              mine.engine(),
              mine.host(),
              mine.port(),
              mine.username(),
              new SealedSecret(mine.password() == null ? "" : mine.password().ciphertext()),
              mine.tlsMode(),
              null);

      Failure failure = failure(access, copied);

      assertThat(failure.code()).isEqualTo(FailureCode.SECRET_UNREADABLE);
      assertThat(failure.message()).contains("instance/8");
      assertThat(server.connections()).isZero();
    }
  }

  @Test
  void aPasswordInAServersWordsIsScrubbed() throws IOException {
    // A PostgreSQL error that echoes the password, as a hostile or careless server may.
    byte[] message =
        "SFATAL\0VFATAL\0C28P01\0Mno entry for s3cret-pass\0\0".getBytes(StandardCharsets.UTF_8);
    try (ScriptedServer server =
            new ScriptedServer(connection -> {
              connection.getInputStream().read();
              OutputStream out = connection.getOutputStream();
              out.write('E');
              out.write(new byte[] {0, 0, 0, (byte) (message.length + 4)});
              out.write(message);
              out.flush();
              connection.getInputStream().readAllBytes();
            });
        InstanceAccess access = Instances.access(LIMIT, LIMIT)) {
      Failure failure =
          failure(access, Instances.instance(Engine.POSTGRESQL, "127.0.0.1", server.port()));

      assertThat(failure.code()).isEqualTo(FailureCode.AUTHENTICATION_FAILED);
      assertThat(failure.message()).endsWith("no entry for …");
    }
  }

  @Test
  void anUnreadableCaCertificateIsATlsFailure() throws IOException {
    try (ScriptedServer server = ScriptedServer.silent();
        InstanceAccess access = Instances.access(LIMIT, LIMIT)) {
      InstanceConnection instance =
          Instances.instance(
              Engine.MYSQL, "127.0.0.1", server.port(), "u", "p", TlsMode.VERIFY_CA, "no PEM");

      assertThat(failure(access, instance).code()).isEqualTo(FailureCode.TLS_FAILED);
      assertThat(server.connections()).isZero();
    }
  }

  private static InetAddress[] addresses(String... literals) {
    return Stream.of(literals).map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
  }
}
