package io.cadastre.kv.cluster;

import io.cadastre.contracts.kv.Member;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;

/**
 * Ids as etcd derives them, so that members who are started with the same settings agree on them
 * without having spoken.
 */
public final class ClusterIds {

  private ClusterIds() {}

  /** The id of a member that a cluster begins with. */
  public static long member(List<String> peerUrls, String token) {
    return first8(String.join("", peerUrls.stream().sorted().toList()) + token);
  }

  /** The id of a member that is added at a time: the same URLs may come again. */
  public static long member(List<String> peerUrls, String token, long epochSeconds) {
    return first8(String.join("", peerUrls.stream().sorted().toList()) + token + epochSeconds);
  }

  /** The id of a cluster that begins with these members. */
  public static long cluster(Collection<Member> members) {
    ByteBuffer ids = ByteBuffer.allocate(members.size() * Long.BYTES);
    members.stream().map(Member::getID).sorted(Long::compareUnsigned).forEach(ids::putLong);
    return first8(ids.array());
  }

  /** As etcd prints them. */
  public static String text(long id) {
    return Long.toHexString(id);
  }

  private static long first8(String text) {
    return first8(text.getBytes(StandardCharsets.UTF_8));
  }

  private static long first8(byte[] bytes) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(bytes)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
