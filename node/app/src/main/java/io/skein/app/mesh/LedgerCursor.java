package io.skein.app.mesh;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// A place in a reading of the ledger: how far each feed has been read. It names feeds, not a
/// node's own bookkeeping, so that it holds on every node of the mesh and for ever.
///
/// Text form: `c.` and base64url of
///
/// | bytes | what |
/// | --- | --- |
/// | 1 | 1: read from old to new; 2: from new to old |
/// | 4 | the mesh: first bytes of its id |
/// | 8 + 1 to 9 for each feed | its tag, its seq as LEB128; in rising order of tags without sign |
/// | 4 | CRC32C over all that |
///
/// From old to new, the seq is the last one read, and a feed that is not named is not read at all.
/// From new to old, the seq is the next one to read, and a feed that is not named is done.
///
/// @param newestFirst in which order it reads
/// @param places seq by a feed's tag
record LedgerCursor(boolean newestFirst, SortedMap<Long, Long> places) {
  /// Longest text form; it holds 800 feeds of ten million records.
  static final int MAX_TEXT = 14_000;

  private static final String PREFIX = "c.";
  private static final int OLDEST = 1;
  private static final int NEWEST = 2;

  /// The text form; empty if it would be too long.
  Optional<String> text(byte[] meshId) {
    ByteBuffer out = ByteBuffer.allocate(9 + places.size() * 17);
    out.put((byte) (newestFirst ? NEWEST : OLDEST)).put(meshId, 0, 4);
    places.forEach((tag, seq) -> {
      out.putLong(tag);
      long rest = seq;
      while (rest > 0x7f) {
        out.put((byte) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      out.put((byte) rest);
    });
    out.putInt(checksum(out.array(), out.position()));
    String text =
        PREFIX
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOf(out.array(), out.position()));
    return text.length() <= MAX_TEXT ? Optional.of(text) : Optional.empty();
  }

  /// Reads a text form; empty for whatever is none of this mesh.
  static Optional<LedgerCursor> parse(String text, byte[] meshId) {
    if (!text.startsWith(PREFIX) || text.length() > MAX_TEXT) {
      return Optional.empty();
    }
    try {
      byte[] bytes =
          Base64.getUrlDecoder()
              .decode(text.substring(PREFIX.length()).getBytes(StandardCharsets.ISO_8859_1));
      ByteBuffer in = ByteBuffer.wrap(bytes);
      int order = in.get();
      byte[] mesh = new byte[4];
      in.get(mesh);
      int end = bytes.length - 4;
      boolean good =
          (order == OLDEST || order == NEWEST)
              && Arrays.equals(mesh, Arrays.copyOf(meshId, 4))
              && end >= in.position()
              && in.getInt(end) == checksum(bytes, end);
      if (!good) {
        return Optional.empty();
      }
      in.limit(end);
      LedgerCursor cursor = new LedgerCursor(order == NEWEST, places(in));
      // One place has one text: what the encoder would not write is none.
      return cursor.text(meshId).filter(text::equals).map(_ -> cursor);
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  private static SortedMap<Long, Long> places(ByteBuffer in) {
    SortedMap<Long, Long> places = unsigned();
    while (in.hasRemaining()) {
      long tag = in.getLong();
      long seq = 0;
      int shift = 0;
      byte next;
      do {
        next = in.get();
        if (shift > 56) {
          throw new IllegalArgumentException("seq: more than 9 bytes");
        }
        seq |= (long) (next & 0x7f) << shift;
        shift += 7;
      } while (next < 0);
      places.put(tag, seq);
    }
    return places;
  }

  /// An empty map in the order of tags.
  static SortedMap<Long, Long> unsigned() {
    return new TreeMap<>(Long::compareUnsigned);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return (int) sum.getValue();
  }
}
