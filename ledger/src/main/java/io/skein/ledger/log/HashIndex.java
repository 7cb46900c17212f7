package io.skein.ledger.log;

import io.skein.ledger.record.Hash;
import java.nio.ByteBuffer;
import java.util.function.LongPredicate;

/// Finds a record's place by its hash. Open addressing over the hash's first eight bytes: 16 bytes
/// a slot, at most half of them taken. Eight bytes may collide: the asker checks each place
/// offered.
final class HashIndex {
  private static final long FREE = -1;
  private long[] keys = new long[64];
  private long[] places = filled(64);
  private int count;

  /// Forgets everything.
  void clear() {
    keys = new long[64];
    places = filled(64);
    count = 0;
  }

  /// Notes `hash` at `place`, 0 or more.
  void put(Hash hash, long place) {
    if (count >= keys.length / 2) {
      grow();
    }
    insert(key(hash), place);
  }

  /// The first place noted for such a hash that `right` confirms, or −1.
  long find(Hash hash, LongPredicate right) {
    long key = key(hash);
    for (int slot = slot(key); places[slot] != FREE; slot = (slot + 1) & (keys.length - 1)) {
      if (keys[slot] == key && right.test(places[slot])) {
        return places[slot];
      }
    }
    return -1;
  }

  private void insert(long key, long place) {
    int slot = slot(key);
    while (places[slot] != FREE) {
      slot = (slot + 1) & (keys.length - 1);
    }
    keys[slot] = key;
    places[slot] = place;
    count++;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldPlaces = places;
    keys = new long[oldKeys.length * 2];
    places = filled(oldKeys.length * 2);
    count = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldPlaces[i] != FREE) {
        insert(oldKeys[i], oldPlaces[i]);
      }
    }
  }

  private int slot(long key) {
    return (int) key & (keys.length - 1);
  }

  private static long key(Hash hash) {
    return ByteBuffer.wrap(hash.toBytes()).getLong();
  }

  private static long[] filled(int length) {
    long[] places = new long[length];
    java.util.Arrays.fill(places, FREE);
    return places;
  }
}
