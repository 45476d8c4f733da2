package io.cadastre.kv.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tells a full disk from other failures. */
public final class FullDisk {

  private static final long NEXT_TO_NOTHING_BYTES = 1 << 20;

  private FullDisk() {}

  /**
   * Whether something failed for want of room. The message is the operating system's, in whatever
   * language; then the room tells.
   *
   * @param neededBytes that were to be written
   */
  public static boolean isCauseOf(Throwable failure, Path directory, long neededBytes) {
    for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
      String message = String.valueOf(each.getMessage());
      if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
        return true;
      }
    }
    return usableBytes(directory) < Math.min(NEXT_TO_NOTHING_BYTES, neededBytes);
  }

  /** How much can be written in a directory; very much where that is not known. */
  public static long usableBytes(Path directory) {
    try {
      return Files.getFileStore(directory.toAbsolutePath()).getUsableSpace();
    } catch (IOException _) {
      return Long.MAX_VALUE;
    }
  }
}
