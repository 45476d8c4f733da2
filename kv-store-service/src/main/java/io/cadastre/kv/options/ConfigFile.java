package io.cadastre.kv.options;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Options in YAML, as etcd has them: under their names, those for TLS in two sections. */
final class ConfigFile {

  private static final Map<String, String> SECTIONS =
      Map.of("client-transport-security", "", "peer-transport-security", "peer-");

  private ConfigFile() {}

  static Map<String, String> read(Path file) {
    Object content;
    try (Reader reader = Files.newBufferedReader(file)) {
      content = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
    } catch (IOException | YAMLException e) {
      throw new IllegalArgumentException("config-file: " + file + " (allowed: YAML): " + e, e);
    }
    if (!(content instanceof Map<?, ?> options)) {
      throw new IllegalArgumentException("config-file: " + file + " (allowed: name: value)");
    }
    Map<String, String> read = new LinkedHashMap<>();
    options.forEach((key, value) -> {
      String prefix = SECTIONS.get(String.valueOf(key));
      if (prefix != null && value instanceof Map<?, ?> section) {
        section.forEach((name, each) -> put(read, prefix + name, each));
      } else {
        put(read, String.valueOf(key), value);
      }
    });
    return read;
  }

  private static void put(Map<String, String> read, String name, Object value) {
    // What is empty counts as not given.
    if (value != null) {
      String text =
          value instanceof List<?> list
              ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
              : value.toString();
      read.put(name, text);
    }
  }
}
