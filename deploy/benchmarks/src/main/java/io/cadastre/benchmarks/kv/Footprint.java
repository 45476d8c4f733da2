package io.cadastre.benchmarks.kv;

import io.cadastre.benchmarks.measuring.Table;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What a member takes that holds many keys, and what it takes to do nothing. */
public final class Footprint {

  private static final int KEYS = Integer.getInteger("cadastre.kv.keys", 1_000_000);
  private static final int KEY_BYTES = 64;
  private static final int VALUE_BYTES = 64;
  private static final int MEMBERS = Integer.getInteger("cadastre.kv.members", 1);
  private static final int SETTLE_SECONDS = 20;
  private static final int IDLE_SECONDS = 20;

  private Footprint() {}

  /** Prints the table. */
  public static void run() throws Exception {
    Table table =
        new Table(
            "server",
            "resident MiB, empty",
            "with the keys",
            "filled in s",
            "idle % of a core a member",
            "others' cores");
    for (Product product : Product.all()) {
      try (KvServers servers = KvServers.start(product, MEMBERS)) {
        double empty = Cpu.residentMebibytes(servers.pids());
        long from = System.nanoTime();
        try (Load load = new Load(servers.ports().get(servers.leader()), 256, VALUE_BYTES)) {
          load.fill(0, KEYS, KEY_BYTES);
        }
        double filledIn = (System.nanoTime() - from) / 1e9;
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        double full = Cpu.residentMebibytes(servers.pids());
        Cpu before = Cpu.now(servers.pids());
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        Cpu idle = Cpu.now(servers.pids()).since(before);
        Table _ =
            table.row(
                product.name(),
                whole(empty),
                whole(full),
                whole(filledIn),
                Measured.millis(100 * idle.servers() / idle.seconds() / MEMBERS),
                Measured.millis(idle.others()));
      }
    }
    table.print(
        "%d keys of %d bytes with values of %d, %d member%s together"
            .formatted(KEYS, KEY_BYTES, VALUE_BYTES, MEMBERS, MEMBERS == 1 ? "" : "s"));
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }
}
