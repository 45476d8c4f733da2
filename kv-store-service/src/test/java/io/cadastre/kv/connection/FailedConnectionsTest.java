package io.cadastre.kv.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailedConnectionsTest {

  private final Logger ofChannels = Logger.getLogger("io.grpc.ChannelLogger");
  private final List<String> logged = new ArrayList<>();
  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          logged.add(record.getMessage());
        }

        @Override
        public void flush() {
          // There is nothing in between.
        }

        @Override
        public void close() {
          // Nothing was opened.
        }
      };

  @BeforeEach
  void listen() {
    FailedConnections.tellBriefly();
    ofChannels.addHandler(listener);
  }

  @AfterEach
  void listenNoMore() {
    ofChannels.removeHandler(listener);
  }

  @Test
  void whoseNameIsNotKnownFillsNoLogWithStacks() {
    ofChannels.warning("[Channel<7>] Failed to resolve name.\n\tat java.base/java.net.InetAddress");
    ofChannels.warning("[Channel<7>] something else");

    assertThat(logged).containsExactly("[Channel<7>] something else");
  }
}
