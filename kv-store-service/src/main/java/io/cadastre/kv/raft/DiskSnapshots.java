package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.SnapshotCopierOptions;
import com.alipay.sofa.jraft.storage.SnapshotThrottle;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotCopier;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotCopier;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotStorage;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * JRaft's directory of snapshots, but that a full disk does not end the member: what is noted of a
 * snapshot waits for room, and one that another member sends is asked for again later.
 */
final class DiskSnapshots extends LocalSnapshotStorage {

  private final Path draft;
  private final RaftOptions options;
  private final RoomWait room;
  private @Nullable SnapshotThrottle throttle;
  private boolean filtersBeforeCopy;

  DiskSnapshots(Path directory, RaftOptions options, RoomWait room) {
    super(directory.toString(), null, options);
    this.draft = directory.resolve("temp");
    this.options = options;
    this.room = room;
  }

  @Override
  public void setSnapshotThrottle(SnapshotThrottle given) {
    super.setSnapshotThrottle(given);
    throttle = given;
  }

  @Override
  public boolean setFilterBeforeCopyRemote() {
    filtersBeforeCopy = true;
    return super.setFilterBeforeCopyRemote();
  }

  @Override
  public @Nullable SnapshotWriter create(boolean fromEmpty) {
    // Clears what is left of one that was not finished.
    SnapshotWriter cleared = super.create(fromEmpty);
    if (cleared == null) {
      return null;
    }
    Writer writer = new Writer(draft.toString());
    return writer.init(null) ? writer : null;
  }

  @Override
  public @Nullable SnapshotCopier startToCopyFrom(String uri, SnapshotCopierOptions copying) {
    LocalSnapshotCopier copier = new Copier();
    copier.setStorage(this);
    copier.setSnapshotThrottle(throttle);
    copier.setFilterBeforeCopyRemote(filtersBeforeCopy);
    if (!copier.init(uri, copying)) {
      return null;
    }
    copier.start();
    return copier;
  }

  private final class Writer extends LocalSnapshotWriter {

    Writer(String path) {
      super(path, DiskSnapshots.this, options);
    }

    /** JRaft takes a snapshot for saved where this says that it could not be. */
    @Override
    public boolean sync() throws IOException {
      while (true) {
        try {
          if (super.sync()) {
            return true;
          }
          throw new IOException("cannot note what is in the snapshot in " + getPath());
        } catch (IOException e) {
          if (!room.again(e)) {
            throw e;
          }
        }
      }
    }
  }

  private static final class Copier extends LocalSnapshotCopier {

    /** That it could not be written would end the member; what there is of it is deleted. */
    @Override
    public int getCode() {
      int code = super.getCode();
      return code == RaftError.EIO.getNumber() ? RaftError.ECANCELED.getNumber() : code;
    }
  }
}
