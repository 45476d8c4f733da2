package io.cadastre.gateway.operation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be asked of an instance; each is one or more scans, one after the other. */
public enum OperationKind {
  SYNC_DATABASES,
  SYNC_DATABASE_SIZES,
  SYNC_ALL,
  TEST_CONNECTION;

  List<ScanKind> scans() {
    return switch (this) {
      case SYNC_DATABASES -> List.of(ScanKind.DATABASES);
      case SYNC_DATABASE_SIZES -> List.of(ScanKind.SIZES);
      case SYNC_ALL -> List.of(ScanKind.DATABASES, ScanKind.SIZES);
      case TEST_CONNECTION -> List.of(ScanKind.CONNECTION);
    };
  }

  /** As the API, the database and the metrics name it. */
  @JsonValue
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<OperationKind> ofCode(String code) {
    return Arrays.stream(values()).filter(kind -> kind.code().equals(code)).findFirst();
  }
}
