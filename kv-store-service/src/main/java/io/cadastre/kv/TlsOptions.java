package io.cadastre.kv;

import io.cadastre.kv.tls.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** etcd's options for certificates: those for clients, and with a prefix those for members. */
final class TlsOptions {

  private TlsOptions() {}

  /**
   * Reads them.
   *
   * @param prefix of their names
   * @param showing the option by which the other side has to show a certificate
   * @return null = in the clear
   */
  static @Nullable TlsFiles read(Map<String, String> options, String prefix, String showing) {
    Path certificates = file(options, prefix + "cert-file");
    Path key = file(options, prefix + "key-file");
    Path authorities = file(options, prefix + "trusted-ca-file");
    boolean shown = isOn(options, showing);
    if (certificates != null && key != null) {
      if (shown && authorities == null) {
        throw new IllegalArgumentException(
            showing + ": on (allowed: with " + prefix + "trusted-ca-file)");
      }
      return new TlsFiles(certificates, key, authorities, shown);
    }
    if (certificates != null || key != null || authorities != null || shown) {
      throw new IllegalArgumentException(
          "%1$scert-file, %1$skey-file: one is missing (allowed: both, or none of the options for TLS)"
              .formatted(prefix));
    }
    return null;
  }

  private static @Nullable Path file(Map<String, String> options, String option) {
    String name = options.get(option);
    if (name == null || name.isEmpty()) {
      return null;
    }
    Path file = Path.of(name);
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(option + ": " + name + " (allowed: a file to read)");
    }
    return file;
  }

  static boolean isOn(Map<String, String> options, String option) {
    String value = options.getOrDefault(option, "false");
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(option + ": " + value + " (allowed: true, false)");
    };
  }
}
