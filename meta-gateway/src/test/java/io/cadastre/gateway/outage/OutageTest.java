package io.cadastre.gateway.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.gateway.database.MetadataDatabase;
import io.cadastre.gateway.fixture.AnotherGateway;
import io.cadastre.gateway.fixture.Answers;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.Register;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.localservers.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A running gateway whose broker and database are its own, to be killed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutageTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Longer than every timeout of the clients as this test sets them. */
  private static final Duration OUTAGE = Duration.ofSeconds(12);

  private Path data;
  private LocalKafka kafka;
  private LocalPostgres postgresql;
  private Register register;
  private AnotherGateway gateway;
  private FakeWorker worker;
  private Caller caller;

  @BeforeAll
  void start(@TempDir Path folder) {
    data = folder;
    kafka = LocalKafka.start(ServerSettings.keptIn(folder.resolve("kafka")));
    postgresql = LocalPostgres.start(ServerSettings.keptIn(folder.resolve("postgresql")));
    register = Register.on(postgresql, kafka.bootstrapServers());
    gateway =
        AnotherGateway.start(
            register,
            "cadastre.deadline.answer-within=5s",
            "cadastre.kafka.properties.request.timeout.ms=3000",
            "cadastre.kafka.properties.default.api.timeout.ms=6000",
            "cadastre.kafka.properties.session.timeout.ms=6000",
            "cadastre.kafka.properties.heartbeat.interval.ms=1000");
    worker = new FakeWorker(kafka.bootstrapServers());
    caller = new Caller(gateway.api());
  }

  @AfterAll
  void stop() {
    gateway.close();
    worker.close();
    postgresql.close();
    kafka.close();
  }

  @Test
  void withKafkaDownRequestsAreTakenAndDoneLaterOnceEach() {
    List<Long> instances = instances(10);
    List<String> operations = new ArrayList<>(Caller.together(instances, this::syncAll));
    kafka.kill();
    operations.addAll(Caller.together(instances(10), this::syncAll));
    await().atMost(PATIENCE).untilAsserted(() -> caller.assertNamedAsDown("kafka"));
    await()
        .during(OUTAGE)
        .atMost(PATIENCE)
        .until(() -> operations.add(syncAll(instances(1).getFirst())));

    kafka.restart();
    assertAllDoneOnce(operations);
    await().atMost(PATIENCE).ignoreExceptions().untilAsserted(caller::assertReady);
  }

  @Test
  void withPostgresqlRestartedRequestsSayWhenToComeAgainAndThenEverythingGoesOn() {
    Queue<Caller.Answer> answers = new ConcurrentLinkedQueue<>();
    AtomicBoolean loaded = new AtomicBoolean(true);
    Set<Duration> waits = ConcurrentHashMap.newKeySet();
    List<Thread> load =
        IntStream.range(0, 8)
            .mapToObj(_ ->
                Thread.startVirtualThread(() -> {
                  List<Long> own = instances(20);
                  for (int i = 0; loaded.get(); i++) {
                    long before = System.nanoTime();
                    answers.add(caller.sync("sync-all", own.get(i % own.size())));
                    waits.add(Duration.ofNanos(System.nanoTime() - before));
                  }
                }))
            .toList();
    await().atMost(PATIENCE).until(() -> count(answers, 202) > 50);
    postgresql.kill();
    await().atMost(PATIENCE).untilAsserted(() -> caller.assertNamedAsDown("postgresql"));
    await().atMost(PATIENCE).until(() -> count(answers, 503) > 20);
    postgresql.restart();
    long before = count(answers, 202);
    await().atMost(PATIENCE).until(() -> count(answers, 202) > before + 50);
    loaded.set(false);
    await().atMost(PATIENCE).until(() -> load.stream().noneMatch(Thread::isAlive));

    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.status()).as("%s", answer).isIn(202, 503))
        .filteredOn(answer -> answer.status() == 503)
        .allSatisfy(answer -> {
          assertThat(answer.retryAfter()).isEqualTo("5");
          assertThat(answer.body().get("detail").asString())
              .contains(
                  answer.problem().equals("timed-out") ? "not answered within 5 s" : "postgresql");
        });
    assertThat(waits).allSatisfy(wait -> assertThat(wait).isLessThan(Duration.ofSeconds(20)));
    assertAllDoneOnce(
        answers.stream()
            .filter(answer -> answer.status() == 202)
            .map(Caller.Answer::operation)
            .distinct()
            .toList());
    await().atMost(PATIENCE).ignoreExceptions().untilAsserted(caller::assertReady);
  }

  @Test
  void aPostgresqlThatStandsStillCostsARequestItsTimeAndNoMore() throws IOException {
    syncToTheEnd(instances(1).getFirst());
    List<Long> instances = instances(30);
    List<ProcessHandle> processes = processesOfPostgresql();
    try {
      signal("STOP", processes);
      assertThat(Caller.together(instances, this::timed))
          .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(503));
      await().atMost(PATIENCE).untilAsserted(() -> caller.assertNamedAsDown("postgresql"));
    } finally {
      signal("CONT", processes);
    }
    await().atMost(PATIENCE).ignoreExceptions().untilAsserted(caller::assertReady);
    assertAllDoneOnce(Caller.together(instances, this::syncAll));
  }

  @Test
  void whatTakesTooLongIsAnsweredWithWhatIsKnownAndTheKeyTellsWhatCameOfIt() throws SQLException {
    long instance = instances(1).getFirst();
    syncToTheEnd(instance);
    try (Connection lock = register.connect(MetadataDatabase.OWNER);
        Statement statement = lock.createStatement()) {
      lock.setAutoCommit(false);
      statement.execute(
          "SELECT FROM instance_scan WHERE instance_id = " + instance + " FOR UPDATE");
      Caller.Answer withKey = caller.syncOnce("slow", "sync-all", instance);
      assertThat(withKey.status()).isEqualTo(503);
      assertThat(withKey.problem()).isEqualTo("timed-out");
      assertThat(withKey.retryAfter()).isEqualTo("5");
      assertThat(withKey.body().get("detail").asString())
          .isEqualTo(
              "not answered within 5 s; send it again with the same Idempotency-Key to learn what"
                  + " came of it");
      assertThat(caller.sync("sync-all", instance).body().get("detail").asString())
          .isEqualTo(
              "not answered within 5 s; whether it was done is not known, look before you send it"
                  + " again");
      assertThat(caller.syncOnce("slow", "sync-all", instance).problem())
          .isEqualTo("request-under-way");
    }
    Caller.Answer later =
        await()
            .atMost(PATIENCE)
            .until(
                () -> caller.syncOnce("slow", "sync-all", instance),
                answer -> answer.status() == 202);
    assertThat(caller.syncOnce("slow", "sync-all", instance)).isEqualTo(later);
    assertAllDoneOnce(List.of(later.operation()));
  }

  /** It waits for a standby that never comes, and its connection ends before it is through. */
  @Test
  void aCommitThatNobodyHeardOfIsNotRepeated() throws SQLException {
    long instance = instances(1).getFirst();
    syncToTheEnd(instance);
    long before = operations(instance);
    try (Connection superuser = register.connect(postgresql.superuser());
        Statement statement = superuser.createStatement()) {
      waitForNobody(statement);
      CompletableFuture<Caller.Answer> unheard =
          CompletableFuture.supplyAsync(
              () -> caller.syncOnce("unheard", "sync-databases", instance),
              Thread::startVirtualThread);
      await()
          .atMost(PATIENCE)
          .pollInSameThread()
          .until(() -> {
            try (ResultSet ended =
                statement.executeQuery(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE wait_event = 'SyncRep'
                    """)) {
              return ended.next();
            }
          });
      assertThat(unheard.join().status()).isEqualTo(503);
    } finally {
      waitForNobodyNoLonger();
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(caller.syncOnce("unheard", "sync-databases", instance).problem())
                .isEqualTo("answer-not-kept"));
    assertThat(operations(instance)).isEqualTo(before + 1);
  }

  private static void waitForNobody(Statement statement) throws SQLException {
    // Of this very session, whatever it hears of the new settings when.
    statement.execute("SET synchronous_commit = 'local'");
    statement.execute("ALTER SYSTEM SET synchronous_commit = 'local'");
    statement.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    statement.execute("SELECT pg_reload_conf()");
    statement.execute(
        """
        CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM set_config('synchronous_commit', 'on', true); RETURN new; END $$;
        CREATE TRIGGER wait BEFORE UPDATE ON idempotency_key FOR EACH ROW
          WHEN (new.key = 'unheard' AND old.committed_at IS NULL) EXECUTE FUNCTION wait()
        """);
  }

  private void waitForNobodyNoLonger() throws SQLException {
    try (Connection superuser = register.connect(postgresql.superuser());
        Statement statement = superuser.createStatement()) {
      statement.execute("ALTER SYSTEM RESET synchronous_standby_names");
      statement.execute("ALTER SYSTEM RESET synchronous_commit");
      statement.execute("SELECT pg_reload_conf()");
      statement.execute("DROP FUNCTION IF EXISTS wait CASCADE");
    }
  }

  private long operations(long instance) {
    return register.number("SELECT count(*) FROM operation WHERE instance_id = " + instance);
  }

  private void syncToTheEnd(long instance) {
    String operation = syncAll(instance);
    await().atMost(PATIENCE).until(() -> caller.statusOf(operation).equals("succeeded"));
  }

  private Caller.Answer timed(long instance) {
    long before = System.nanoTime();
    Caller.Answer answer = caller.sync("sync-all", instance);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
    return answer;
  }

  private List<ProcessHandle> processesOfPostgresql() throws IOException {
    try (Stream<Path> files = Files.find(data, 4, (file, _) -> file.endsWith("postmaster.pid"))) {
      String pid = Files.readAllLines(files.findFirst().orElseThrow()).getFirst();
      ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
      return Stream.concat(Stream.of(server), server.descendants()).toList();
    }
  }

  private static void signal(String name, List<ProcessHandle> processes) throws IOException {
    List<String> command = new ArrayList<>(List.of("kill", "-" + name));
    processes.stream()
        .filter(ProcessHandle::isAlive)
        .forEach(each -> command.add(Long.toString(each.pid())));
    assertThat(new ProcessBuilder(command).start().onExit().join().pid()).isPositive();
  }

  private static long count(Queue<Caller.Answer> answers, int status) {
    return answers.stream().filter(answer -> answer.status() == status).count();
  }

  /** Registered where they cannot be lost, with two databases each. */
  private List<Long> instances(int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> register.instance())
        .peek(instance -> worker.script(instance, command -> Answers.of(command, "shop", "crm")))
        .toList();
  }

  private String syncAll(long instance) {
    return caller.sync("sync-all", instance).operation();
  }

  /** Two databases listed by each, and two samples kept. */
  private void assertAllDoneOnce(List<String> operations) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(operations).map(caller::statusOf).containsOnly("succeeded"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(register.number("SELECT count(*) FROM operation WHERE finished_at IS NULL"))
                .isZero());
    assertThat(operations).doesNotHaveDuplicates();
    assertThat(register.number("SELECT count(*) FROM outbox")).isZero();
    assertThat(
            register.number(
                """
                SELECT count(*) FROM (
                  SELECT s.id FROM scan s LEFT JOIN database_size_stats d ON d.scan_id = s.id
                  WHERE s.kind = 'sizes' GROUP BY s.id HAVING count(d.scan_id) <> 2) wrong
                """))
        .isZero();
    // More where a command was sent twice and answered by two attempts: one of them counts.
    assertThat(register.number("SELECT count(*) FROM inbox"))
        .isGreaterThanOrEqualTo(2 * register.number("SELECT count(*) FROM scan"));
  }
}
