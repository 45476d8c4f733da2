package io.cadastre.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What others wrote is exactly what they published, with the licence it came under. */
class VendoredFilesTest {

  private static final Set<String> LICENCES = Set.of("MIT", "Apache-2.0", "Apache-2.0 AND MIT");

  private final JsonNode manifest =
      JsonMapper.shared()
          .readTree(ConsoleSources.read(ConsoleSources.VENDOR.resolve("manifest.json")));

  @Test
  void everyFileIsListedWithItsDigest() throws IOException, NoSuchAlgorithmException {
    var listed = new TreeMap<String, String>();
    for (JsonNode library : manifest.get("libraries")) {
      String folder = library.get("name").asString() + "-" + library.get("version").asString();
      library
          .get("files")
          .properties()
          .forEach(file -> listed.put(folder + "/" + file.getKey(), file.getValue().asString()));
    }
    var found = new TreeMap<String, String>();
    for (Path file : ConsoleSources.vendored()) {
      String path = ConsoleSources.VENDOR.relativize(file).toString().replace('\\', '/');
      if (!path.equals("manifest.json")) {
        found.put(path, sha256(Files.readAllBytes(file)));
      }
    }
    assertThat(found).isEqualTo(listed).isNotEmpty();
  }

  @Test
  void everyLibraryComesWithALicenceThatAllowsPassingItOn() {
    for (JsonNode library : manifest.get("libraries")) {
      assertThat(library.get("licence").asString()).isIn(LICENCES);
      var names = new TreeSet<String>();
      library.get("files").properties().forEach(file -> names.add(file.getKey()));
      assertThat(names).as(library.get("name").asString()).anyMatch(n -> n.startsWith("LICENSE"));
    }
  }

  private static String sha256(byte[] content) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
