package io.cadastre.kv.raft;

import com.google.protobuf.Message;
import io.cadastre.contracts.kv.command.Command;
import java.util.concurrent.CompletableFuture;

/** Where commands are proposed. */
public interface Proposals {

  /**
   * Proposes a command. The answer comes when it is in the log for good and applied here; it fails
   * with an {@link io.cadastre.kv.request.EtcdException} where applying refuses it, and where it is
   * not known in time what became of it.
   */
  CompletableFuture<Message> propose(Command.Builder command);

  /**
   * As {@link #propose}, where this member leads in that term: the command is taken in it or never.
   */
  CompletableFuture<Message> proposeIn(long term, Command.Builder command);

  /** Done when everything that anybody was told of before this call can be read here. */
  CompletableFuture<Void> caughtUp();
}
