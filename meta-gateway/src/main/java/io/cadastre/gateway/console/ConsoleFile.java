package io.cadastre.gateway.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.springframework.http.MediaType;

/** A file as it goes over the wire, compressed once and for all. */
final class ConsoleFile {

  private static final Map<String, MediaType> TYPES =
      Map.of(
          "html", new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8),
          "js", new MediaType(new MediaType("text", "javascript"), StandardCharsets.UTF_8),
          "css", new MediaType(new MediaType("text", "css"), StandardCharsets.UTF_8),
          "json", MediaType.APPLICATION_JSON,
          "svg", new MediaType("image", "svg+xml"));

  /** Licence texts have no ending. */
  private static final MediaType OTHER =
      new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

  private final MediaType type;
  private final byte[] plain;
  private final byte[] gzipped;

  private ConsoleFile(MediaType type, byte[] plain) {
    this.type = type;
    this.plain = plain;
    gzipped = gzip(plain);
  }

  static ConsoleFile of(String path, byte[] content) {
    String ending = path.substring(path.lastIndexOf('.') + 1);
    return new ConsoleFile(TYPES.getOrDefault(ending, OTHER), content);
  }

  MediaType type() {
    return type;
  }

  byte[] plain() {
    return plain;
  }

  byte[] gzipped() {
    return gzipped;
  }

  private static byte[] gzip(byte[] content) {
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }
}
