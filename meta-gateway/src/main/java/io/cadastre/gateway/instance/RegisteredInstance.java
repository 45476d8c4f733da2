package io.cadastre.gateway.instance;

import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.SealedSecret;
import org.jspecify.annotations.Nullable;

/**
 * What other features need to know of an instance.
 *
 * @param connection as a command carries it, the password sealed
 * @param patterns which of its databases are wanted
 */
public record RegisteredInstance(
    String name,
    InstanceConnection connection,
    NamePatterns patterns,
    @Nullable Long capacityBytes,
    boolean deleted) {

  public long id() {
    return connection.instanceId();
  }

  static RegisteredInstance of(InstanceView view, @Nullable SealedSecret password) {
    return new RegisteredInstance(
        view.name(),
        new InstanceConnection(
            view.id(),
            view.engine(),
            view.host(),
            view.port(),
            view.username(),
            password,
            view.tls().mode(),
            view.tls().caCertificate()),
        view.databases(),
        view.capacityBytes(),
        view.deletedAt() != null);
  }
}
