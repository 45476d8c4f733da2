package io.cadastre.size.measure;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.DatabaseFailure;
import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.MessageJson;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.SizesCollected;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends what is measured as soon as it fills a part, so that a worker holds one part and no more. A
 * part fits a Kafka record of the usual limit of 1 MiB with ease.
 */
final class Report {

  static final int MAX_BYTES = 512 * 1024;
  static final int MAX_ROWS = 2_000;

  /** What the message holds beside the databases, and then some. */
  private static final int ENVELOPE_BYTES = 8 * 1024;

  private final CollectSizes command;
  private final ServerInfo server;
  private final Basis basis;
  private final int total;
  private final Instant collectedAt;
  private final InstantSource clock;
  private final Consumer<? super ScanEvent> out;

  private final List<DatabaseSize> sizes = new ArrayList<>();
  private final List<DatabaseFailure> failures = new ArrayList<>();
  private int bytes = ENVELOPE_BYTES;
  private int number = 1;

  /**
   * Begins.
   *
   * @param total how many databases are going to be measured
   */
  Report(
      CollectSizes command,
      ServerInfo server,
      Basis basis,
      int total,
      Instant collectedAt,
      InstantSource clock,
      Consumer<? super ScanEvent> out) {
    this.command = command;
    this.server = server;
    this.basis = basis;
    this.total = total;
    this.collectedAt = collectedAt;
    this.clock = clock;
    this.out = out;
  }

  void measured(DatabaseSize size) {
    makeRoomFor(MessageJson.write(size).length + 1);
    sizes.add(size);
  }

  void failed(String database, Failure failure) {
    DatabaseFailure row = new DatabaseFailure(database, failure);
    makeRoomFor(MessageJson.write(row).length + 1);
    failures.add(row);
  }

  private void makeRoomFor(int rowBytes) {
    if (bytes + rowBytes > MAX_BYTES || sizes.size() + failures.size() == MAX_ROWS) {
      send(false);
    }
    bytes += rowBytes;
  }

  /** Sends the last part, be it empty. */
  void finish() {
    send(true);
  }

  private void send(boolean last) {
    out.accept(
        new SizesCollected(
            command.instance().instanceId(),
            command.scan(),
            new Part(number, last),
            command.instance().engine(),
            server,
            basis.method(),
            basis.isEstimate(),
            basis.shortfall(),
            total,
            collectedAt,
            clock.instant(),
            sizes,
            failures));
    number++;
    sizes.clear();
    failures.clear();
    bytes = ENVELOPE_BYTES;
  }
}
