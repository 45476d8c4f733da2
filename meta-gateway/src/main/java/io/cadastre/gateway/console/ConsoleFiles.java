package io.cadastre.gateway.console;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The console's files, held in memory: they are small. Their common version is a digest over all of
 * them and part of their address, so browsers keep them for good and a new version is loaded whole.
 */
final class ConsoleFiles {

  private static final String ROOT = "/console/";
  private static final String DOCUMENT = "index.html";
  private static final int VERSION_LENGTH = 16;

  private final Map<String, ConsoleFile> byPath;
  private final ConsoleFile document;
  private final String version;

  private ConsoleFiles(SortedMap<String, byte[]> contents) {
    version = digest(contents);
    byPath = new TreeMap<>();
    contents.forEach((path, content) -> byPath.put(path, ConsoleFile.of(path, content)));
    byte[] template = requireNonNull(byPath.remove(DOCUMENT), DOCUMENT).plain();
    String addressed =
        new String(template, StandardCharsets.UTF_8).replace(ROOT, ROOT + version + "/");
    document = ConsoleFile.of(DOCUMENT, addressed.getBytes(StandardCharsets.UTF_8));
  }

  static ConsoleFiles load() {
    var contents = new TreeMap<String, byte[]>();
    try {
      for (Resource resource :
          new PathMatchingResourcePatternResolver().getResources("classpath:" + ROOT + "**")) {
        String address = resource.getURL().toString();
        if (resource.isReadable() && !address.endsWith("/")) {
          String path = address.substring(address.indexOf(ROOT, classPathRoot(address)));
          contents.put(path.substring(ROOT.length()), resource.getContentAsByteArray());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ConsoleFiles(contents);
  }

  /** Where the class path ends in the address: a folder above it may be named like the root. */
  private static int classPathRoot(String address) {
    int inJar = address.lastIndexOf('!');
    return inJar >= 0 ? inJar : Math.max(0, address.lastIndexOf("/target/classes/"));
  }

  private static String digest(SortedMap<String, byte[]> contents) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      contents.forEach((path, content) -> {
        sha256.update(path.getBytes(StandardCharsets.UTF_8));
        sha256.update(content);
      });
      return HexFormat.of().formatHex(sha256.digest()).substring(0, VERSION_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The one document behind every page, which refers to the files of this version. */
  ConsoleFile document() {
    return document;
  }

  Optional<ConsoleFile> file(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  String version() {
    return version;
  }
}
