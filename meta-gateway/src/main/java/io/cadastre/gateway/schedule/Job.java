package io.cadastre.gateway.schedule;

import com.fasterxml.jackson.annotation.JsonValue;
import io.cadastre.gateway.operation.OperationKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is done to every instance on a schedule. */
enum Job {
  DATABASES,
  SIZES;

  static final String ALLOWED =
      Arrays.stream(values()).map(Job::code).collect(Collectors.joining(", "));

  OperationKind operation() {
    return switch (this) {
      case DATABASES -> OperationKind.SYNC_DATABASES;
      case SIZES -> OperationKind.SYNC_DATABASE_SIZES;
    };
  }

  @JsonValue
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Job> ofCode(String code) {
    return Arrays.stream(values()).filter(job -> job.code().equals(code)).findFirst();
  }
}
