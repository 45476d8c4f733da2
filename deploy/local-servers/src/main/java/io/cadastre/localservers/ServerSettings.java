package io.cadastre.localservers;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a server starts. Without a directory its data lives in a temporary one, is not synced to disk
 * and is gone with the server; with one it is kept, and synced, across restarts.
 *
 * @param directory where everything the server writes is kept; null for a temporary one
 * @param port the port wanted; 0, or a taken one, means a free one
 * @param options the server's own settings by the server's own names, over the defaults chosen here
 */
public record ServerSettings(@Nullable Path directory, int port, Map<String, String> options) {

  /** Refuses a port that cannot be, and copies the options. */
  public ServerSettings {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " (allowed: 0 to 65535)");
    }
    directory = directory == null ? null : directory.toAbsolutePath().normalize();
    options = Map.copyOf(options);
  }

  /** A free port and data that ends with the server. */
  public static ServerSettings temporary() {
    return new ServerSettings(null, 0, Map.of());
  }

  /** A free port and data that stays in this directory. */
  public static ServerSettings keptIn(Path directory) {
    return new ServerSettings(directory, 0, Map.of());
  }

  /** The same on this port, if it is free. */
  public ServerSettings withPort(int wanted) {
    return new ServerSettings(directory, wanted, options);
  }

  /** The same with one of the server's own settings. */
  public ServerSettings withOption(String name, String value) {
    var all = new LinkedHashMap<>(options);
    all.put(name, value);
    return new ServerSettings(directory, port, all);
  }

  boolean kept() {
    return directory != null;
  }
}
