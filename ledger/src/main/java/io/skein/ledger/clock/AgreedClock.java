package io.skein.ledger.clock;

import io.skein.ledger.key.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// A node's wall clock, but not where it is wrong: Unix milliseconds that follow the wall clock
/// while it is near what most of the mesh says, and what most of the mesh says otherwise.
///
/// Two things correct it. A wall clock that jumps, measured by the monotonic one, is not followed
/// until [#compare] finds that others have that time too. And where more than half of all wall
/// clocks, and of all branches more than half, agree on a time that is far from this one's, that
/// time is taken; those that are not heard count as well. Less than a majority changes nothing:
/// neither liars that are fewer than that, nor the few that are left in a small part of a split
/// mesh.
///
/// A branch is a member with all whom it let in, and shows the median of what they show. Both are
/// asked for, so that a member gains nothing by inviting more nodes than there are others, nor do
/// few nodes that invited nobody by being more branches than the rest. The price: either can keep a
/// wrong clock from being set right, and set none wrong.
///
/// So a node among others that are right for the most part dates its records within twice the
/// tolerance of theirs, but for the first moments after its start. Whoever knows no other node
/// follows its own wall clock.
///
/// May jump in any direction. Any thread.
public final class AgreedClock implements LongSupplier {
  /// A wall clock that is off by no more than this is followed.
  public static final long TOLERANCE_MILLIS = 10_000;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LongSupplier wallMillis;
  private final LongSupplier nowNanos;
  private long seenMillis;
  private long seenNanos;
  private long correctionMillis;

  /// @param wallMillis Unix milliseconds, which may jump in any direction
  /// @param nowNanos a clock that only runs on, from any origin
  public AgreedClock(LongSupplier wallMillis, LongSupplier nowNanos) {
    this.wallMillis = wallMillis;
    this.nowNanos = nowNanos;
    this.seenMillis = wallMillis.getAsLong();
    this.seenNanos = nowNanos.getAsLong();
  }

  /// The time, in Unix milliseconds.
  @Override
  public synchronized long getAsLong() {
    return wall() + correctionMillis;
  }

  /// What the wall clock shows, right or wrong.
  public long wallMillis() {
    return wallMillis.getAsLong();
  }

  /// How far the time is ahead of the wall clock; 0 while that is followed.
  public synchronized long correctionMillis() {
    return correctionMillis;
  }

  /// Another node's clock.
  ///
  /// @param branch with whom it counts: the member that begins its branch
  /// @param wallMillis what its wall clock shows now; empty if that is not heard
  public record Peer(NodeId branch, OptionalLong wallMillis) {}

  /// Takes note of others' clocks; meant for every second.
  ///
  /// @param branch with whom this node counts
  /// @param peers all there are, heard or not
  public synchronized void compare(NodeId branch, Collection<Peer> peers) {
    long wall = wall();
    if (peers.isEmpty()) {
      correctionMillis = 0;
      return;
    }
    Map<NodeId, List<Long>> heard = new TreeMap<>();
    heard.computeIfAbsent(branch, _ -> new ArrayList<>()).add(0L);
    for (Peer peer : peers) {
      List<Long> offsets = heard.computeIfAbsent(peer.branch(), _ -> new ArrayList<>());
      peer.wallMillis().ifPresent(other -> offsets.add(other - wall));
    }
    List<Long> nodes = new ArrayList<>();
    List<Long> branches = new ArrayList<>();
    for (List<Long> offsets : heard.values()) {
      if (!offsets.isEmpty()) {
        nodes.addAll(offsets);
        branches.add(median(offsets));
      }
    }
    int unheardNodes = peers.size() + 1 - nodes.size();
    int unheardBranches = heard.size() - branches.size();
    if (peers.size() == 1) {
      // Of two none is more than half: the time so far decides which of them has changed.
      nodes.add(correctionMillis);
      branches.add(correctionMillis);
    }
    long agreed = median(branches);
    if (isOfMost(agreed, branches, unheardBranches) && isOfMost(agreed, nodes, unheardNodes)) {
      follow(agreed);
    }
  }

  private void follow(long offset) {
    if (near(offset, 0)) {
      correctionMillis = 0;
    } else if (!near(offset, correctionMillis)) {
      correctionMillis = offset;
    }
  }

  /// The lower one, of an even number.
  private static long median(List<Long> offsets) {
    return offsets.stream().sorted().skip((offsets.size() - 1) / 2).findFirst().orElseThrow();
  }

  private static boolean isOfMost(long offset, List<Long> offsets, int unheard) {
    long agreeing = offsets.stream().filter(each -> near(each, offset)).count();
    return 2 * agreeing > offsets.size() + unheard;
  }

  private long wall() {
    long wall = wallMillis.getAsLong();
    long nanos = nowNanos.getAsLong();
    long jump = wall - seenMillis - (nanos - seenNanos) / NANOS_PER_MILLI;
    seenMillis = wall;
    seenNanos = nanos;
    if (!near(jump, 0)) {
      long kept = correctionMillis - jump;
      correctionMillis = near(kept, 0) ? 0 : kept;
    }
    return wall;
  }

  private static boolean near(long one, long other) {
    return Math.abs(one - other) <= TOLERANCE_MILLIS;
  }
}
