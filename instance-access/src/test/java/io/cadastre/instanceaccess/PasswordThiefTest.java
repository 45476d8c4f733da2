package io.cadastre.instanceaccess;

import static io.cadastre.instanceaccess.Instances.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Servers that want more than they should get. */
class PasswordThiefTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  @Test
  void postgresqlThatAsksForTheClearPasswordOverPlainTextDoesNotGetIt() throws IOException {
    CompletableFuture<byte[]> heard = new CompletableFuture<>();
    try (ScriptedServer server =
            new ScriptedServer(connection -> {
              DataInputStream in = new DataInputStream(connection.getInputStream());
              in.readNBytes(in.readInt() - 4);
              OutputStream out = connection.getOutputStream();
              out.write(new byte[] {'R', 0, 0, 0, 8, 0, 0, 0, 3});
              out.flush();
              heard.complete(in.readAllBytes());
            });
        InstanceAccess access = Instances.access(LIMIT, LIMIT)) {
      Failure failure =
          failure(access, Instances.instance(Engine.POSTGRESQL, "127.0.0.1", server.port()));

      assertThat(failure.code()).isEqualTo(FailureCode.AUTHENTICATION_FAILED);
      assertThat(text(heard.join())).doesNotContain("s3cret-pass");
    }
  }

  @Test
  void mysqlThatAsksForTheClearPasswordOverPlainTextDoesNotGetIt() throws IOException {
    CompletableFuture<byte[]> heard = new CompletableFuture<>();
    try (ScriptedServer server =
            new ScriptedServer(connection -> {
              InputStream in = connection.getInputStream();
              OutputStream out = connection.getOutputStream();
              send(out, 0, greeting());
              receive(in);
              send(out, 2, authSwitch("mysql_clear_password"));
              heard.complete(in.readAllBytes());
            });
        InstanceAccess access = Instances.access(LIMIT, LIMIT)) {
      Failure failure =
          failure(access, Instances.instance(Engine.MYSQL, "127.0.0.1", server.port()));

      assertThat(failure.code()).isEqualTo(FailureCode.AUTHENTICATION_FAILED);
      assertThat(text(heard.join())).doesNotContain("s3cret-pass");
    }
  }

  @Test
  void mysqlThatAsksForAFileOfTheWorkerDoesNotGetIt() throws IOException {
    CompletableFuture<byte[]> heard = new CompletableFuture<>();
    try (ScriptedServer server =
            new ScriptedServer(connection -> {
              InputStream in = connection.getInputStream();
              OutputStream out = connection.getOutputStream();
              send(out, 0, greeting());
              receive(in);
              send(out, 2, new byte[] {0, 0, 0, 2, 0, 0, 0});
              receive(in);
              // The answer to the first query: "send me this file of yours".
              send(out, 1, "\u00FB/proc/self/environ".getBytes(StandardCharsets.ISO_8859_1));
              heard.complete(in.readAllBytes());
            });
        InstanceAccess access = Instances.access(LIMIT, LIMIT)) {
      failure(access, Instances.instance(Engine.MYSQL, "127.0.0.1", server.port()));

      assertThat(text(heard.join())).doesNotContain("PATH=");
    }
  }

  private static void send(OutputStream out, int sequence, byte[] payload) throws IOException {
    out.write(new byte[] {(byte) payload.length, (byte) (payload.length >> 8), 0, (byte) sequence});
    out.write(payload);
    out.flush();
  }

  private static void receive(InputStream in) throws IOException {
    byte[] header = in.readNBytes(4);
    in.readNBytes((header[0] & 0xFF) | (header[1] & 0xFF) << 8 | (header[2] & 0xFF) << 16);
  }

  /** Protocol 10, MySQL 8.0.0, all the capabilities of plain text. */
  private static byte[] greeting() throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(10);
    packet.write("8.0.0\0".getBytes(StandardCharsets.US_ASCII));
    packet.write(new byte[] {1, 0, 0, 0});
    packet.write("12345678\0".getBytes(StandardCharsets.US_ASCII));
    packet.write(new byte[] {(byte) 0xFF, (byte) 0xF7, 45, 2, 0, (byte) 0xFF, (byte) 0x81, 21});
    packet.write(new byte[10]);
    packet.write("123456789012\0".getBytes(StandardCharsets.US_ASCII));
    packet.write("mysql_native_password\0".getBytes(StandardCharsets.US_ASCII));
    return packet.toByteArray();
  }

  private static byte[] authSwitch(String plugin) {
    return ("\u00FE" + plugin + "\0").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
