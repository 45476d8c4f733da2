package io.cadastre.kv.apply;

import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.contracts.kv.TxnResponse;
import io.cadastre.kv.mvcc.PinnedView;
import io.cadastre.kv.mvcc.ReadView;
import java.util.stream.Stream;

/** Transactions that only read: they need no entry of the log, and see one revision. */
public final class ReadTxn {

  private ReadTxn() {}

  /** Whether a transaction can change nothing, whatever its comparisons say. */
  public static boolean isOne(TxnRequest request) {
    return operations(request)
        .allMatch(each ->
            each.hasRequestRange() || (each.hasRequestTxn() && isOne(each.getRequestTxn())));
  }

  /**
   * Whether it may be answered from what this member has, as with a range: where all its ranges may
   * be. One without any asks about the present by its comparisons.
   */
  public static boolean isSerializable(TxnRequest request) {
    return operations(request).findAny().isPresent()
        && operations(request)
            .allMatch(each ->
                each.hasRequestTxn()
                    ? isSerializable(each.getRequestTxn())
                    : each.getRequestRange().getSerializable());
  }

  private static Stream<RequestOp> operations(TxnRequest request) {
    return Stream.concat(request.getSuccessList().stream(), request.getFailureList().stream());
  }

  /** Runs it. Headers carry the revision alone; who answers fills in the rest. */
  public static TxnResponse run(ReadView view, TxnRequest request, Meter meter) {
    while (true) {
      Kept kept = new Kept(meter);
      try {
        PinnedView now = new PinnedView(view, view.revision());
        Branch branch = Branch.choose(now, request, kept);
        branch.checkReads(now);
        return branch.read(now, kept);
      } catch (PinnedView.OvertakenException _) {
        meter.bytes(-kept.bytes);
      }
    }
  }

  /** What is given up where it begins anew. */
  private static final class Kept implements Meter {

    private final Meter meter;
    private long bytes;

    Kept(Meter meter) {
      this.meter = meter;
    }

    @Override
    public void key() {
      meter.key();
    }

    @Override
    public void bytes(long more) {
      meter.bytes(more);
      bytes += more;
    }
  }
}
