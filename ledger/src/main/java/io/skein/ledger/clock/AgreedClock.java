package io.skein.ledger.clock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/// A node's wall clock, but not where it is wrong: Unix milliseconds that follow the wall clock
/// while it is near what most of the mesh says, and what most of the mesh says otherwise.
///
/// Two things correct it. A wall clock that jumps, measured by the monotonic one, is not followed
/// until [#compare] finds that others have that time too. And where more than half of all wall
/// clocks, those that are not heard included, agree on a time that is far from this one's, that
/// time is taken. Less than a majority changes nothing: neither liars that are fewer than that, nor
/// the few that are left in a small part of a split mesh.
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

  /// Takes note of others' clocks; meant for every second.
  ///
  /// @param others what the wall clocks of the peers that are heard show now, one for each
  /// @param peers how many there are, heard or not: as many as `others` or more
  /// @throws IllegalArgumentException if `peers` is less
  public synchronized void compare(Collection<Long> others, int peers) {
    if (peers < others.size()) {
      throw new IllegalArgumentException(
          "peers: " + peers + " (expected: >= " + others.size() + ")");
    }
    long wall = wall();
    if (peers == 0) {
      correctionMillis = 0;
      return;
    }
    List<Long> offsets = new ArrayList<>();
    others.forEach(other -> offsets.add(other - wall));
    offsets.add(0L);
    if (peers == 1) {
      // Of two none is more than half: the time so far decides which of them has changed.
      offsets.add(correctionMillis);
    }
    Collections.sort(offsets);
    long median = offsets.get((offsets.size() - 1) / 2);
    long agreeing = offsets.stream().filter(offset -> near(offset, median)).count();
    int unheard = peers - others.size();
    if (2 * agreeing <= offsets.size() + unheard) {
      return;
    }
    if (near(median, 0)) {
      correctionMillis = 0;
    } else if (!near(median, correctionMillis)) {
      correctionMillis = median;
    }
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
