package io.cadastre.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir private Path base;

  @Test
  void aNewOneIsForItsOwnerAloneAndOpensAgain() throws IOException {
    Path wanted = base.resolve("a/new/one");
    try (var data = DataDirectory.open(wanted)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.root())))
          .isEqualTo("rwx------");
    }
    try (var data = DataDirectory.open(wanted)) {
      assertThat(data.temporary()).isFalse();
    }
  }

  @Test
  void oneInUseIsRefusedWithTheAddressOfWhatRunsOnIt() throws IOException {
    Path wanted = base.resolve("used");
    try (var data = DataDirectory.open(wanted)) {
      new RunningFile(17, "http://127.0.0.1:8080", 15432).write(data.root());
      assertThatThrownBy(() -> DataDirectory.open(wanted))
          .isInstanceOf(AlreadyRunningException.class)
          .hasMessageContaining("process 17")
          .hasMessageContaining("http://127.0.0.1:8080")
          .hasMessageContaining("--data DIR");
    }
  }

  @Test
  void aTemporaryOneIsGoneWhenItIsClosed() throws IOException {
    Path root;
    try (var data = DataDirectory.open(null)) {
      root = data.root();
      Files.writeString(data.resolve("file"), "x");
    }
    assertThat(root).doesNotExist();
  }

  @Test
  void aLayoutOfAnotherVersionIsRefusedAndLeftAlone() throws IOException {
    Path wanted = Files.createDirectory(base.resolve("newer"));
    Files.writeString(wanted.resolve("layout"), "7");
    assertThatThrownBy(() -> DataDirectory.open(wanted))
        .hasMessageContaining(wanted.toString())
        .hasMessageContaining("layout 7")
        .hasMessageContaining("expected: 1");
    assertThat(wanted.resolve("layout")).hasContent("7");
  }

  @Test
  void aDirectoryOfSomebodyElseIsRefused() throws IOException {
    Path wanted = Files.createDirectory(base.resolve("home"));
    Files.writeString(wanted.resolve("thesis.txt"), "x");
    assertThatThrownBy(() -> DataDirectory.open(wanted)).hasMessageContaining("thesis.txt");
  }

  @Test
  void credentialsAreForTheirOwnerAloneAndStay() throws IOException {
    var random = new SecureRandom();
    var credentials = Credentials.open(base, random);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(base.resolve("credentials"))))
        .isEqualTo("rw-------");
    assertThat(Credentials.open(base, random).database()).isEqualTo(credentials.database());
    assertThat(credentials.toString()).doesNotContain(credentials.database().owner());
  }

  @Test
  void theFirstPasswordIsForgottenOnceShown() throws IOException {
    var random = new SecureRandom();
    var credentials = Credentials.open(base, random);
    String first = credentials.firstAdminPassword().orElseThrow();
    assertThat(first).matches("([a-z2-9]{5}-){3}[a-z2-9]{5}");
    credentials.forgetFirstAdminPassword();
    assertThat(base.resolve("credentials")).content().doesNotContain(first);
    assertThat(Credentials.open(base, random).firstAdminPassword()).isEmpty();
  }
}
