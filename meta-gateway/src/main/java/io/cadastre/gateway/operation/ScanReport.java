package io.cadastre.gateway.operation;

import io.cadastre.contracts.events.MessageJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a scan stands after one of its messages.
 *
 * @param done databases dealt with so far, failed ones too
 * @param total databases there are to deal with
 * @param result what the operation shows; its properties are written in the operation beside those
 *     of its other scan
 */
public record ScanReport(
    OperationStatus status,
    int done,
    int total,
    @Nullable ObjectNode result,
    @Nullable OperationFailure failure) {

  /** More messages of the scan are to come. */
  public static ScanReport running(int done, int total, @Nullable Object result) {
    return new ScanReport(OperationStatus.RUNNING, done, total, json(result), null);
  }

  public static ScanReport succeeded(int total, Object result) {
    return new ScanReport(OperationStatus.SUCCEEDED, total, total, json(result), null);
  }

  /** The scan ended and some of it is missing; the result says what. */
  public static ScanReport completedWithErrors(int total, Object result) {
    return new ScanReport(OperationStatus.COMPLETED_WITH_ERRORS, total, total, json(result), null);
  }

  /** Nothing is applied before an operator decides. */
  public static ScanReport held(int total, Object result) {
    return new ScanReport(OperationStatus.HELD, total, total, json(result), null);
  }

  /**
   * The scan ended without its result.
   *
   * @param result of the parts that were applied before, if any
   */
  public static ScanReport failed(
      int done, int total, @Nullable Object result, OperationFailure failure) {
    return new ScanReport(OperationStatus.FAILED, done, total, json(result), failure);
  }

  private static @Nullable ObjectNode json(@Nullable Object result) {
    return result == null ? null : MessageJson.read(MessageJson.write(result), ObjectNode.class);
  }
}
