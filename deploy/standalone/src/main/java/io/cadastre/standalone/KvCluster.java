package io.cadastre.standalone;

import io.cadastre.kv.KvStoreApplication;
import io.cadastre.localservers.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three members of the key-value store that agree, each a process, so that one can be killed to see
 * that the others go on.
 */
final class KvCluster implements AutoCloseable {

  private static final String READY = "ready to serve client requests";
  private static final long START_SECONDS = 120;
  private static final long STOP_SECONDS = 20;

  private final DataDirectory data;
  private final Screen screen;
  private final List<Member> members;
  private final List<Process> processes = new ArrayList<>();
  private boolean closed;

  private record Member(String name, int clientPort, int peerPort) {

    String clientUrl() {
      return "http://127.0.0.1:" + clientPort;
    }

    String peerUrl() {
      return "http://127.0.0.1:" + peerPort;
    }
  }

  private KvCluster(DataDirectory data, Screen screen, List<Member> members) {
    this.data = data;
    this.screen = screen;
    this.members = List.copyOf(members);
  }

  /** Takes the data directory and the ports; nothing runs yet. */
  static KvCluster prepare(CommandLine.Kv wanted, Screen screen) throws IOException {
    DataDirectory data = DataDirectory.open(wanted.data());
    Logs.to(data.log(), false);
    List<Member> members = new ArrayList<>();
    for (int number = 1; number <= 3; number++) {
      String name = "m" + number;
      // As the members of etcd's own example have them: 2379, 22379, 32379; peers one above.
      int wantedPort = number == 1 ? 2379 : number * 10_000 + 2379;
      members.add(new Member(name, port(name, wantedPort), port(name, wantedPort + 1)));
    }
    members.forEach(member -> {
      int number = member.name.charAt(1) - '0';
      screen.portTaken(member.name, number == 1 ? 2379 : number * 10_000 + 2379, member.clientPort);
    });
    return new KvCluster(data, screen, members);
  }

  private static int port(String name, int wanted) {
    return FreePort.choose(name, wanted);
  }

  /** Returns when all of them serve. */
  void start() throws IOException, InterruptedException, TimeoutException {
    screen.say("Three members are starting; their data is in " + data.root());
    List<CompletableFuture<Void>> ready = new ArrayList<>();
    for (Member member : members) {
      CompletableFuture<Void> serves = new CompletableFuture<>();
      ready.add(serves);
      start(member, serves);
    }
    try {
      CompletableFuture.allOf(ready.toArray(CompletableFuture[]::new))
          .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause() == null ? e : e.getCause());
    }
    say();
  }

  private synchronized void start(Member member, CompletableFuture<Void> ready) throws IOException {
    if (closed) {
      return;
    }
    String cluster =
        members.stream()
            .map(each -> each.name + "=" + each.peerUrl())
            .collect(Collectors.joining(","));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                KvStoreApplication.class.getName(),
                "--name=" + member.name,
                "--data-dir=" + data.resolve(member.name),
                "--enable-grpc-reflection",
                "--listen-client-urls=" + member.clientUrl(),
                "--advertise-client-urls=" + member.clientUrl(),
                "--listen-peer-urls=" + member.peerUrl(),
                "--initial-advertise-peer-urls=" + member.peerUrl(),
                "--initial-cluster=" + cluster,
                "--initial-cluster-state=new")
            .redirectErrorStream(true)
            .start();
    processes.add(process);
    Thread.ofVirtual().start(() -> follow(member, process, ready));
  }

  private void follow(Member member, Process process, CompletableFuture<Void> ready) {
    Path log = data.resolve(member.name + ".log");
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Files.writeString(
            log,
            line + System.lineSeparator(),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
        if (line.contains(READY)) {
          ready.complete(null);
        }
      }
      ready.completeExceptionally(new IOException(member.name + " ended: see " + log));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
    synchronized (this) {
      if (!closed) {
        screen.say("  " + member.name + " has ended.");
      }
    }
  }

  private synchronized void say() {
    screen.say("Three members serve etcd's clients:");
    screen.say("");
    IntStream.range(0, members.size())
        .mapToObj(i ->
            "  %s  %s  (process %d)"
                .formatted(members.get(i).name, members.get(i).clientUrl(), processes.get(i).pid()))
        .forEach(screen::say);
    String endpoints =
        members.stream()
            .map(member -> "127.0.0.1:" + member.clientPort)
            .collect(Collectors.joining(","));
    screen.say("");
    screen.say("  ETCDCTL_API=3 etcdctl --endpoints=" + endpoints + " put greeting hello");
    screen.say("");
    screen.say("Not for production. Ctrl-C stops all three.");
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      screen.say("Cadastre is stopping.");
      processes.forEach(Process::destroy);
    }
    try {
      for (Process process : processes) {
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      }
      data.close();
      screen.say("Cadastre has stopped.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      screen.say("The data directory could not be given up: " + e);
    }
  }
}
