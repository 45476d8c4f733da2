package io.cadastre.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.SealedSecret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysetFilesTest {

  private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

  @TempDir Path folder;
  private Path privateFile = Path.of("");
  private Path publicFile = Path.of("");

  @BeforeEach
  void nameTheFiles() {
    privateFile = folder.resolve("keys/private.json");
    publicFile = folder.resolve("keys/public.json");
  }

  @Test
  void aGeneratedPairSealsAndOpensAndOnlyTheOwnerReadsThePrivateFile() throws IOException {
    assertThat(run("generate")).isZero();

    SealedSecret sealed = SecretSealer.read(publicFile).seal("secret", "instance/1");
    assertThat(SecretOpener.read(privateFile).open(sealed, "instance/1"))
        .asString(UTF_8)
        .isEqualTo("secret");
    assertThat(permissions(privateFile)).isEqualTo("rw-------");
    assertThat(permissions(publicFile)).isEqualTo("rw-r--r--");
    assertThat(privateFile.getParent()).isDirectoryNotContaining("glob:**/.keyset*");
  }

  @Test
  void generatingOverAKeysetIsRefusedAndLeavesItAsItWas() throws IOException {
    run("generate");
    String before = Files.readString(privateFile);

    assertThat(run("generate")).isEqualTo(1);

    assertThat(messages.toString(UTF_8)).contains(privateFile + ": left as it is");
    assertThat(privateFile).content().isEqualTo(before);
  }

  @Test
  void ensuringAPairWritesItOnceAndLeavesHalfAPairToAPerson() throws IOException {
    assertThat(run("ensure")).isZero();
    String before = Files.readString(privateFile);

    assertThat(run("ensure")).isZero();
    assertThat(privateFile).content().isEqualTo(before);

    Files.delete(publicFile);
    assertThat(run("ensure")).isEqualTo(1);
    assertThat(privateFile).content().isEqualTo(before);
  }

  @Test
  void aRotationKeepsTheOldKeyAndThePrivateFilePrivate() throws IOException {
    run("generate");
    SealedSecret old = SecretSealer.read(publicFile).seal("secret", "instance/1");

    assertThat(run("rotate")).isZero();

    assertThat(SecretOpener.read(privateFile).open(old, "instance/1"))
        .asString(UTF_8)
        .isEqualTo("secret");
    assertThat(permissions(privateFile)).isEqualTo("rw-------");
  }

  @Test
  void rotatingWhatIsNoKeysetNamesTheFile() throws IOException {
    Files.createDirectories(privateFile.getParent());
    Files.writeString(privateFile, "{}");

    assertThat(run("rotate")).isEqualTo(1);
    assertThat(messages.toString(UTF_8)).contains(privateFile + ": not a private keyset");
  }

  @Test
  void anythingElseGetsTheUsage() {
    assertThat(run("help")).isEqualTo(2);
    assertThat(messages.toString(UTF_8)).startsWith("usage: ");
  }

  private int run(String command) {
    return KeysetFiles.run(
        new String[] {command, privateFile.toString(), publicFile.toString()},
        new PrintStream(messages, true, UTF_8));
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
