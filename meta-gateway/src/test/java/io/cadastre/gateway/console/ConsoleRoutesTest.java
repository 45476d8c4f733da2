package io.cadastre.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.WebTestClient;

class ConsoleRoutesTest {

  private final ConsoleFiles files = ConsoleFiles.load();
  private final WebTestClient client =
      WebTestClient.bindToRouterFunction(ConsoleRoutes.routes(files)).build();

  @ParameterizedTest
  @ValueSource(strings = {"/", "/instances", "/instances/7", "/instances/7/edit", "/runs/x"})
  void everyPageAnswersWithTheOneDocument(String page) {
    client
        .get()
        .uri(page)
        .exchange()
        .expectStatus()
        .isOk()
        .expectHeader()
        .contentType("text/html;charset=UTF-8")
        .expectHeader()
        .valueEquals(HttpHeaders.CACHE_CONTROL, "no-cache")
        .expectHeader()
        .valueEquals("Content-Security-Policy", ConsoleRoutes.CONTENT_SECURITY_POLICY)
        .expectBody(String.class)
        .value(html -> assertThat(html).contains("/console/" + files.version() + "/start.js"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/instances", "/nowhere", "/instances/7/sizes", "/index.html"})
  void otherAddressesAreNotTheConsoles(String address) {
    client.get().uri(address).exchange().expectStatus().isNotFound();
  }

  @Test
  void filesOfThisVersionAreKeptByBrowsersForGood() {
    client
        .get()
        .uri("/console/{version}/vendor/uplot-1.6.32/uPlot.esm.js", files.version())
        .exchange()
        .expectStatus()
        .isOk()
        .expectHeader()
        .contentType("text/javascript;charset=UTF-8")
        .expectHeader()
        .valueEquals(HttpHeaders.CACHE_CONTROL, "max-age=31536000, public, immutable");
  }

  @Test
  void filesAskedForByAnotherVersionAreNotRemembered() {
    client
        .get()
        .uri("/console/0123456789abcdef/start.js")
        .exchange()
        .expectStatus()
        .isOk()
        .expectHeader()
        .valueEquals(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  @Test
  void anUnchangedDocumentIsNotSentAgain() {
    client
        .get()
        .uri("/")
        .header(HttpHeaders.IF_NONE_MATCH, "\"" + files.version() + "\"")
        .exchange()
        .expectStatus()
        .isNotModified()
        .expectBody()
        .isEmpty();
  }

  @Test
  void filesTravelCompressed() throws IOException {
    byte[] body =
        client
            .get()
            .uri("/console/{version}/start.js", files.version())
            .header(HttpHeaders.ACCEPT_ENCODING, "gzip, br")
            .exchange()
            .expectHeader()
            .valueEquals(HttpHeaders.CONTENT_ENCODING, "gzip")
            .expectHeader()
            .valueEquals(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
            .expectBody()
            .returnResult()
            .getResponseBody();
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(Objects.requireNonNull(body)))) {
      assertThat(new String(gzip.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(ConsoleSources.read(ConsoleSources.ROOT.resolve("start.js")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nothing.js", "../meta-gateway.yml", "%2e%2e/meta-gateway.yml", "style/", ""})
  void nothingElseOfTheClassPathIsServed(String path) {
    client
        .get()
        .uri(java.net.URI.create("/console/" + files.version() + "/" + path))
        .exchange()
        .expectStatus()
        .isNotFound();
  }

  @Test
  void theDocumentItselfHasNoAddressOfItsOwn() {
    client
        .get()
        .uri("/console/{version}/index.html", files.version())
        .exchange()
        .expectStatus()
        .isNotFound();
  }
}
