package io.cadastre.gateway.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error as the API shows it, RFC 9457.
 *
 * @param instance the path of the request
 * @param errors what is wrong with which field; empty where no field is to blame
 * @param incident names the log entry of a failure that is ours; absent for all others
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Problem(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    List<Violation> errors,
    @Nullable String incident) {

  static Problem of(ProblemKind kind, String detail, String instance, List<Violation> errors) {
    return new Problem(
        kind.type(), kind.title(), kind.status().value(), detail, instance, errors, null);
  }

  Problem withIncident(String id) {
    return new Problem(type, title, status, detail, instance, errors, id);
  }
}
