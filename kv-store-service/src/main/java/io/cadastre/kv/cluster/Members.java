package io.cadastre.kv.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.MemberAddResponse;
import io.cadastre.contracts.kv.MemberPromoteResponse;
import io.cadastre.contracts.kv.MemberRemoveResponse;
import io.cadastre.contracts.kv.MemberUpdateResponse;
import io.cadastre.contracts.kv.command.MemberPublished;
import io.cadastre.contracts.kv.command.TermBegan;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.request.EtcdError;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The members as they are agreed on. Changed by the thread that applies, the same on every member.
 * Raft's own configuration follows: see the package raft.
 */
public final class Members {

  /** As etcd has it. */
  private static final int MOST_LEARNERS = 1;

  private volatile Map<Long, Member> present = Map.of();
  private volatile Set<Long> removed = Set.of();

  /** Takes up what an engine holds. */
  public void restore(StorageEngine engine) {
    Map<Long, Member> found = new TreeMap<>(Long::compareUnsigned);
    engine.scan(
        Bucket.MEMBERS,
        new byte[0],
        null,
        (_, value) -> {
          Member member = parse(value);
          found.put(member.getID(), member);
          return true;
        });
    Set<Long> gone = new java.util.HashSet<>();
    engine.scan(
        Bucket.MEMBERS_REMOVED,
        new byte[0],
        null,
        (key, _) -> gone.add(Long.parseUnsignedLong(new String(key, StandardCharsets.UTF_8), 16)));
    present = found;
    removed = Set.copyOf(gone);
  }

  private static Member parse(byte[] value) {
    try {
      return Member.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("not a stored member", e);
    }
  }

  /** All, by their ids. */
  public Collection<Member> all() {
    return present.values();
  }

  /** Those that vote. */
  public List<Member> voters() {
    return all().stream().filter(each -> !each.getIsLearner()).toList();
  }

  public Optional<Member> find(long id) {
    return Optional.ofNullable(present.get(id));
  }

  /** Ids that never come back. */
  public Set<Long> removed() {
    return removed;
  }

  public boolean isLearner(long id) {
    Member member = present.get(id);
    return member != null && member.getIsLearner();
  }

  /** Takes up whom the cluster began with, where nobody is known yet. */
  public void begin(MvccStore store, TermBegan term) {
    if (present.isEmpty()) {
      term.getInitialMembersList().forEach(member -> put(store, member));
    }
  }

  /** Adds one. */
  public MemberAddResponse add(MvccStore store, Member member) {
    if (present.containsKey(member.getID()) || removed.contains(member.getID())) {
      throw EtcdError.MEMBER_EXISTS.exception();
    }
    requireFree(member.getPeerURLsList(), member.getID());
    if (member.getIsLearner()
        && present.values().stream().filter(Member::getIsLearner).count() >= MOST_LEARNERS) {
      throw EtcdError.TOO_MANY_LEARNERS.exception();
    }
    put(store, member);
    return MemberAddResponse.newBuilder().setMember(member).addAllMembers(all()).build();
  }

  private void requireFree(List<String> urls, long except) {
    boolean taken =
        present.values().stream()
            .filter(each -> each.getID() != except)
            .flatMap(each -> each.getPeerURLsList().stream())
            .anyMatch(urls::contains);
    if (taken) {
      throw EtcdError.PEER_URLS_EXIST.exception();
    }
  }

  /** Removes one, for good. */
  public MemberRemoveResponse remove(MvccStore store, long id) {
    Member _ = required(id);
    Map<Long, Member> left = copy();
    left.remove(id);
    present = left;
    removed =
        java.util.stream.Stream.concat(removed.stream(), java.util.stream.Stream.of(id))
            .collect(Collectors.toUnmodifiableSet());
    store.alongside(changes -> {
      changes.delete(Bucket.MEMBERS, key(id));
      changes.put(Bucket.MEMBERS_REMOVED, key(id), "removed".getBytes(StandardCharsets.UTF_8));
    });
    return MemberRemoveResponse.newBuilder().addAllMembers(all()).build();
  }

  /** Gives one other peer URLs. */
  public MemberUpdateResponse update(MvccStore store, long id, List<String> peerUrls) {
    Member member = required(id);
    requireFree(peerUrls, id);
    put(store, member.toBuilder().clearPeerURLs().addAllPeerURLs(peerUrls).build());
    return MemberUpdateResponse.newBuilder().addAllMembers(all()).build();
  }

  /** Makes a voter of a learner. */
  public MemberPromoteResponse promote(MvccStore store, long id) {
    Member member = required(id);
    if (!member.getIsLearner()) {
      throw EtcdError.MEMBER_NOT_LEARNER.exception();
    }
    put(store, member.toBuilder().clearIsLearner().build());
    return MemberPromoteResponse.newBuilder().addAllMembers(all()).build();
  }

  /** Enters what a member told of itself; one that was removed meanwhile has nothing to tell. */
  public void publish(MvccStore store, MemberPublished told) {
    Member member = present.get(told.getId());
    if (member != null) {
      put(
          store,
          member.toBuilder()
              .setName(told.getName())
              .clearClientURLs()
              .addAllClientURLs(told.getClientUrlsList())
              .build());
    }
  }

  private Member required(long id) {
    Member member = present.get(id);
    if (member == null) {
      throw EtcdError.MEMBER_NOT_FOUND.exception();
    }
    return member;
  }

  private void put(MvccStore store, Member member) {
    Map<Long, Member> changed = copy();
    changed.put(member.getID(), member);
    present = changed;
    store.alongside(
        changes -> changes.put(Bucket.MEMBERS, key(member.getID()), member.toByteArray()));
  }

  private Map<Long, Member> copy() {
    Map<Long, Member> copy = new TreeMap<>(Long::compareUnsigned);
    copy.putAll(present);
    return copy;
  }

  private static byte[] key(long id) {
    return ClusterIds.text(id).getBytes(StandardCharsets.UTF_8);
  }
}
