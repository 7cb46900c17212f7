package io.skein.ledger.receipt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Bytes outside the Java heap that live until they are closed. A window's receipts outlive every
/// young collection and die all at once: within the heap they would fill the old generation, at
/// thousands of requests a second to its limit within a minute.
///
/// Confined to the thread that made it. Not closed, its memory is lost. The JVM's limit of direct
/// memory (`-XX:MaxDirectMemorySize`) does not count it: who asks for it must have a budget.
final class OffHeap implements AutoCloseable {
  private static final ValueLayout.OfLong BIG_ENDIAN =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Room room;
  private Arena arena = Arena.ofConfined();
  private MemorySegment bytes;

  /// Where the memory comes from.
  @FunctionalInterface
  interface Room {
    /// As much as the operating system gives the process.
    Room DIRECT = (arena, size) -> arena.allocate(size, Long.BYTES);

    /// @return bytes, all zero
    /// @throws OutOfMemoryError if there is not enough
    MemorySegment take(Arena arena, long size);
  }

  /// @param size bytes, all zero
  /// @throws OutOfMemoryError if there is no room
  OffHeap(Room room, long size) {
    this.room = room;
    this.bytes = room.take(arena, size);
  }

  long size() {
    return bytes.byteSize();
  }

  /// Takes another size; keeps what fits. What is new is zero.
  ///
  /// @throws OutOfMemoryError if there is no room; then nothing has changed
  void resize(long size) {
    Arena next = Arena.ofConfined();
    MemorySegment other = room.take(next, size);
    MemorySegment.copy(bytes, 0, other, 0, Math.min(size, bytes.byteSize()));
    arena.close();
    arena = next;
    bytes = other;
  }

  void put(long at, byte[] from, int fromAt, int length) {
    MemorySegment.copy(from, fromAt, bytes, ValueLayout.JAVA_BYTE, at, length);
  }

  byte[] get(long at, int length) {
    byte[] copy = new byte[length];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, copy, 0, length);
    return copy;
  }

  void putShort(long at, int value) {
    bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
  }

  int getShort(long at) {
    return bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffff;
  }

  /// @param index counted in ints
  void putInt(long index, int value) {
    bytes.setAtIndex(ValueLayout.JAVA_INT, index, value);
  }

  /// @param index counted in ints
  int getInt(long index) {
    return bytes.getAtIndex(ValueLayout.JAVA_INT, index);
  }

  /// The first of these bytes is the most significant.
  long getLong(long at) {
    return bytes.get(BIG_ENDIAN, at);
  }

  @Override
  public void close() {
    arena.close();
  }
}
