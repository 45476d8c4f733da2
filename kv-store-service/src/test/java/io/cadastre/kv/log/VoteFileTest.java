package io.cadastre.kv.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.kv.log.VoteFile.Vote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoteFileTest {

  @TempDir private Path directory;

  @Test
  void theNewestVoteIsThereAfterReopening() throws IOException {
    assertThat(reopened()).isEqualTo(new Vote(0, ""));
    for (int term = 1; term <= 5; term++) {
      Vote vote = new Vote(term, "m" + term + ":1");
      write(vote);
      assertThat(reopened()).isEqualTo(vote);
    }
  }

  @Test
  void aVoteChangesNothingButBytesThatAreThere() throws IOException {
    write(new Vote(1, ""));
    long size = Files.size(path());
    write(new Vote(Long.MAX_VALUE, "f".repeat(400)));
    assertThat(Files.size(path())).isEqualTo(size);
  }

  @Test
  void aFlippedBitIsFoundWhereverItIs() throws IOException {
    write(new Vote(1, "a:1"));
    write(new Vote(1, "b:1"));
    byte[] whole = Files.readAllBytes(path());
    for (int at = 0; at < whole.length; at += 7) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      Files.write(path(), damaged);
      boolean counts = at % 4096 < 512;
      if (counts) {
        assertThatThrownBy(this::reopened)
            .isInstanceOf(LogDamagedException.class)
            .hasMessageContaining(path().toString());
      } else {
        assertThat(reopened()).isEqualTo(new Vote(1, "b:1"));
      }
    }
  }

  @Test
  void aVoteThatIsGoneIsMissed() throws IOException {
    write(new Vote(1, "a:1"));
    write(new Vote(2, "b:1"));
    byte[] whole = Files.readAllBytes(path());
    for (int place = 0; place < 2; place++) {
      byte[] damaged = whole.clone();
      Arrays.fill(damaged, place * 4096, place * 4096 + 512, (byte) 0);
      Files.write(path(), damaged);
      assertThatThrownBy(this::reopened).isInstanceOf(LogDamagedException.class);
    }
  }

  private Path path() {
    return directory.resolve("vote");
  }

  private void write(Vote vote) throws IOException {
    try (VoteFile file = VoteFile.open(path())) {
      file.write(vote);
    }
  }

  private Vote reopened() throws IOException {
    try (VoteFile file = VoteFile.open(path())) {
      return file.newest();
    }
  }
}
