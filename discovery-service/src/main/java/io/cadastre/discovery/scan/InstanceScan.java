package io.cadastre.discovery.scan;

import io.cadastre.contracts.events.DatabaseEntry;
import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.DiscoverDatabases;
import io.cadastre.contracts.events.DiscoveryFailed;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.instanceaccess.InstanceAccess;
import io.cadastre.instanceaccess.InstanceAccessException;
import io.cadastre.instanceaccess.InstanceSession;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Looks at an instance and says which databases it has, or why it cannot. */
public final class InstanceScan {

  private final InstanceAccess access;
  private final InstantSource clock;

  public InstanceScan(InstanceAccess access, InstantSource clock) {
    this.access = access;
    this.clock = clock;
  }

  /** The outcome, in as many parts as it takes: the whole listing or nothing of it. */
  public List<ScanEvent> run(DiscoverDatabases command) {
    Instant startedAt = clock.instant();
    try (InstanceSession session = access.open(command.instance())) {
      Listing listing =
          switch (session.engine()) {
            case MYSQL -> session.run(MysqlListing::of);
            case POSTGRESQL -> session.run(PostgresqlListing::of);
          };
      return parts(command, session, listing, startedAt, clock.instant());
    } catch (InstanceAccessException e) {
      return List.of(failed(command, e.failure(), startedAt));
    }
  }

  /** That there will be no outcome, for example because nobody waits for it any more. */
  public DiscoveryFailed failed(DiscoverDatabases command, Failure failure, Instant startedAt) {
    InstanceConnection instance = command.instance();
    return new DiscoveryFailed(
        instance.instanceId(),
        command.scan(),
        instance.engine(),
        failure,
        startedAt,
        clock.instant());
  }

  private static List<ScanEvent> parts(
      DiscoverDatabases command,
      InstanceSession session,
      Listing listing,
      Instant startedAt,
      Instant finishedAt) {
    List<List<DatabaseEntry>> parts = Parts.of(listing.databases());
    List<ScanEvent> events = new ArrayList<>(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      events.add(
          new DatabasesDiscovered(
              command.instance().instanceId(),
              command.scan(),
              new Part(i + 1, i == parts.size() - 1),
              session.engine(),
              session.server(),
              listing.visibility(),
              listing.visibilityReason(),
              listing.databases().size(),
              startedAt,
              finishedAt,
              parts.get(i)));
    }
    return events;
  }
}
