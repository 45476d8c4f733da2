package io.cadastre.gateway.operation;

import io.cadastre.gateway.access.Caller;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.page.Cursor;
import io.cadastre.gateway.page.Limit;
import io.cadastre.gateway.page.Page;
import io.cadastre.gateway.problem.ProblemException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

@RestController
@RequestMapping("/api/v1")
class OperationController {

  private static final String LIST = "operations";

  private final Operations operations;
  private final OperationRows rows;
  private final OperationWait wait;

  OperationController(Operations operations, OperationRows rows, OperationWait wait) {
    this.operations = operations;
    this.rows = rows;
    this.wait = wait;
  }

  @PostMapping("/instances/{id}/sync-databases")
  @RequiresRole(Role.OPERATOR)
  Mono<ResponseEntity<Operation>> syncDatabases(
      @PathVariable long id,
      @RequestHeader(name = "Prefer", required = false) @Nullable String prefer,
      @AuthenticationPrincipal Caller caller) {
    return request(id, OperationKind.SYNC_DATABASES, prefer, caller);
  }

  @PostMapping("/instances/{id}/sync-database-sizes")
  @RequiresRole(Role.OPERATOR)
  Mono<ResponseEntity<Operation>> syncDatabaseSizes(
      @PathVariable long id,
      @RequestHeader(name = "Prefer", required = false) @Nullable String prefer,
      @AuthenticationPrincipal Caller caller) {
    return request(id, OperationKind.SYNC_DATABASE_SIZES, prefer, caller);
  }

  @PostMapping("/instances/{id}/sync-all")
  @RequiresRole(Role.OPERATOR)
  Mono<ResponseEntity<Operation>> syncAll(
      @PathVariable long id,
      @RequestHeader(name = "Prefer", required = false) @Nullable String prefer,
      @AuthenticationPrincipal Caller caller) {
    return request(id, OperationKind.SYNC_ALL, prefer, caller);
  }

  @PostMapping("/instances/{id}/test-connection")
  @RequiresRole(Role.OPERATOR)
  Mono<ResponseEntity<Operation>> testConnection(
      @PathVariable long id,
      @RequestHeader(name = "Prefer", required = false) @Nullable String prefer,
      @AuthenticationPrincipal Caller caller) {
    return request(id, OperationKind.TEST_CONNECTION, prefer, caller);
  }

  private Mono<ResponseEntity<Operation>> request(
      long instanceId, OperationKind kind, @Nullable String prefer, Caller caller) {
    PreferredWait preferred = PreferredWait.of(prefer);
    return operations
        .request(instanceId, kind, caller.actor(), null)
        .flatMap(operation -> wait.forEnd(operation, preferred.atMost()))
        .map(operation -> {
          URI location = URI.create("/api/v1/operations/" + operation.id());
          return operation.status().finished()
              ? ResponseEntity.ok().location(location).body(operation)
              : ResponseEntity.accepted().location(location).body(operation);
        });
  }

  @GetMapping("/operations/{id}")
  @RequiresRole(Role.VIEWER)
  Mono<Operation> get(@PathVariable UUID id) {
    return operations
        .find(id)
        .switchIfEmpty(Mono.error(() -> ProblemException.notFound("operation", id)));
  }

  @GetMapping("/operations")
  @RequiresRole(Role.VIEWER)
  Mono<Page<Operation>> list(
      @RequestParam(name = "instance_id", required = false) @Nullable Long instanceId,
      @RequestParam(name = "kind", required = false) @Nullable String kind,
      @RequestParam(name = "status", required = false) @Nullable String status,
      @RequestParam(name = "limit", required = false) @Nullable Integer limit,
      @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
    int size = Limit.of(limit);
    Optional<Cursor> from = Cursor.decode(cursor, LIST, 2);
    OperationKind ofKind = kind == null ? null : kind(kind);
    OperationStatus ofStatus = status == null ? null : status(status);
    return rows.list(
            instanceId,
            ofKind,
            ofStatus,
            from.map(at -> time(at, cursor)).orElse(null),
            from.map(at -> id(at, cursor)).orElse(null),
            size + 1)
        .collectList()
        .map(found -> page(found, size));
  }

  private static Page<Operation> page(List<Operation> found, int size) {
    return Page.of(
        found, size, last -> Cursor.of(LIST, last.createdAt().toString(), last.id().toString()));
  }

  private static Instant time(Cursor cursor, @Nullable String given) {
    try {
      return Instant.parse(String.valueOf(cursor.values().get(0)));
    } catch (DateTimeException _) {
      throw Cursor.refuse(String.valueOf(given));
    }
  }

  private static UUID id(Cursor cursor, @Nullable String given) {
    try {
      return UUID.fromString(String.valueOf(cursor.values().get(1)));
    } catch (IllegalArgumentException _) {
      throw Cursor.refuse(String.valueOf(given));
    }
  }

  private static OperationKind kind(String code) {
    return OperationKind.ofCode(code)
        .orElseThrow(() ->
            ProblemException.invalid(
                "kind",
                code,
                Arrays.stream(OperationKind.values())
                    .map(OperationKind::code)
                    .collect(Collectors.joining(", "))));
  }

  private static OperationStatus status(String code) {
    return OperationStatus.ofCode(code)
        .orElseThrow(() ->
            ProblemException.invalid(
                "status",
                code,
                Arrays.stream(OperationStatus.values())
                    .map(OperationStatus::code)
                    .collect(Collectors.joining(", "))));
  }
}
