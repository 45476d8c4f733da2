package io.cadastre.secrets;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Keysets in files: the private one readable by its owner alone. A program of its own for
 * operators: {@code generate|ensure|rotate PRIVATE_FILE PUBLIC_FILE}.
 */
public final class KeysetFiles {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> ALL_MAY_READ =
      PosixFilePermissions.fromString("rw-r--r--");

  private KeysetFiles() {}

  /**
   * Writes a fresh pair.
   *
   * @throws FileAlreadyExistsException where either file is there: overwriting a private keyset
   *     would lose every secret sealed for it
   */
  public static void generate(Path privateFile, Path publicFile) throws IOException {
    for (Path file : new Path[] {privateFile, publicFile}) {
      if (Files.exists(file)) {
        throw new FileAlreadyExistsException(file.toString(), null, "left as it is");
      }
    }
    write(KeysetGenerator.generate(), privateFile, publicFile);
  }

  /**
   * Writes a fresh pair where there is neither; leaves a pair alone. Half a pair is for a person to
   * look at.
   */
  public static void ensure(Path privateFile, Path publicFile) throws IOException {
    if (!(Files.exists(privateFile) && Files.exists(publicFile))) {
      generate(privateFile, publicFile);
    }
  }

  /** Adds a new sealing key to the private file and writes the public file anew. */
  public static void rotate(Path privateFile, Path publicFile) throws IOException {
    String privateKeyset = Files.readString(privateFile);
    try {
      write(KeysetGenerator.rotate(privateKeyset), privateFile, publicFile);
    } catch (InvalidKeysetException e) {
      throw e.in(privateFile);
    }
  }

  /** The private file first: a public key whose private half is lost seals secrets for nobody. */
  private static void write(KeysetGenerator.Keysets keysets, Path privateFile, Path publicFile)
      throws IOException {
    replace(privateFile, keysets.privateKeyset(), OWNER_ONLY);
    replace(publicFile, keysets.publicKeyset(), ALL_MAY_READ);
  }

  private static void replace(Path file, String json, Set<PosixFilePermission> permissions)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path fresh =
        Files.createTempFile(
            folder, ".keyset", ".json", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      Files.writeString(fresh, json);
      Files.setPosixFilePermissions(fresh, permissions);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** See {@link #USAGE}. */
  public static void main(String[] args) {
    System.exit(run(args, new PrintStream(System.err, true, StandardCharsets.UTF_8)));
  }

  private static final Set<String> COMMANDS = Set.of("generate", "ensure", "rotate");

  private static final String USAGE =
      """
      usage: generate PRIVATE_FILE PUBLIC_FILE   write a fresh pair of keysets
             ensure PRIVATE_FILE PUBLIC_FILE     the same, unless both are there already
             rotate PRIVATE_FILE PUBLIC_FILE     add a new sealing key; old secrets still open
      The workers get the private file (mode 0600), the gateway the public one. After a rotation
      restart the workers first.\
      """;

  static int run(String[] args, PrintStream messages) {
    if (args.length != 3 || !COMMANDS.contains(args[0])) {
      messages.println(USAGE);
      return 2;
    }
    Path privateFile = Path.of(args[1]);
    Path publicFile = Path.of(args[2]);
    try {
      switch (args[0]) {
        case "generate" -> generate(privateFile, publicFile);
        case "ensure" -> ensure(privateFile, publicFile);
        default -> rotate(privateFile, publicFile);
      }
      messages.println("private keyset: " + privateFile + "\npublic keyset: " + publicFile);
      return 0;
    } catch (IOException | InvalidKeysetException e) {
      messages.println(e);
      return 1;
    }
  }
}
