package io.cadastre.gateway.schedule;

import io.cadastre.gateway.operation.Operation;
import io.cadastre.gateway.operation.Operations;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.ReactiveTransactionManager;

/** Schedules: what is done to every instance, when, and what came of it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ScheduleProperties.class)
class ScheduleConfiguration {

  @Bean
  ScheduleEngine scheduleEngine(
      Schedules schedules,
      Runs runs,
      RunItems items,
      Operations operations,
      DatabaseClient database,
      ReactiveTransactionManager transactions,
      ScheduleMetrics metrics,
      InstantSource clock,
      Supplier<UUID> ids) {
    WorkStarter starter =
        (instance, kind, requestedBy, run) ->
            operations.request(instance, kind, requestedBy, run).map(Operation::id);
    return new ScheduleEngine(
        schedules, runs, items, starter, database, transactions, metrics, clock, ids);
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "cadastre.schedule.enabled", matchIfMissing = true)
  ScheduleLoop scheduleLoop(
      ScheduleEngine engine,
      Runs runs,
      Wake wake,
      ScheduleProperties properties,
      InstantSource clock) {
    return new ScheduleLoop(engine, runs, wake, properties, clock);
  }
}
