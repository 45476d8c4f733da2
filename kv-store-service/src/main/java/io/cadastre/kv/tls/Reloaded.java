package io.cadastre.kv.tls;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** What was read from files, and is read again when one of them has changed. */
final class Reloaded<T> {

  private static final Logger LOG = System.getLogger(Reloaded.class.getName());

  /** How it is read. */
  interface Reading<T> {
    T read() throws IOException, GeneralSecurityException;
  }

  private final List<Path> files;
  private final Reading<T> reading;
  private final ReentrantLock reloading = new ReentrantLock();
  private String seen;
  private volatile T content;

  Reloaded(Reading<T> reading, Path... files) throws IOException, GeneralSecurityException {
    this.files = List.of(files);
    this.reading = reading;
    this.seen = stamp();
    this.content = reading.read();
  }

  /** As it was last read. */
  T current() {
    return content;
  }

  /**
   * As it is now. What cannot be read leaves everything as it was: certificates are changed in
   * steps.
   */
  T fresh() {
    if (reloading.tryLock()) {
      try {
        String stamp = stamp();
        if (!stamp.equals(seen)) {
          content = reading.read();
          seen = stamp;
          LOG.log(Level.INFO, "read again: {0}", files);
        }
      } catch (IOException | GeneralSecurityException e) {
        LOG.log(Level.WARNING, "kept what was read before of {0}: {1}", files, e.getMessage());
      } finally {
        reloading.unlock();
      }
    }
    return content;
  }

  private String stamp() throws IOException {
    StringBuilder stamp = new StringBuilder();
    for (Path file : files) {
      stamp
          .append(Files.getLastModifiedTime(file))
          .append(' ')
          .append(Files.size(file))
          .append(' ');
    }
    return stamp.toString();
  }
}
