package io.cadastre.benchmarks.kv;

import io.cadastre.benchmarks.measuring.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is compared: a server that takes etcd's options.
 *
 * @param command before the options
 */
record Product(String name, List<String> command) {

  private static final String ETCD = "etcd";
  private static final String OURS = "cadastre";
  private static final String MAIN = "io.cadastre.kv.KvStoreApplication";

  Product {
    command = List.copyOf(command);
  }

  /**
   * etcd, where there is one (ETCD_BIN, or on the path), and ours. Other builds of ours come beside
   * it with {@code -Dcadastre.kv.builds=name=jar-or-class-path,…}.
   */
  static List<Product> all() throws IOException {
    List<Product> all = new ArrayList<>();
    etcd()
        .ifPresentOrElse(
            all::add,
            () ->
                System.err.println("no etcd on the path and no ETCD_BIN: ours is measured alone"));
    String builds = System.getProperty("cadastre.kv.builds", "");
    if (builds.isEmpty()) {
      all.add(ours(OURS, ChildJvm.serviceJar("kv-store-service").toString()));
    } else {
      for (String build : builds.split(",", -1)) {
        String[] parts = build.split("=", 2);
        all.add(ours(parts[0], parts[1]));
      }
    }
    return all;
  }

  private static Optional<Product> etcd() {
    String named = System.getenv("ETCD_BIN");
    Stream<Path> candidates =
        named != null
            ? Stream.of(Path.of(named))
            : Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, ETCD));
    return candidates
        .filter(Files::isExecutable)
        .findFirst()
        .map(binary -> new Product(ETCD, List.of(binary.toString())));
  }

  private static Product ours(String name, String jarOrClassPath) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Xmx" + System.getProperty("cadastre.kv.heap", "1g")));
    // To look into one of them, for example with -XX:StartFlightRecording.
    System.getProperty("cadastre.jvm." + name, "").lines().forEach(command::add);
    command.addAll(
        jarOrClassPath.endsWith("-exec.jar")
            ? List.of("-jar", jarOrClassPath)
            : List.of("-cp", jarOrClassPath, MAIN));
    return new Product(name, command);
  }
}
