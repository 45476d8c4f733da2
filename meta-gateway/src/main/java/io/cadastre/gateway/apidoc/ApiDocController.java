package io.cadastre.gateway.apidoc;

import io.cadastre.gateway.access.Open;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import reactor.core.publisher.Mono;

/** Serves the document, and the page that shows it. */
@RestController
final class ApiDocController {

  private static final MediaType SCRIPT = MediaType.valueOf("text/javascript;charset=UTF-8");
  private static final MediaType STYLE = MediaType.valueOf("text/css;charset=UTF-8");

  private static final Map<String, MediaType> FILES =
      Map.of(
          "docs.css", STYLE,
          "docs.js", SCRIPT,
          "document.js", SCRIPT,
          "element.js", SCRIPT,
          "operation.js", SCRIPT,
          "send.js", SCRIPT,
          "session.js", SCRIPT,
          "words.js", SCRIPT);

  /** As the console's: nothing but this gateway's own files, and no string becomes markup. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private final Mono<byte[]> document;

  ApiDocController(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes) {
    // Made when it is first asked for: the routes are not all there yet.
    document = Mono.fromSupplier(() -> ApiDocument.of(routes)).cache();
  }

  @Open
  @GetMapping(path = "/api/v1/openapi.json")
  Mono<ResponseEntity<byte[]>> document() {
    return document.map(bytes ->
        ResponseEntity.ok()
            .contentType(MediaType.APPLICATION_JSON)
            .cacheControl(CacheControl.noCache())
            .body(bytes));
  }

  @Open
  @GetMapping("/api/docs")
  ResponseEntity<Resource> page() {
    return file("index.html", MediaType.valueOf("text/html;charset=UTF-8"));
  }

  @Open
  @GetMapping("/api/docs/{file}")
  ResponseEntity<Resource> file(@PathVariable String file) {
    MediaType type = FILES.get(file);
    return type == null ? ResponseEntity.notFound().build() : file(file, type);
  }

  private static ResponseEntity<Resource> file(String name, MediaType type) {
    return ResponseEntity.ok()
        .contentType(type)
        .cacheControl(CacheControl.noCache())
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .body(new ClassPathResource("apidoc/" + name));
  }
}
