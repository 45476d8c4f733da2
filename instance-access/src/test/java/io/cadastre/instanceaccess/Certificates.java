package io.cadastre.instanceaccess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority and a server's certificate for {@code db.example}, made by keytool. */
final class Certificates {

  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final KeyStore store;

  Certificates(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
    this.folder = folder;
    Path file = folder.resolve("keys.p12");
    keytool(file, "-alias", "ca", "-dname", "CN=Test CA", "-ext", "bc:c");
    keytool(
        file,
        "-alias",
        "server",
        "-dname",
        "CN=server",
        "-signer",
        "ca",
        "-ext",
        "san=dns:db.example");
    store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  private static void keytool(Path file, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD,
                "-keyalg",
                "EC",
                "-validity",
                "30"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("keytool failed: " + command);
    }
  }

  /** PEM of the authority. */
  String authority() throws GeneralSecurityException {
    return pem("CERTIFICATE", store.getCertificate("ca").getEncoded());
  }

  /** File with the server's certificate. */
  Path certificateFile() throws IOException, GeneralSecurityException {
    StringBuilder chain = new StringBuilder();
    for (Certificate certificate : store.getCertificateChain("server")) {
      chain.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return Files.writeString(folder.resolve("server.crt"), chain);
  }

  /** File with the server's key, as private as PostgreSQL wants it. */
  Path keyFile() throws IOException, GeneralSecurityException {
    byte[] key = store.getKey("server", PASSWORD.toCharArray()).getEncoded();
    Path file = Files.writeString(folder.resolve("server.key"), pem("PRIVATE KEY", key));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static String pem(String what, byte[] content) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, base64, what);
  }
}
