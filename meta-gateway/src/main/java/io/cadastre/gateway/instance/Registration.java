package io.cadastre.gateway.instance;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.TlsMode;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a user says about an instance, checked; the password goes its own way. */
record Registration(
    String name,
    Engine engine,
    String host,
    int port,
    String username,
    TlsMode tlsMode,
    @Nullable String caCertificate,
    SortedMap<String, String> tags,
    NamePatterns patterns,
    @Nullable Long capacityBytes) {

  Registration {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /**
   * Whether a password meant for {@code this} could come into other hands with {@code next}:
   * somewhere else, or less protected on the way.
   */
  boolean exposesPasswordIn(Registration next) {
    return !host.equals(next.host)
        || port != next.port
        || tlsMode.compareTo(next.tlsMode) > 0
        || (next.tlsMode.compareTo(TlsMode.VERIFY_CA) >= 0
            && !Objects.equals(caCertificate, next.caCertificate));
  }
}
