package io.cadastre.standalone;

import io.cadastre.standalone.api.GatewayClient;
import io.cadastre.standalone.api.RefusedException;
import io.cadastre.standalone.demo.Demo;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One run of {@code up} or {@code demo}, from the first line on the screen to the last. */
final class StandaloneRun implements AutoCloseable {
  private static final String DEMO_TOKEN = "demo_token";
  private static final int MARIADB_PORT = 13306;
  private static final int POSTGRES_PORT = 15433;

  private final CommandLine.Start wanted;
  private final DataDirectory data;
  private final Credentials credentials;
  private final Screen screen;
  private final Running running = new Running();
  private final Timings timings = new Timings();

  private StandaloneRun(
      CommandLine.Start wanted, DataDirectory data, Credentials credentials, Screen screen) {
    this.wanted = wanted;
    this.data = data;
    this.credentials = credentials;
    this.screen = screen;
    running.add(Running.Rank.DATA, "the data directory", data);
  }

  /** Takes the data directory; nothing runs yet. */
  static StandaloneRun prepare(CommandLine.Start wanted, Screen screen) throws IOException {
    Path directory = wanted.demo() ? demoData(wanted) : wanted.data();
    var data = DataDirectory.open(directory);
    Logs.to(data.log(), wanted.verbose());
    return new StandaloneRun(
        wanted, data, Credentials.open(data.root(), new SecureRandom()), screen);
  }

  static Path demoData(CommandLine.Start wanted) {
    return wanted.data() == null ? defaultDemoData() : wanted.data();
  }

  static Path defaultDemoData() {
    return Path.of(System.getProperty("cadastre.home", "."), "data", "demo");
  }

  /** The log, if it outlives this run. */
  @Nullable Path keptLog() {
    return data.temporary() ? null : data.log();
  }

  /** Starts everything and says where it is. */
  Stack.Addresses start() throws Exception {
    screen.say(
        "Cadastre is starting: "
            + (data.temporary()
                ? "its data is gone at the end, "
                : "its data is in " + data.root() + ", ")
            + "its log in "
            + data.log());
    var demo = wanted.demo() ? demo() : CompletableFuture.<Demo>completedFuture(null);
    var addresses = new Stack(data, wanted, credentials, timings, screen, running).start();
    timings.time("first answer", () -> firstAnswer(addresses.consoleUrl()));
    new RunningFile(ProcessHandle.current().pid(), addresses.consoleUrl(), addresses.postgres())
        .write(data.root());
    long upAfter = timings.now();
    if (wanted.demo()) {
      show(demo.join(), addresses.consoleUrl());
    }
    welcome(addresses, upAfter);
    return addresses;
  }

  private CompletableFuture<Demo> demo() throws IOException {
    String password = credentials.get("demo_account");
    var started = new CompletableFuture<Demo>();
    // A thread of its own: what starts here waits long and would hold up the common pool.
    Thread.ofPlatform()
        .name("demo")
        .daemon()
        .start(() -> {
          try {
            started.complete(
                running.add(
                    Running.Rank.DEMO,
                    "the demo servers",
                    timings.time("demo servers", () -> startDemo(password))));
          } catch (Exception e) {
            started.completeExceptionally(e);
          }
        });
    return started;
  }

  private Demo startDemo(String password) throws Exception {
    return Demo.start(
        data.resolve("servers"),
        new Demo.Ports(MARIADB_PORT, POSTGRES_PORT),
        password,
        screen::portTaken);
  }

  private static boolean firstAnswer(String url) throws InterruptedException {
    if (!GatewayClient.answers(url)) {
      throw new IllegalStateException("the gateway started, but does not answer at " + url);
    }
    return true;
  }

  private void show(Demo demo, String url) throws Exception {
    try {
      demo.show(demoClient(url), screen.out());
    } catch (RefusedException e) {
      screen.say("  The demo could not register its servers: " + e.getMessage());
    }
    demo.grow();
  }

  /** At the first start with the administrator's password, later with a token it then made. */
  private GatewayClient demoClient(String url) throws IOException, InterruptedException {
    String token = credentials.find(DEMO_TOKEN);
    if (token == null) {
      Optional<String> first = credentials.firstAdminPassword();
      if (first.isEmpty()) {
        throw new IOException(
            "this data was not made by the demo (expected: a directory of its own for it)");
      }
      var admin = GatewayClient.signIn(url, "admin", first.get());
      Demo.measureOften(admin);
      token = admin.createToken("demo", "operator");
      credentials.keep(DEMO_TOKEN, token);
    }
    return GatewayClient.withToken(url, token);
  }

  private void welcome(Stack.Addresses addresses, long upAfterMillis) throws IOException {
    screen.say("Cadastre is up (it took %.1f seconds).".formatted(upAfterMillis / 1000.0));
    screen.say("");
    screen.say("  Console   " + addresses.consoleUrl() + "/");
    Optional<String> password = credentials.firstAdminPassword();
    if (password.isPresent()) {
      screen.say("            sign in as admin with the password " + password.get());
      credentials.forgetFirstAdminPassword();
    } else {
      screen.say(
          "            sign in as admin; the password was printed at the first start,"
              + " ./cadastre reset-password"
              + (wanted.data() == null ? "" : " --data " + wanted.data())
              + " makes a new one");
    }
    screen.say("  Events    127.0.0.1:%d (Kafka)".formatted(addresses.kafka()));
    screen.say("  Keys      127.0.0.1:%d (etcd's API)".formatted(addresses.kv()));
    var operations = addresses.operations();
    sayMetrics("  Metrics   ", operations.gateway(), "gateway");
    sayMetrics("            ", operations.discovery(), "discovery");
    sayMetrics("            ", operations.sizes(), "size collection");
    screen.say("");
    if (wanted.verbose()) {
      timings.print(screen.out());
      screen.say("");
    }
    screen.say("Everything listens on 127.0.0.1 only. Not for production. Ctrl-C stops it.");
  }

  private void sayMetrics(String lead, int port, String service) {
    screen.say(lead + "http://127.0.0.1:%d/actuator/prometheus (%s)".formatted(port, service));
  }

  @Override
  public void close() {
    running.close();
  }
}
