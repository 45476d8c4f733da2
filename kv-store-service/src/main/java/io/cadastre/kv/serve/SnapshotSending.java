package io.cadastre.kv.serve;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.SnapshotResponse;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.snapshot.SnapshotWriter;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** One snapshot on its way to a client, as fast as the client takes it. */
final class SnapshotSending {

  private static final int BLOB_BYTES = 32 << 10;

  private final Answers answers;
  private final ServerCallStreamObserver<SnapshotResponse> out;
  private final Path scratch;
  private final Semaphore changed = new Semaphore(0);

  SnapshotSending(Answers answers, ServerCallStreamObserver<SnapshotResponse> out, Path scratch) {
    this.answers = answers;
    this.out = out;
    this.scratch = scratch;
    out.setOnReadyHandler(changed::release);
    out.setOnCancelHandler(changed::release);
  }

  void run() {
    try {
      Path file = Files.createTempFile(scratch, "snapshot", ".db");
      try {
        SnapshotWriter.write(answers.state().engine(), own(), file);
        send(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException | RuntimeException e) {
      out.onError(Answers.error(e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(Path file) throws IOException, InterruptedException {
    MessageDigest digest = sha256();
    long remaining = Files.size(file);
    try (InputStream content = Files.newInputStream(file)) {
      while (remaining > 0) {
        byte[] blob = content.readNBytes(BLOB_BYTES);
        digest.update(blob);
        remaining -= blob.length;
        if (!send(blob, remaining)) {
          return;
        }
      }
    }
    if (send(digest.digest(), 0)) {
      out.onCompleted();
    }
  }

  private boolean send(byte[] blob, long remaining) throws InterruptedException {
    while (!out.isReady() && !out.isCancelled()) {
      changed.acquire();
    }
    if (out.isCancelled()) {
      return false;
    }
    out.onNext(
        SnapshotResponse.newBuilder()
            .setBlob(ByteString.copyFrom(blob))
            .setRemainingBytes(remaining)
            .setVersion(MaintenanceService.VERSION)
            .build());
    return true;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What etcd keeps of a member beside keys, leases and users. */
  private Map<Bucket, NavigableMap<byte[], byte[]>> own() {
    Self self = answers.self();
    NavigableMap<byte[], byte[]> meta = new TreeMap<>(Arrays::compareUnsigned);
    Collection<Member> all = answers.state().members().all();
    StorageEngine engine = answers.state().engine();
    engine.scan(
        Bucket.META,
        new byte[0],
        null,
        (key, value) -> {
          meta.put(key, value);
          return true;
        });
    meta.put(
        utf8("term"),
        ByteBuffer.allocate(Long.BYTES).putLong(self.standing().get().term()).array());
    meta.put(utf8("confState"), utf8(confState(all)));
    meta.put(utf8("storageVersion"), utf8(MaintenanceService.VERSION));
    NavigableMap<byte[], byte[]> members = new TreeMap<>(Arrays::compareUnsigned);
    all.forEach(member -> members.put(utf8(Long.toHexString(member.getID())), utf8(json(member))));
    NavigableMap<byte[], byte[]> cluster = new TreeMap<>(Arrays::compareUnsigned);
    cluster.put(utf8("clusterVersion"), utf8(MaintenanceService.VERSION));
    return Map.of(Bucket.META, meta, Bucket.MEMBERS, members, Bucket.CLUSTER, cluster);
  }

  private static String confState(Collection<Member> members) {
    String learners = ids(members, true);
    return "{\"voters\":[%s],%s\"auto_leave\":false}"
        .formatted(
            ids(members, false), learners.isEmpty() ? "" : "\"learners\":[" + learners + "],");
  }

  private static String ids(Collection<Member> members, boolean learners) {
    return members.stream()
        .filter(member -> member.getIsLearner() == learners)
        .map(member -> Long.toUnsignedString(member.getID()))
        .collect(Collectors.joining(","));
  }

  private static String json(Member member) {
    return "{\"id\":%s,\"peerURLs\":[%s],\"name\":%s,\"clientURLs\":[%s]%s}"
        .formatted(
            Long.toUnsignedString(member.getID()),
            quoted(member.getPeerURLsList()),
            quoted(member.getName()),
            quoted(member.getClientURLsList()),
            member.getIsLearner() ? ",\"isLearner\":true" : "");
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(SnapshotSending::quoted).collect(Collectors.joining(","));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
