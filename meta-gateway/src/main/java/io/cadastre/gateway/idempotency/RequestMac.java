package io.cadastre.gateway.idempotency;

import static io.cadastre.gateway.database.Columns.required;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Tells whether two requests are the same, without keeping what is in them. */
@Component
final class RequestMac {

  private static final String ALGORITHM = "HmacSHA256";

  private final Mono<SecretKeySpec> key;

  RequestMac(DatabaseClient database) {
    key =
        database
            .sql("SELECT mac_key FROM idempotency_mac_key")
            .map(row -> new SecretKeySpec(required(row, "mac_key", byte[].class), ALGORITHM))
            .one()
            // Read once; a failure is not kept.
            .cache(_ -> Duration.ofMillis(Long.MAX_VALUE), _ -> Duration.ZERO, () -> Duration.ZERO);
  }

  Mono<byte[]> of(ServerHttpRequest request, byte[] body) {
    String query = request.getURI().getRawQuery();
    return key.map(key -> {
      Mac mac = mac(key);
      add(mac, request.getMethod().name());
      add(mac, request.getURI().getRawPath());
      add(mac, query == null ? "" : "?" + query);
      return mac.doFinal(body);
    });
  }

  private static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /** With its length, so that no two requests run together to the same bytes. */
  private static void add(Mac mac, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    mac.update(bytes);
  }
}
