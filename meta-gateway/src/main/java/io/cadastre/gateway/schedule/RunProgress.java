package io.cadastre.gateway.schedule;

import io.cadastre.gateway.database.AfterCommit;
import io.cadastre.gateway.operation.Operation;
import io.cadastre.gateway.operation.OperationListener;
import java.time.InstantSource;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes into runs how their operations end, and lets the next instances start. */
@Component
final class RunProgress implements OperationListener {

  private final RunItems items;
  private final DatabaseClient database;
  private final Wake wake;
  private final InstantSource clock;

  RunProgress(RunItems items, DatabaseClient database, Wake wake, InstantSource clock) {
    this.items = items;
    this.database = database;
    this.wake = wake;
    this.clock = clock;
  }

  @Override
  public Mono<Void> finished(Operation operation) {
    return items
        .finished(operation, clock.instant())
        .flatMapMany(Flux::fromIterable)
        .concatMap(
            run -> Told.about(database, "run", run.toString()).then(AfterCommit.run(wake::up)))
        .then();
  }
}
