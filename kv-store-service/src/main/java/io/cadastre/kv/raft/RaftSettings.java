package io.cadastre.kv.raft;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a member takes part.
 *
 * @param voters with whom the cluster began; empty = this member joins one that is there
 * @param directory for the log, votes and snapshots
 * @param memory whether the log is gone with the process
 * @param snapshotEntries after so many commands the state is saved and the log cut
 */
public record RaftSettings(
    long clusterId,
    long memberId,
    List<Long> voters,
    Path directory,
    boolean memory,
    Duration electionTimeout,
    Duration heartbeatInterval,
    long snapshotEntries) {

  public RaftSettings {
    voters = List.copyOf(voters);
  }
}
