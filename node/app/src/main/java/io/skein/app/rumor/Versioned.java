package io.skein.app.rumor;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// The form that all rumors share: a deterministic-CBOR array that begins with the format's
/// version, of at most 16,384 bytes.
final class Versioned {
  /// Longest text in UTF-8 bytes.
  static final int MAX_TEXT = 256;

  private static final CborLimits LIMITS = new CborLimits(16_384, 6, 4_096);

  /// What the items of a list may take, so that all of it is within [#LIMITS].
  private static final int MAX_ITEM_BYTES = 15_000;

  private Versioned() {}

  /// Reads what follows.
  interface Fields<T> {
    T read(CborReader in) throws CborException;
  }

  /// Begins an array of `count`, the version included.
  static CborWriter array(int count) {
    return new CborWriter().array(count).unsigned(Rumor.VERSION);
  }

  /// Reads an array of `count`, the version included; nothing if it is not exactly that.
  static <T> Optional<T> read(byte[] bytes, int count, Fields<T> fields) {
    try {
      CborReader in = new CborReader(bytes, LIMITS);
      in.arrayOf(count);
      if (in.integer(0, Integer.MAX_VALUE) != Rumor.VERSION) {
        return Optional.empty();
      }
      T value = fields.read(in);
      in.end();
      return Optional.of(value);
    } catch (CborException e) {
      return Optional.empty();
    }
  }

  /// Reads a list of at most `most` items.
  static <T> List<T> list(CborReader in, int most, Fields<T> item) throws CborException {
    int count = in.array(most);
    List<T> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      items.add(item.read(in));
    }
    return items;
  }

  /// Reads a list of at most `most` arrays of `fields` each.
  static <T> List<T> list(CborReader in, int most, int fields, Fields<T> item)
      throws CborException {
    return list(
        in,
        most,
        each -> {
          each.arrayOf(fields);
          return item.read(each);
        });
  }

  /// As many of the items, in their order, as fit into a rumor: at most `most`, and `head` bytes
  /// with what each `takes` at its longest.
  static <T> List<T> fitting(List<T> items, int most, int head, ToIntFunction<T> takes) {
    int bytes = head;
    int count = 0;
    while (count < items.size() && count < most) {
      bytes += takes.applyAsInt(items.get(count));
      if (bytes > MAX_ITEM_BYTES) {
        break;
      }
      count++;
    }
    return items.subList(0, count);
  }
}
