package io.cadastre.gateway.instance;

import io.cadastre.gateway.problem.ProblemException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Looks instances up for other features; in their transaction where they have one. */
@Component
public final class RegisteredInstances {

  private final InstanceRows rows;

  RegisteredInstances(InstanceRows rows) {
    this.rows = rows;
  }

  /** Also one that is deleted; 404 where there never was one. */
  public Mono<RegisteredInstance> find(long id) {
    return rows.registered(id)
        .switchIfEmpty(Mono.error(() -> ProblemException.notFound("instance", id)));
  }

  /** One to work on: 404 where there never was one, 409 where it is deleted. */
  public Mono<RegisteredInstance> live(long id) {
    return find(id)
        .filter(instance -> !instance.deleted())
        .switchIfEmpty(
            Mono.error(() ->
                ProblemException.conflict("instance " + id + " is deleted; restore it first")));
  }
}
