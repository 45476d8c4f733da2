package io.cadastre.standalone;

import io.cadastre.gateway.database.MetadataDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The secrets this installation made up for itself, in one file that only its owner reads. The
 * administrator's first password is in it until it has been shown.
 */
final class Credentials {
  private static final String FIRST_PASSWORD = "first_admin_password";

  /** Without letters and digits that look alike. */
  private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

  private final Path file;
  private final SecureRandom random;
  private final Properties values = new Properties();

  private Credentials(Path file, SecureRandom random) {
    this.file = file;
    this.random = random;
  }

  static Credentials open(Path directory, SecureRandom random) throws IOException {
    var credentials = new Credentials(directory.resolve("credentials"), random);
    if (Files.exists(credentials.file)) {
      try (var in = Files.newBufferedReader(credentials.file)) {
        credentials.values.load(in);
      }
    } else {
      credentials.values.setProperty("database_owner", credentials.newPassword());
      credentials.values.setProperty("database_gateway", credentials.newPassword());
      credentials.values.setProperty("database_reader", credentials.newPassword());
      credentials.values.setProperty(FIRST_PASSWORD, credentials.newPassword());
      credentials.store();
    }
    return credentials;
  }

  /** Four groups of five: about 100 bits, and a person can type it. */
  static String newPassword(SecureRandom random) {
    var password = new StringBuilder();
    for (int position = 0; position < 20; position++) {
      if (position % 5 == 0 && position > 0) {
        password.append('-');
      }
      password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return password.toString();
  }

  private String newPassword() {
    return newPassword(random);
  }

  MetadataDatabase.Passwords database() {
    return new MetadataDatabase.Passwords(
        value("database_owner"), value("database_gateway"), value("database_reader"));
  }

  /** Present until it has been shown. */
  Optional<String> firstAdminPassword() {
    return Optional.ofNullable(values.getProperty(FIRST_PASSWORD));
  }

  void forgetFirstAdminPassword() throws IOException {
    values.remove(FIRST_PASSWORD);
    store();
  }

  /** A secret of this name, kept or null. */
  @Nullable String find(String name) {
    return values.getProperty(name);
  }

  /** A secret of this name, made up at the first call. */
  String get(String name) throws IOException {
    if (values.getProperty(name) == null) {
      keep(name, newPassword());
    }
    return value(name);
  }

  void keep(String name, String secret) throws IOException {
    values.setProperty(name, secret);
    store();
  }

  private String value(String name) {
    String value = values.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(file + ": " + name + " is missing");
    }
    return value;
  }

  private synchronized void store() throws IOException {
    Path draft = file.resolveSibling("credentials.new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var out = Files.newBufferedWriter(draft)) {
      values.store(out, null);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public String toString() {
    return "Credentials[" + file + "]";
  }
}
