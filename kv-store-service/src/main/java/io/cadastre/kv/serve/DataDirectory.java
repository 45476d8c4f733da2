package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.Member;
import io.cadastre.kv.cluster.ClusterIds;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A member's files: one process at a time, in a layout that this version knows. */
final class DataDirectory implements AutoCloseable {

  private static final String LAYOUT = "cadastre-kv 4";
  private static final int FIXED_LINES = 4;
  private static final String BEGAN = "began with";
  private static final String JOINED = "joined";

  private final Path root;
  private final FileChannel lockFile;
  private @Nullable Identity identity;

  /**
   * Who the member is whose files these are.
   *
   * @param joined whether the cluster was there before it
   * @param firstMembers who belonged to the cluster when the member was started first
   */
  record Identity(long clusterId, long memberId, boolean joined, List<Member> firstMembers) {

    Identity {
      firstMembers = List.copyOf(firstMembers);
    }

    /** With whom the cluster began; empty where this member was not among them. */
    List<Member> initialMembers() {
      return joined ? List.of() : firstMembers;
    }

    private List<String> lines() {
      List<String> lines =
          new ArrayList<>(
              List.of(
                  LAYOUT,
                  ClusterIds.text(clusterId),
                  ClusterIds.text(memberId),
                  joined ? JOINED : BEGAN));
      for (Member member : firstMembers) {
        lines.add(
            ClusterIds.text(member.getID())
                + " "
                + member.getName()
                + " "
                + String.join(",", member.getPeerURLsList()));
      }
      return lines;
    }

    private static Identity of(List<String> lines) {
      List<Member> members = new ArrayList<>();
      for (String line : lines.subList(FIXED_LINES, lines.size())) {
        int name = line.indexOf(' ');
        int urls = line.lastIndexOf(' ');
        members.add(
            Member.newBuilder()
                .setID(Long.parseUnsignedLong(line.substring(0, name), 16))
                .setName(line.substring(name + 1, urls))
                .addAllPeerURLs(List.of(line.substring(urls + 1).split(",")))
                .build());
      }
      return new Identity(
          Long.parseUnsignedLong(lines.get(1), 16),
          Long.parseUnsignedLong(lines.get(2), 16),
          lines.get(3).equals(JOINED),
          members);
    }
  }

  private DataDirectory(Path root, FileChannel lockFile) {
    this.root = root;
    this.lockFile = lockFile;
  }

  static DataDirectory open(Path root) throws IOException {
    FileChannel lockFile = lockFile(root);
    @Nullable FileLock lock = lockFile.tryLock();
    if (lock == null) {
      lockFile.close();
      throw new IOException(root + " is in use by another process");
    }
    DataDirectory directory = new DataDirectory(root, lockFile);
    Path file = directory.file();
    if (Files.exists(file)) {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() < FIXED_LINES || !lines.getFirst().equals(LAYOUT)) {
        lockFile.close();
        throw new IOException(file + ": " + lines + " (allowed: a directory of " + LAYOUT + ")");
      }
      directory.identity = Identity.of(lines);
      Path vote = root.resolve("raft").resolve("vote").resolve("vote");
      if (directory.holdsLog() && !Files.exists(vote)) {
        lockFile.close();
        throw new IOException(
            vote + ": missing, beside the log of a member (allowed: the file, or a new directory)");
      }
    } else if (directory.holdsLog()) {
      lockFile.close();
      throw new IOException(
          file + ": missing, beside the log of a member (allowed: the file, or a new directory)");
    }
    return directory;
  }

  /** A store alone is one that was filled from a snapshot. */
  private boolean holdsLog() throws IOException {
    Path log = root.resolve("raft").resolve("log");
    if (!Files.isDirectory(log)) {
      return false;
    }
    try (Stream<Path> files = Files.list(log)) {
      return files.findAny().isPresent();
    }
  }

  private Path file() {
    return root.resolve("member");
  }

  /** Who the member is; null where it never started. */
  @Nullable Identity identity() {
    return identity;
  }

  /** Settles who the member is, for good. */
  void settle(Identity settled) throws IOException {
    Path draft = root.resolve("member.new");
    Files.write(draft, settled.lines());
    sync(draft, StandardOpenOption.WRITE);
    Files.move(draft, file(), StandardCopyOption.ATOMIC_MOVE);
    sync(root, StandardOpenOption.READ);
    identity = settled;
  }

  private static void sync(Path path, StandardOpenOption option) throws IOException {
    try (FileChannel file = FileChannel.open(path, option)) {
      file.force(true);
    }
  }

  private static FileChannel lockFile(Path root) throws IOException {
    try {
      Path _ = Files.createDirectories(root);
      return FileChannel.open(
          root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (FileSystemException e) {
      throw new IOException(
          "data-dir: %s (allowed: a directory that this user may write to): %s".formatted(root, e),
          e);
    }
  }

  Path store() throws IOException {
    return Files.createDirectories(root.resolve("store"));
  }

  /**
   * For the log, votes and snapshots.
   *
   * @param fresh whether nothing of a former process counts
   */
  Path raft(boolean fresh) throws IOException {
    Path raft = root.resolve("raft");
    if (fresh && Files.exists(raft)) {
      try (Stream<Path> found = Files.walk(raft)) {
        for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    return Files.createDirectories(raft);
  }

  Path scratch() throws IOException {
    return Files.createDirectories(root.resolve("scratch"));
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
