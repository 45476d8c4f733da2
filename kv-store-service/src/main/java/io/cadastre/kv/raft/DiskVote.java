package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.entity.EnumOutter.ErrorType;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import io.cadastre.kv.log.VoteFile;
import io.cadastre.kv.log.VoteFile.Vote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The term and the vote as JRaft asks for them: each of its calls is durable when it returns. */
final class DiskVote implements RaftMetaStorage {

  private static final Logger LOG = System.getLogger(DiskVote.class.getName());

  private final Path path;
  private Consumer<RaftException> failed = _ -> {};
  private @Nullable VoteFile file;

  DiskVote(Path path) {
    this.path = path;
  }

  @Override
  public boolean init(RaftMetaStorageOptions options) {
    failed = options.getNode()::onError;
    try {
      file = VoteFile.open(path);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + path, e);
    }
  }

  private VoteFile file() {
    if (file == null) {
      throw new IllegalStateException(path + " is not open");
    }
    return file;
  }

  @Override
  public long getTerm() {
    return file().newest().term();
  }

  @Override
  public PeerId getVotedFor() {
    PeerId voted = PeerId.emptyPeer();
    boolean _ = voted.parse(file().newest().votedFor());
    return voted;
  }

  @Override
  public boolean setTerm(long term) {
    return set(new Vote(term, file().newest().votedFor()));
  }

  @Override
  public boolean setVotedFor(PeerId peer) {
    return set(new Vote(file().newest().term(), peer.toString()));
  }

  @Override
  public boolean setTermAndVotedFor(long term, PeerId peer) {
    return set(new Vote(term, peer.toString()));
  }

  private boolean set(Vote vote) {
    try {
      file().write(vote);
      return true;
    } catch (IOException e) {
      LOG.log(Level.ERROR, "cannot write to " + path, e);
      failed.accept(
          new RaftException(
              ErrorType.ERROR_TYPE_META, RaftError.EIO, "cannot write to %s: %s", path, e));
      return false;
    }
  }

  @Override
  public void shutdown() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
