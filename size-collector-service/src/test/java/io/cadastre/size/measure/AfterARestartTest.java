package io.cadastre.size.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.instanceaccess.AccessSettings;
import io.cadastre.instanceaccess.AddressPolicy;
import io.cadastre.instanceaccess.InstanceAccess;
import io.cadastre.localservers.LocalMariaDb;
import io.cadastre.localservers.ServerSettings;
import io.cadastre.testbed.ServerUnderTest;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MariaDB opens tables late, and knows the files of those only that it has opened. */
class AfterARestartTest {

  @Test
  void theFirstMeasurementAfterARestartMissesNothing(@TempDir Path folder) throws SQLException {
    // It opens every table after a crash, and the few it remembers from before after a stop in
    // order: here it stops in order and remembers none.
    var settings =
        ServerSettings.keptIn(folder.resolve("mariadb"))
            .withOption("innodb-buffer-pool-load-at-startup", "0");
    try (var mariaDb = LocalMariaDb.start(settings)) {
      var server = ServerUnderTest.of(mariaDb);
      server.createDatabases(List.of("shop"));
      server.execute(
          IntStream.range(0, 20)
              .mapToObj(table -> "CREATE TABLE shop.t" + table + " (id INT PRIMARY KEY)")
              .toArray(String[]::new));
      long before = sizeOfShop(server);
      assertThat(before).isGreaterThan(20 * 16_000);

      mariaDb.restart();

      assertThat(sizeOfShop(server)).isEqualTo(before);
    }
  }

  private static long sizeOfShop(ServerUnderTest server) {
    var events = new ArrayList<ScanEvent>();
    try (var access =
        new InstanceAccess(
            AccessSettings.standard(new AddressPolicy(List.of(), List.of(), true)),
            ServerUnderTest.OPENER)) {
      new InstanceMeasurement(access, InstantSource.system())
          .run(
              new CollectSizes(
                  server.instance(),
                  new Scan(UUID.randomUUID(), 1, UUID.randomUUID(), Instant.MAX),
                  new NamePatterns(List.of("shop"), List.of())),
              events::add);
    }
    assertThat(events).singleElement().isInstanceOf(SizesCollected.class);
    return ((SizesCollected) events.getFirst()).databases().getFirst().sizeBytes();
  }
}
