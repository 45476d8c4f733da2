package io.cadastre.standalone.containers;

import io.cadastre.messaging.KafkaSettings;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** The names of every setting that our services bind, from the records that bind them. */
final class KnownProperties {
  private final Set<String> names = new HashSet<>();

  KnownProperties() throws ClassNotFoundException {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    for (var found : scanner.findCandidateComponents("io.cadastre")) {
      Class<?> type = Class.forName(Objects.requireNonNull(found.getBeanClassName()));
      add(type.getAnnotation(ConfigurationProperties.class).value(), type);
    }
    addKafka();
  }

  // Bound by its wiring: the record itself knows no Spring.
  private void addKafka() {
    add("cadastre.kafka", KafkaSettings.class);
  }

  private void add(String prefix, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + "." + kebab(component.getName());
      if (component.getType().isRecord()) {
        add(name, component.getType());
      } else {
        names.add(name);
      }
    }
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  Set<String> names() {
    return Set.copyOf(names);
  }

  /** As an environment variable of one of them is spelled. */
  static String variable(String property) {
    return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
