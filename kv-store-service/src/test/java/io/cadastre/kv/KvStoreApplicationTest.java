package io.cadastre.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.kv.tls.TestAuthority;
import io.cadastre.kv.tls.TlsFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KvStoreApplicationTest {

  @TempDir private Path directory;

  @Test
  void readingCertificatesDoesNotLogBeforeItIsKnownHow() throws Exception {
    TlsFiles own = new TestAuthority(directory).issue("member");

    List<String> said =
        runs(
            "--version",
            "--listen-client-urls=https://127.0.0.1:0",
            "--cert-file=" + own.certificates(),
            "--key-file=" + own.key(),
            "--trusted-ca-file=" + own.authorities());

    assertThat(said).hasSize(3).first().asString().startsWith("cadastre kv-store-service");
  }

  private static List<String> runs(String... options) throws IOException, InterruptedException {
    Stream<String> always =
        Stream.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classPath(),
            KvStoreApplication.class.getName());
    Process process =
        new ProcessBuilder(Stream.concat(always, Stream.of(options)).toList())
            .redirectErrorStream(true)
            .start();
    List<String> said = process.inputReader(UTF_8).lines().toList();
    assertThat(process.waitFor()).as(String.join("\n", said)).isZero();
    return said;
  }

  /** Less the log settings of these tests, which would come first. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(each -> !Files.exists(Path.of(each, "logback-test.xml")))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
