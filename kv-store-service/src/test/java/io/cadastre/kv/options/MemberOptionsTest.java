package io.cadastre.kv.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.kv.connection.ConnectionLimits;
import io.cadastre.kv.serve.ClientLimits;
import io.cadastre.kv.serve.ClientSettings;
import io.cadastre.kv.serve.KvSettings;
import io.cadastre.kv.tls.TestAuthority;
import io.cadastre.kv.tls.TlsFiles;
import io.cadastre.kv.tls.TlsRules;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options as people give them to etcd. */
final class MemberOptionsTest {

  @TempDir private Path directory;

  @Test
  void withoutAnyItIsAMemberAloneWhereEtcdWouldBe() {
    KvSettings settings = read().settings();
    assertThat(settings.name()).isEqualTo("default");
    assertThat(settings.dataDirectory()).isEqualTo(Path.of("default.kv"));
    assertThat(settings.listen()).containsExactly(new InetSocketAddress("localhost", 2379));
    assertThat(settings.peers().listen()).containsExactly(new InetSocketAddress("localhost", 2380));
    assertThat(settings.quotaBytes()).isEqualTo(2L << 30);
    assertThat(settings.clients().limits()).isEqualTo(ClientLimits.DEFAULT);
    assertThat(settings.clients().connections()).isEqualTo(ConnectionLimits.ofProcess());
    assertThat(settings.peers().strict()).isTrue();
    assertThat(read().warnings()).isEmpty();
  }

  @Test
  void anOptionCountsBeforeTheEnvironment() {
    Map<String, String> environment =
        Map.of("ETCD_NAME", "outside", "ETCD_SNAPSHOT_COUNT", "7", "ETCD_DATA_DIR", "");
    KvSettings settings = MemberOptions.read(List.of("--name", "inside"), environment).settings();
    assertThat(settings.name()).isEqualTo("inside");
    assertThat(settings.dataDirectory()).isEqualTo(Path.of("inside.kv"));
    assertThat(settings.peers().snapshotEntries()).isEqualTo(7);
  }

  @Test
  void whatTheEnvironmentHoldsBesideIsToldOf() {
    assertThat(MemberOptions.read(List.of(), Map.of("ETCD_NAM", "x", "HOME", "/")).warnings())
        .containsExactly("ETCD_NAM: no option is called so in the environment");
  }

  @Test
  void aMemberHasSeveralUrlsOnEitherSide() {
    KvSettings settings =
        read(
                "--listen-client-urls=http://127.0.0.1:1,http://[::1]:2",
                "--advertise-client-urls=http://a:1,http://b:2",
                "-listen-peer-urls",
                "http://127.0.0.1:3, http://127.0.0.2:3",
                "--initial-advertise-peer-urls=http://c:3,http://d:3",
                "--initial-cluster=default=http://c:3,default=http://d:3")
            .settings();
    assertThat(settings.listen()).extracting(InetSocketAddress::getPort).containsExactly(1, 2);
    assertThat(settings.advertised()).containsExactly("http://a:1", "http://b:2");
    assertThat(settings.peers().listen()).hasSize(2);
    assertThat(settings.peers().advertised()).containsExactly("http://c:3", "http://d:3");
    assertThat(settings.peers().bootstrap().initialCluster())
        .containsEntry("default", List.of("http://c:3", "http://d:3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --listen-client-url=http://x:1  | option: --listen-client-url (allowed: what --help tells; nearest is --listen-client-urls)
          --snapshotcount=1               | nearest is --snapshot-count
          serve                           | option: serve (allowed: --name=value)
          --name                          | option: --name (allowed: with a value)
          --snapshot-count=0              | snapshot-count: 0 (allowed: a number from 1 on)
          --max-request-bytes=9999999     | max-request-bytes: 9999999 (allowed: 1 to 6291456)
          --listen-client-urls=localhost  | listen-client-urls: localhost (allowed: http://host:port
          --listen-client-urls=https://a:1| listen-client-urls: https://a:1 (allowed: http://host:port
          --listen-peer-urls=http://a:1/b | listen-peer-urls: http://a:1/b (allowed: http://host:port
          --grpc-keepalive-interval=5     | grpc-keepalive-interval: 5 (allowed: 30s, 5m, 1h30m; 0 = never)
          --watch-progress-notify-interval=1ms | watch-progress-notify-interval: 1ms (allowed: 30s
          --engine=bolt                   | engine: bolt (allowed: rocksdb, memory)
          --log-level=loud                | log-level: loud (allowed: debug, info
          --strict-reconfig-check=perhaps | strict-reconfig-check: perhaps (allowed: true, false)
          --auth-token=jwt,pub-key=x      | auth-token: jwt,pub-key=x (allowed: simple)
          --auto-tls                      | auto-tls: true (allowed: not to give it; it makes no certificates
          --wal-dir=/fast                 | wal-dir: /fast (allowed: not to give it; the log is in raft/log
          --discovery=http://d            | there is no discovery: give --initial-cluster
          --force-new-cluster             | start anew with --restore-from
          --client-crl-file=/none         | client-crl-file: /none (allowed: a file to read)
          --cert-file=/none               | cert-file: /none (allowed: a file to read)
          --client-cert-auth              | cert-file, key-file: one is missing
          --config-file=/none             | config-file: /none (allowed: YAML)
          """)
  void whatCannotBeHadIsRefusedByName(String argument, String told) {
    assertThatThrownBy(
            () -> {
              MemberOptions options = read(argument);
              Object _ = options.settings();
              Object _ = options.logLevel();
            })
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(told);
  }

  @Test
  void whatAsksForNothingIsTaken() {
    List<String> warnings =
        read(
                "--auto-tls=false",
                "--proxy=off",
                "--wal-dir=",
                "--max-learners=1",
                "--enable-v2=false")
            .warnings();
    assertThat(warnings).containsExactly("enable-v2: false has no effect: the second API is gone");
  }

  @Test
  void whatWasExperimentalOnceIsKnownWithAndWithoutThat() {
    KvSettings settings =
        read(
                "--experimental-watch-progress-notify-interval=1m30s",
                "--experimental-corrupt-check-time=2m",
                "--experimental-compact-hash-check-enabled")
            .settings();
    assertThat(settings.clients().limits().progressEvery()).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.peers().corruptCheckInterval()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void limitsAreThoseThatWereGiven() {
    ClientSettings clients =
        read(
                "--max-request-bytes=10",
                "--max-txn-ops=2",
                "--max-concurrent-streams=3",
                "--grpc-keepalive-min-time=4s",
                "--grpc-keepalive-interval=0",
                "--grpc-keepalive-timeout=1.5s",
                "--auth-token-ttl=6")
            .settings()
            .clients();
    assertThat(clients.limits())
        .isEqualTo(
            new ClientLimits(
                10, 2, Duration.ofSeconds(4), Duration.ofMinutes(10), Duration.ofSeconds(6)));
    assertThat(clients.connections().callsOfOne()).isEqualTo(3);
    assertThat(clients.connections().pingEvery()).isEqualTo(Duration.ZERO);
    assertThat(clients.connections().pingTimeout()).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void certificatesComeWithTheirRules() {
    TestAuthority authority = new TestAuthority(directory);
    TlsFiles files = authority.issue("m");
    String[] given = {
      "--peer-cert-file=" + files.certificates(),
      "--peer-key-file=" + files.key(),
      "--peer-trusted-ca-file=" + authority.authorities(),
      "--peer-cert-allowed-cn=a,b",
      "--listen-peer-urls=https://localhost:1",
      "--tls-min-version=TLS1.3"
    };
    TlsRules rules = Objects.requireNonNull(read(given).settings().peers().tls()).rules();
    assertThat(rules.commonNames()).containsExactly("a", "b");
    assertThat(rules.protocols()).containsExactly("TLSv1.3");
    given[5] = "--cipher-suites=TLS_NONE";
    assertThatThrownBy(() -> read(given).settings())
        .hasMessageStartingWith("cipher-suites: TLS_NONE (allowed: ");
  }

  @Test
  void aFileHoldsThemUnderTheSameNames() throws Exception {
    Path file = directory.resolve("etcd.yml");
    TestAuthority authority = new TestAuthority(directory);
    TlsFiles files = authority.issue("m");
    Files.writeString(
        file,
        """
        name: filed
        listen-client-urls: https://127.0.0.1:5
        snapshot-count: 9
        log-outputs: [stderr]
        client-transport-security:
          cert-file: %s
          key-file: %s
        """
            .formatted(files.certificates(), files.key()));
    MemberOptions options =
        MemberOptions.read(
            List.of("--name=other", "--config-file=" + file), Map.of("ETCD_SNAPSHOT_COUNT", "1"));
    assertThat(options.settings().name()).isEqualTo("filed");
    assertThat(options.settings().peers().snapshotEntries()).isEqualTo(9);
    assertThat(options.settings().clients().scheme()).isEqualTo("https");
    assertThat(options.logsToError()).isTrue();
    assertThat(options.warnings()).singleElement().asString().contains("do not count");
    Files.writeString(file, "nam: x\n");
    assertThatThrownBy(() -> read("--config-file=" + file))
        .hasMessageContaining("nearest is --name");
    Files.writeString(file, "name: [unclosed\n");
    assertThatThrownBy(() -> read("--config-file=" + file)).hasMessageContaining("allowed: YAML");
  }

  @Test
  void allOfThemAreInTheReadme() throws Exception {
    String readme = Files.readString(Path.of(System.getProperty("basedir", "."), "README.md"));
    for (Flag flag : Flags.KNOWN.all()) {
      assertThat(readme).contains("| `--" + flag.name() + "` |");
      assertThat(MemberOptions.help()).contains("--" + flag.name() + " ");
    }
  }

  private static MemberOptions read(String... arguments) {
    return MemberOptions.read(List.of(arguments), Map.of());
  }
}
