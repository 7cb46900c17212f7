package io.skein.routing.predict;

import io.skein.routing.candidate.RequestClass;

/// Which hashes are which classes, as of a moment. Immutable.
final class ClassTable {
  private final long[] hashes;
  private final byte[] numbers;
  private final RequestClass[] safe;
  private final RequestClass[] unsafe;

  /// @param byNumber the hash of each class, 0 for a number that is free; at most 127
  ClassTable(String service, long[] byNumber) {
    int slots = Integer.highestOneBit(Math.max(1, byNumber.length)) * 4;
    hashes = new long[slots];
    numbers = new byte[slots];
    safe = new RequestClass[byNumber.length];
    unsafe = new RequestClass[byNumber.length];
    for (int number = 0; number < byNumber.length; number++) {
      safe[number] = new RequestClass(service, true, number);
      unsafe[number] = new RequestClass(service, false, number);
      if (byNumber[number] != 0) {
        int slot = slot(byNumber[number]);
        while (hashes[slot] != 0) {
          slot = slot + 1 & slots - 1;
        }
        hashes[slot] = byNumber[number];
        numbers[slot] = (byte) number;
      }
    }
  }

  /// The number of a class, [RequestClass#OTHER] if it has none.
  int number(long hash) {
    for (int slot = slot(hash); hashes[slot] != 0; slot = slot + 1 & hashes.length - 1) {
      if (hashes[slot] == hash) {
        return numbers[slot];
      }
    }
    return RequestClass.OTHER;
  }

  RequestClass of(int number, boolean idempotent) {
    return idempotent ? safe[number] : unsafe[number];
  }

  private int slot(long hash) {
    return (int) hash & hashes.length - 1;
  }
}
