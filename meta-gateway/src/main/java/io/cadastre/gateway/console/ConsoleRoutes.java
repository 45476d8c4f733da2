package io.cadastre.gateway.console;

import static org.springframework.web.reactive.function.server.RequestPredicates.methods;
import static org.springframework.web.reactive.function.server.RequestPredicates.path;

import io.cadastre.gateway.access.OpenPaths;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Answers the console's pages and files. */
@Configuration(proxyBeanMethods = false)
class ConsoleRoutes {

  /**
   * Nothing but this gateway's own files; and no string ever becomes markup or script, which the
   * browser itself enforces (trusted types): names of databases are written by strangers.
   */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  @Bean
  RouterFunction<ServerResponse> console() {
    return routes(ConsoleFiles.load());
  }

  @Bean
  OpenPaths consolePaths() {
    return ConsolePaths.open();
  }

  static RouterFunction<ServerResponse> routes(ConsoleFiles files) {
    RequestPredicate page =
        ConsolePaths.PAGES.stream()
            .map(ConsoleRoutes::reading)
            .reduce(RequestPredicate::or)
            .orElseThrow();
    return RouterFunctions.route()
        .route(page, request -> document(files, request))
        .route(reading(ConsolePaths.FILES), request -> file(files, request))
        .build();
  }

  private static RequestPredicate reading(String pattern) {
    return methods(HttpMethod.GET, HttpMethod.HEAD).and(path(pattern));
  }

  private static Mono<ServerResponse> document(ConsoleFiles files, ServerRequest request) {
    return answer(request, files.document(), files.version(), CacheControl.noCache());
  }

  private static Mono<ServerResponse> file(ConsoleFiles files, ServerRequest request) {
    String path = request.pathVariable("path").substring(1);
    // While gateways of two versions run side by side, the files of one may be asked of the other:
    // they are served, but not remembered under that address.
    CacheControl cache =
        request.pathVariable("version").equals(files.version())
            ? CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable()
            : CacheControl.noStore();
    return files
        .file(path)
        .map(file -> answer(request, file, files.version(), cache))
        .orElseGet(() -> ServerResponse.notFound().build());
  }

  private static Mono<ServerResponse> answer(
      ServerRequest request, ConsoleFile file, String version, CacheControl cache) {
    boolean gzip =
        request.headers().header(HttpHeaders.ACCEPT_ENCODING).stream()
            .anyMatch(accepted -> accepted.contains("gzip"));
    // The compressed and the plain form are different bytes, so they have different tags.
    String tag = "\"" + version + (gzip ? "-gzip" : "") + "\"";
    return request
        .checkNotModified(tag)
        .switchIfEmpty(
            Mono.defer(() -> {
              var response =
                  ServerResponse.ok()
                      .contentType(file.type())
                      .cacheControl(cache)
                      .eTag(tag)
                      .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                      .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                      .header("X-Content-Type-Options", "nosniff")
                      .header("Referrer-Policy", "same-origin");
              return gzip
                  ? response.header(HttpHeaders.CONTENT_ENCODING, "gzip").bodyValue(file.gzipped())
                  : response.bodyValue(file.plain());
            }));
  }
}
