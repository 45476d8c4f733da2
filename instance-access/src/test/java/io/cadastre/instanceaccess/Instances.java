package io.cadastre.instanceaccess;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.SealedSecret;
import io.cadastre.contracts.events.TlsMode;
import io.cadastre.localservers.LocalMariaDb;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.secrets.KeysetGenerator;
import io.cadastre.secrets.SecretOpener;
import io.cadastre.secrets.SecretSealer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Instances to connect to, with the keys their passwords are sealed for. */
final class Instances {

  private static final KeysetGenerator.Keysets KEYSETS = KeysetGenerator.generate();
  private static final SecretSealer SEALER = SecretSealer.of(KEYSETS.publicKeyset());
  static final SecretOpener OPENER = SecretOpener.of(KEYSETS.privateKeyset());
  static final AddressPolicy LOOPBACK_ALLOWED = new AddressPolicy(List.of(), List.of(), true);

  private Instances() {}

  static InstanceAccess access() {
    return access(Duration.ofSeconds(10), Duration.ofSeconds(10));
  }

  static InstanceAccess access(Duration login, Duration read) {
    return access(login, read, InetAddress::getAllByName);
  }

  static InstanceAccess access(Duration login, Duration read, HostResolver resolver) {
    Duration connect = login.compareTo(Duration.ofSeconds(2)) < 0 ? login : Duration.ofSeconds(2);
    return new InstanceAccess(
        new AccessSettings(LOOPBACK_ALLOWED, connect, login, read, Duration.ofMinutes(2)),
        OPENER,
        resolver);
  }

  /** The local server, as its all-mighty user. */
  static InstanceConnection local(LocalMariaDb server) {
    return instance(
        Engine.MYSQL,
        server.host(),
        server.port(),
        server.username(),
        server.password(),
        TlsMode.DISABLED,
        null);
  }

  /** The local server, as its all-mighty user. */
  static InstanceConnection local(LocalPostgres server) {
    return instance(
        Engine.POSTGRESQL,
        server.host(),
        server.port(),
        server.superuser(),
        server.password(),
        TlsMode.DISABLED,
        null);
  }

  static InstanceConnection local(Engine engine) {
    return switch (engine) {
      case MYSQL -> local(LocalMariaDb.shared());
      case POSTGRESQL -> local(LocalPostgres.shared());
    };
  }

  /** The same account at another place, by another mode. */
  static InstanceConnection at(
      InstanceConnection instance,
      String host,
      int port,
      TlsMode tlsMode,
      @Nullable String caCertificate) {
    return new InstanceConnection(
        instance.instanceId(),
        instance.engine(),
        host,
        port,
        instance.username(),
        instance.password(),
        tlsMode,
        caCertificate);
  }

  static InstanceConnection instance(Engine engine, String host, int port) {
    return instance(engine, host, port, "somebody", "s3cret-pass", TlsMode.DISABLED, null);
  }

  static Failure failure(InstanceAccess access, InstanceConnection instance) {
    return catchThrowableOfType(InstanceAccessException.class, () -> access.open(instance).close())
        .failure();
  }

  static InstanceConnection instance(
      Engine engine,
      String host,
      int port,
      String username,
      @Nullable String password,
      TlsMode tlsMode,
      @Nullable String caCertificate) {
    SealedSecret sealed =
        password == null ? null : SEALER.seal(password, InstanceConnection.secretContext(7));
    return new InstanceConnection(7, engine, host, port, username, sealed, tlsMode, caCertificate);
  }
}
