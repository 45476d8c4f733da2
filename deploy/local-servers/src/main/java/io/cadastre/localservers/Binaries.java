package io.cadastre.localservers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a server's binaries from a jar of the class path, once per version and user, into a cache
 * directory: {@code CADASTRE_CACHE}, else {@code cadastre} in the user's cache directory.
 */
final class Binaries {
  private final Path cache;

  Binaries(Path cache) {
    this.cache = cache;
  }

  static Binaries ofThisUser() {
    String chosen = System.getenv("CADASTRE_CACHE");
    if (chosen != null) {
      return new Binaries(Path.of(chosen).toAbsolutePath());
    }
    if (Unprivileged.changesUser()) {
      // The home directory of root is closed to the user that the server runs as.
      return new Binaries(Path.of("/var/tmp/cadastre-cache-root"));
    }
    String caches = System.getenv("XDG_CACHE_HOME");
    Path base =
        caches != null ? Path.of(caches) : Path.of(System.getProperty("user.home"), ".cache");
    return new Binaries(base.toAbsolutePath().resolve("cadastre"));
  }

  /** Where the tar archive of this name is unpacked; {@code opener} undoes its compression. */
  Path archive(String server, String resource, Opener opener) throws IOException {
    URL url = find(server, resource);
    return once(
        jarName(url),
        target -> {
          try (var tar =
              new TarArchiveInputStream(
                  opener.open(new BufferedInputStream(url.openStream(), 1 << 16)))) {
            unpack(tar, target);
          }
        });
  }

  /** Where the wanted files under this folder of a jar are unpacked. */
  Path folder(String server, String folder, Predicate<String> wanted) throws IOException {
    URL url = find(server, folder);
    return once(
        jarName(url),
        target -> {
          try (var jar =
              new JarFile(((JarURLConnection) url.openConnection()).getJarFile().getName())) {
            for (var entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
              if (entry.getName().startsWith(folder)
                  && wanted.test(entry.getName().substring(folder.length()))) {
                try (var in = jar.getInputStream(entry)) {
                  write(target.resolve(entry.getName().substring(folder.length())), in, true);
                }
              }
            }
          }
        });
  }

  private static URL find(String server, String resource) {
    @Nullable URL url = Binaries.class.getClassLoader().getResource(resource);
    if (url == null) {
      throw new IllegalStateException(
          "%s: no binaries for %s %s on the class path (%s)"
              .formatted(
                  server, System.getProperty("os.name"), System.getProperty("os.arch"), resource));
    }
    return url;
  }

  private static String jarName(URL url) throws IOException {
    var jar = Path.of(((JarURLConnection) url.openConnection()).getJarFile().getName());
    return jar.getFileName().toString().replaceFirst("\\.jar$", "");
  }

  private Path once(String key, Unpacking unpacking) throws IOException {
    Path target = cache.resolve(key);
    if (Files.isDirectory(target)) {
      return target;
    }
    Files.createDirectories(cache);
    try (var channel =
            FileChannel.open(
                cache.resolve(key + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      if (!Files.isDirectory(target)) {
        Path draft = cache.resolve(key + ".new");
        ServerHome.delete(draft);
        unpacking.into(draft);
        Files.move(draft, target);
      }
    }
    return target;
  }

  private static void unpack(TarArchiveInputStream tar, Path target) throws IOException {
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path file = target.resolve(entry.getName()).normalize();
      if (!file.startsWith(target)) {
        throw new IOException("archive entry outside of its folder: " + entry.getName());
      }
      if (entry.isDirectory()) {
        Files.createDirectories(file);
      } else if (entry.isSymbolicLink()) {
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
      } else {
        write(file, tar, (entry.getMode() & 0100) != 0);
      }
    }
  }

  private static void write(Path file, InputStream in, boolean executable) throws IOException {
    Files.createDirectories(file.getParent());
    Files.copy(in, file);
    if (executable) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** Undoes a compression. */
  interface Opener {
    InputStream open(InputStream compressed) throws IOException;
  }

  private interface Unpacking {
    void into(Path target) throws IOException;
  }
}
