package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.kv.compaction.Retention;
import io.cadastre.kv.tls.TlsFiles;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that cannot start says why, and leaves nothing behind. */
final class FailedStartTest {

  @TempDir private Path directory;

  @Test
  void whoseClientPortIsTakenSaysSoAndStartsWhenItIsFree() throws Exception {
    KvSettings settings;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      settings = settings(taken.getLocalPort());
      assertThatThrownBy(() -> KvServer.start(settings))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(Integer.toString(taken.getLocalPort()))
          .hasRootCauseInstanceOf(BindException.class);
    }
    try (KvServer server = KvServer.start(settings)) {
      assertThat(server.isEnded()).isFalse();
    }
  }

  @Test
  void whereTheDataCannotLieIsNamedWithTheOption() throws Exception {
    Path data = Files.writeString(directory.resolve("data"), "a file");
    assertThatThrownBy(() -> KvServer.start(settings(0)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("data-dir: " + data + " (allowed: ")
        .hasMessageContaining("FileAlreadyExists");
  }

  @Test
  void whoseCertificateIsMissingNamesItAndStartsWhenItIsThere() throws Exception {
    Path missing = directory.resolve("server.pem");
    TlsFiles tls = new TlsFiles(missing, missing, null, false);
    KvSettings settings = settings(0, new ClientSettings(tls, false, false, false));
    assertThatThrownBy(() -> KvServer.start(settings))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(missing.toString());
    try (KvServer server = KvServer.start(settings(0))) {
      assertThat(server.ready()).succeedsWithin(TestCluster.LONG);
    }
  }

  @Test
  void whoEndedStillSaysWhereItServed() throws Exception {
    KvServer server = KvServer.start(settings(0));
    int port = server.port();
    assertThat(port).isPositive();
    server.close();
    assertThat(server.isEnded()).isTrue();
    assertThat(server.port()).isEqualTo(port);
  }

  private KvSettings settings(int port) {
    return settings(port, ClientSettings.DEFAULT);
  }

  private KvSettings settings(int port, ClientSettings clients) {
    return new KvSettings(
        "m1",
        directory.resolve("data"),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        List.of(),
        false,
        KvSettings.DEFAULT_QUOTA_BYTES,
        new Retention.Everything(),
        clients,
        PeerSettings.alone());
  }
}
