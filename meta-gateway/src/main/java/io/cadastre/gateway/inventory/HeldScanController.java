package io.cadastre.gateway.inventory;

import io.cadastre.contracts.events.MessageJson;
import io.cadastre.contracts.events.MetadataChanged;
import io.cadastre.gateway.access.Caller;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.audit.AuditEntry;
import io.cadastre.gateway.audit.AuditLog;
import io.cadastre.gateway.inventory.HeldScans.HeldScan;
import io.cadastre.gateway.inventory.HeldScans.Place;
import io.cadastre.gateway.operation.InstanceScans;
import io.cadastre.gateway.operation.Operation;
import io.cadastre.gateway.operation.OperationFailure;
import io.cadastre.gateway.operation.Operations;
import io.cadastre.gateway.operation.ScanReport;
import io.cadastre.gateway.page.Cursor;
import io.cadastre.gateway.page.Limit;
import io.cadastre.gateway.page.Page;
import io.cadastre.gateway.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

@RestController
@RequestMapping("/api/v1/held-scans")
class HeldScanController {

  private static final String LIST = "held-scans";

  private final HeldScans held;
  private final StagedScan staged;
  private final Operations operations;
  private final InstanceScans instances;
  private final InventoryNews news;
  private final AuditLog audit;
  private final TransactionalOperator transactions;

  HeldScanController(
      HeldScans held,
      StagedScan staged,
      Operations operations,
      InstanceScans instances,
      InventoryNews news,
      AuditLog audit,
      TransactionalOperator transactions) {
    this.held = held;
    this.staged = staged;
    this.operations = operations;
    this.instances = instances;
    this.news = news;
    this.audit = audit;
    this.transactions = transactions;
  }

  @GetMapping
  @RequiresRole(Role.VIEWER)
  Mono<Page<HeldScan>> list(
      @RequestParam(name = "instance_id", required = false) @Nullable Long instanceId,
      @RequestParam(name = "limit", required = false) @Nullable Integer limit,
      @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
    int size = Limit.of(limit);
    return held.undecided(instanceId, place(cursor), size + 1)
        .collectList()
        .map(found -> Page.of(found, size, HeldScanController::cursor));
  }

  private static Cursor cursor(HeldScan last) {
    return Cursor.of(LIST, last.heldAt().toString(), last.scanId().toString());
  }

  private static @Nullable Place place(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    var values = Cursor.decode(cursor, LIST, 2).orElseThrow().values();
    try {
      return new Place(
          Instant.parse(String.valueOf(values.getFirst())),
          UUID.fromString(String.valueOf(values.getLast())));
    } catch (DateTimeException | IllegalArgumentException _) {
      throw Cursor.refuse(cursor);
    }
  }

  @PostMapping("/{scanId}/apply")
  @RequiresRole(Role.OPERATOR)
  Mono<Operation> apply(@PathVariable UUID scanId, @AuthenticationPrincipal Caller caller) {
    return decide(scanId, "applied", caller, this::applied);
  }

  @PostMapping("/{scanId}/reject")
  @RequiresRole(Role.OPERATOR)
  Mono<Operation> reject(@PathVariable UUID scanId, @AuthenticationPrincipal Caller caller) {
    OperationFailure rejected =
        new OperationFailure("rejected", caller.actor() + " rejected the held scan.", false);
    return decide(
        scanId,
        "rejected",
        caller,
        scan -> staged.discard(scanId).thenReturn(ScanReport.failed(0, 0, null, rejected)));
  }

  private Mono<ScanReport> applied(HeldScan scan) {
    return staged
        .apply(scan.instanceId(), scan.scanId(), scan.seenAt(), true, null)
        .flatMap(result ->
            news.tell(
                    scan.instanceId(),
                    scan.scanNumber(),
                    scan.operationId(),
                    MetadataChanged.Change.UPDATED,
                    result)
                .thenReturn(ScanReport.succeeded((int) result.databasesFound(), result)));
  }

  private Mono<Operation> decide(
      UUID scanId, String decision, Caller caller, Function<HeldScan, Mono<ScanReport>> effect) {
    Mono<Operation> decided =
        held.find(scanId)
            .flatMap(scan -> instances.lock(scan.instanceId()).then(held.find(scanId)))
            .switchIfEmpty(Mono.error(() -> ProblemException.notFound("held scan", scanId)))
            .flatMap(scan ->
                effect
                    .apply(scan)
                    .flatMap(report -> operations.report(scan.operationId(), scan.scanId(), report))
                    .flatMap(operation ->
                        held.decide(scan, decision, caller.actor())
                            .then(audit.record(entry(scan, decision, caller, operation)))
                            .thenReturn(operation)));
    return transactions.transactional(decided);
  }

  private static AuditEntry entry(
      HeldScan scan, String decision, Caller caller, Operation operation) {
    return new AuditEntry(
        caller.actor(),
        decision,
        "held_scan",
        scan.scanId().toString(),
        MessageJson.read(MessageJson.write(scan), ObjectNode.class),
        operation.result(),
        scan.operationId());
  }
}
