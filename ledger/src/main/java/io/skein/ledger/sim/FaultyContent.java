package io.skein.ledger.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The bytes of a file on a [FaultyDisk]: what can be read, and what a power cut leaves of it.
///
/// As long as a file only grows between two forces, what was forced is the beginning of what can be
/// read, and one copy of it serves for both.
final class FaultyContent {
  /// What was done since the last force.
  private sealed interface Change {
    record Bytes(long at, byte[] bytes) implements Change {}

    record Cut(long size) implements Change {}
  }

  /// Bytes that can be written anywhere.
  private static final class Bytes {
    private byte[] bytes;
    private int size;

    Bytes(byte[] bytes, int size) {
      this.bytes = Arrays.copyOf(bytes, size);
      this.size = size;
    }

    void write(long at, byte[] from) {
      int start = Math.toIntExact(at);
      int end = Math.addExact(start, from.length);
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length + bytes.length / 2));
      }
      if (start > size) {
        Arrays.fill(bytes, size, start, (byte) 0);
      }
      System.arraycopy(from, 0, bytes, start, from.length);
      size = Math.max(size, end);
    }

    void cut(long to) {
      size = (int) Math.min(size, to);
    }
  }

  private Bytes now = new Bytes(new byte[0], 0);

  /// How much of [#now] was forced, where that is its beginning; or what was, where it is not.
  private int forcedSize;

  private Bytes forced = now;

  /// Whether a force has failed: what can be read is no longer what was forced with the changes
  /// since.
  private boolean failed;

  private final List<Change> changes = new ArrayList<>();

  int size() {
    return now.size;
  }

  /// As many bytes from `at` on as there are and fit.
  void read(ByteBuffer into, long at) {
    int from = (int) Math.min(at, now.size);
    into.put(now.bytes, from, Math.min(into.remaining(), now.size - from));
  }

  byte[] bytes() {
    return Arrays.copyOf(now.bytes, now.size);
  }

  /// Other bytes, on the disk at once.
  void put(byte[] bytes) {
    now = new Bytes(bytes, bytes.length);
    allForced();
  }

  private void allForced() {
    forced = now;
    forcedSize = now.size;
    failed = false;
    changes.clear();
  }

  /// Has what was forced no longer be the beginning of what can be read.
  private void part() {
    if (forced == now) {
      forced = new Bytes(now.bytes, forcedSize);
    }
  }

  void write(long at, byte[] bytes) {
    if (at < forcedSize) {
      part();
    }
    now.write(at, bytes);
    changes.add(new Change.Bytes(at, bytes));
  }

  /// Forgets what lies behind; no effect on a file that is no longer than that.
  void cut(long size) {
    if (size < now.size) {
      if (size < forcedSize) {
        part();
      }
      now.cut(size);
      changes.add(new Change.Cut(size));
    }
  }

  /// All changes are on the disk.
  void force() {
    if (!failed) {
      allForced();
      return;
    }
    for (Change change : changes) {
      switch (change) {
        case Change.Bytes(long at, byte[] bytes) -> forced.write(at, bytes);
        case Change.Cut(long size) -> forced.cut(size);
      }
    }
    changes.clear();
  }

  /// The changes can still be read, and will never be on the disk.
  void failForce() {
    if (!changes.isEmpty()) {
      part();
      failed = true;
      changes.clear();
    }
  }

  /// Bytes written since the last force.
  int unforced() {
    int written = 0;
    for (Change change : changes) {
      written += change instanceof Change.Bytes(_, byte[] bytes) ? bytes.length : 0;
    }
    return written;
  }

  /// What was not forced is gone, but for the first `kept` of the bytes written since.
  void crash(int kept) {
    if (forced == now && changes.isEmpty()) {
      return;
    }
    part();
    int left = kept;
    for (Change change : changes) {
      if (change instanceof Change.Bytes(long at, byte[] bytes) && left > 0) {
        byte[] reached = Arrays.copyOf(bytes, Math.min(left, bytes.length));
        left -= reached.length;
        forced.write(at, reached);
      }
    }
    now = forced;
    allForced();
  }
}
