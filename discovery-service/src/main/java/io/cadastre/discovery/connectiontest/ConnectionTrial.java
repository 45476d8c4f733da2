package io.cadastre.discovery.connectiontest;

import io.cadastre.contracts.events.ConnectionTested;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.TestConnection;
import io.cadastre.instanceaccess.InstanceAccess;
import io.cadastre.instanceaccess.InstanceAccessException;
import io.cadastre.instanceaccess.InstanceSession;
import java.time.InstantSource;
import java.util.List;

/** Connects, looks who is there and what the account may do, and leaves. */
public final class ConnectionTrial {

  private final InstanceAccess access;
  private final InstantSource clock;

  public ConnectionTrial(InstanceAccess access, InstantSource clock) {
    this.access = access;
    this.clock = clock;
  }

  /** What came of it. */
  public ConnectionTested run(TestConnection command) {
    try (InstanceSession session = access.open(command.instance())) {
      List<String> advice =
          switch (session.engine()) {
            case MYSQL -> session.run(Advice::forMysql);
            case POSTGRESQL -> session.run(Advice::forPostgresql);
          };
      InstanceConnection instance = command.instance();
      return new ConnectionTested(
          instance.instanceId(),
          command.scan(),
          instance.engine(),
          clock.instant(),
          session.server(),
          session.openedIn().toMillis(),
          advice,
          null);
    } catch (InstanceAccessException e) {
      return failed(command, e.failure());
    }
  }

  /** That it was not made. */
  public ConnectionTested failed(TestConnection command, Failure failure) {
    InstanceConnection instance = command.instance();
    return new ConnectionTested(
        instance.instanceId(),
        command.scan(),
        instance.engine(),
        clock.instant(),
        null,
        null,
        List.of(),
        failure);
  }
}
