package io.cadastre.gateway.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Answers;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.MediaType;

@GatewayTest
@ExtendWith(OutputCaptureExtension.class)
class PasswordsInTheLogTest {

  private static final String INSTANCES = "/api/v1/instances";
  private static final String PASSWORD = "n0t-to-be-s33n-anywhere";

  private final Api api;

  PasswordsInTheLogTest(Api api) {
    this.api = api;
  }

  @Test
  void areInNoLineAndInNoAnswerWhateverBecomesOfTheRequest(CapturedOutput log) {
    Map<String, Object> request = new HashMap<>(Instances.request(api.unique("logged")));
    request.put("password", PASSWORD);
    long id = Long.parseLong(send(request).replaceAll("(?s).*?\"id\":(\\d+).*", "$1"));
    request.put("port", -1);
    assertThat(send(request)).contains("1 to 65535");
    request.put("password", List.of(PASSWORD));
    assertThat(send(request)).contains("\"password");
    for (String broken : List.of("{\"password\": \"%s\"", "{\"password\": %s}", "\"%s\"")) {
      assertThat(send(broken.formatted(PASSWORD))).contains("malformed-body");
    }
    try (FakeWorker worker = new FakeWorker()) {
      worker.script(id, command -> Answers.of(command, "shop"));
      api.operator()
          .post()
          .uri(INSTANCES + "/{id}/sync-all", id)
          .header("Prefer", "wait=60")
          .exchange()
          .expectStatus()
          .isOk();
    }
    assertThat(log.getAll()).doesNotContain(PASSWORD);
  }

  private String send(Object body) {
    String answer =
        String.valueOf(
            api.operator()
                .post()
                .uri(INSTANCES)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    assertThat(answer).doesNotContain(PASSWORD);
    return answer;
  }
}
