package io.cadastre.kv.serve;

import io.cadastre.kv.engine.StorageEngine.ClosedException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * What a member does again and again. A failure that nobody foresaw ends the member: left out
 * silently, leases would never end and history never be compacted.
 */
record Chore(Runnable work, Runnable end) implements Runnable {

  private static final Logger LOG = System.getLogger(Chore.class.getName());

  @Override
  public void run() {
    try {
      work.run();
    } catch (ClosedException e) {
      LOG.log(Level.DEBUG, "the state was replaced meanwhile; the next time will do", e);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "this member stops", e);
      end.run();
    }
  }
}
