package io.cadastre.benchmarks.kv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Seconds of processor time used until a moment, as Linux counts them.
 *
 * @param servers by the processes that are measured
 * @param generator by this one
 * @param machine by everybody
 */
record Cpu(long nanoTime, double servers, double generator, double machine) {

  private static final double TICKS_PER_SECOND = 100;

  static Cpu now(List<Long> servers) throws IOException {
    double used = 0;
    for (long pid : servers) {
      used += ofProcess(pid);
    }
    return new Cpu(System.nanoTime(), used, ofProcess(ProcessHandle.current().pid()), ofMachine());
  }

  private static double ofProcess(long pid) throws IOException {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The name, in parentheses, may hold spaces.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    } catch (NoSuchFileException _) {
      return 0;
    }
  }

  private static double ofMachine() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
      String[] fields = lines.findFirst().orElseThrow().split(" +", -1);
      long busy = 0;
      for (int i = 1; i < fields.length && i <= 8; i++) {
        // Idle, and waiting for a disk.
        busy += i == 4 || i == 5 ? 0 : Long.parseLong(fields[i]);
      }
      return busy / TICKS_PER_SECOND;
    }
  }

  Cpu since(Cpu before) {
    return new Cpu(
        nanoTime - before.nanoTime,
        servers - before.servers,
        generator - before.generator,
        machine - before.machine);
  }

  double seconds() {
    return nanoTime / 1e9;
  }

  /** Processors that others kept busy. */
  double others() {
    return Math.max(0, machine - servers - generator) / seconds();
  }

  static double residentMebibytes(List<Long> pids) throws IOException {
    double sum = 0;
    for (long pid : pids) {
      try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
        String resident = lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow();
        sum += Long.parseLong(resident.replaceAll("\\D", "")) / 1024.0;
      }
    }
    return sum;
  }
}
