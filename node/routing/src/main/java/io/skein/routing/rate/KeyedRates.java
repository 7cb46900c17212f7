package io.skein.routing.rate;

import java.util.concurrent.atomic.AtomicLongArray;

/// A token bucket for each of many keys, in a table of fixed size. Any thread; no locks; allocates
/// nothing after construction: 16 bytes a place.
///
/// The table is a cache of eight ways: a key's hash tells its set, and its bucket lies in one of
/// the set's eight places. A bucket whose time has passed is full and therefore the same as one
/// that was never seen: its place is free. If all eight are in use, the one that is full soonest,
/// which is the one used least, gives way: forgetting errs in favour of clients, by one burst, and
/// only when more keys are active than fit.
///
/// Keys are 64-bit hashes under a secret of this process: two keys with the same hash share a
/// bucket, which a client cannot bring about on purpose. A key that loses its place in the middle
/// of another thread's request may be counted once too often or too little.
public final class KeyedRates {
  /// Places by default: 65,536, 1 MiB.
  public static final int DEFAULT_PLACES = 1 << 16;

  private static final int WAYS = 8;
  private static final long FREE = 0;

  private final long secret;
  private final int sets;
  private final AtomicLongArray keys;
  private final AtomicLongArray tats;

  /// @param places how many keys there is room for: 8 to 2^24, rounded up to a power of two
  /// @param secret random
  public KeyedRates(int places, long secret) {
    if (places < WAYS || places > 1 << 24) {
      throw new IllegalArgumentException("places: " + places + " (expected: 8..2^24)");
    }
    int size = Integer.highestOneBit(places - 1) << 1;
    this.sets = size / WAYS;
    this.secret = secret;
    this.keys = new AtomicLongArray(size);
    this.tats = new AtomicLongArray(size);
  }

  /// Takes a request of a key.
  ///
  /// @return [Rate#ADMITTED], or how many nanoseconds later one would be
  public long take(CharSequence key, Rate rate, long nowNanos) {
    return take(hash(key), rate, nowNanos);
  }

  /// Takes a request of a key that is a number already.
  public long take(long key, Rate rate, long nowNanos) {
    long hash = mixed(key ^ secret);
    hash = hash == FREE ? 1 : hash;
    int first = (int) (hash >>> 40) % sets * WAYS;
    int at = find(hash, first, nowNanos);
    while (true) {
      long old = tats.get(at);
      long ahead = rate.aheadNanos(old, nowNanos);
      if (ahead == 0) {
        return rate.waitNanos(old, nowNanos);
      }
      if (tats.compareAndSet(at, old, nowNanos + ahead)) {
        return Rate.ADMITTED;
      }
    }
  }

  // The key's place; if it has none it gets the one whose bucket is full soonest.
  private int find(long hash, int first, long nowNanos) {
    int soonest = first;
    long soonestAhead = Long.MAX_VALUE;
    for (int i = first; i < first + WAYS; i++) {
      long held = keys.get(i);
      if (held == hash) {
        return i;
      }
      long ahead = held == FREE ? Long.MIN_VALUE : tats.get(i) - nowNanos;
      if (ahead < soonestAhead) {
        soonestAhead = ahead;
        soonest = i;
      }
    }
    long held = keys.get(soonest);
    if (held == hash) {
      return soonest;
    }
    if (keys.compareAndSet(soonest, held, hash)) {
      tats.set(soonest, nowNanos);
    }
    return soonest;
  }

  /// Places in use: keys whose buckets are not full.
  public int active(long nowNanos) {
    int active = 0;
    for (int i = 0; i < keys.length(); i++) {
      if (keys.get(i) != FREE && tats.get(i) - nowNanos > 0) {
        active++;
      }
    }
    return active;
  }

  private long hash(CharSequence key) {
    long hash = secret;
    for (int i = 0; i < key.length(); i++) {
      hash = mixed(hash + key.charAt(i));
    }
    return hash;
  }

  // The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
  private static long mixed(long value) {
    long z = value + 0x9e37_79b9_7f4a_7c15L;
    z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
    return z ^ z >>> 31;
  }
}
