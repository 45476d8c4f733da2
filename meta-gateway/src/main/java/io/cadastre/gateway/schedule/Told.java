package io.cadastre.gateway.schedule;

import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** Tells the pages that show something, once the transaction is through. */
final class Told {

  private Told() {}

  static Mono<Void> about(DatabaseClient database, String entity, String id) {
    return database
        .sql(
            """
            SELECT pg_notify('cadastre_live', json_build_object('entity', :entity::text, 'id', :id::text)::text)
            """)
        .bind("entity", entity)
        .bind("id", id)
        .then();
  }
}
