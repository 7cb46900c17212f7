package io.skein.ledger.vectors;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// CBOR into plain objects, for comparing with CDDL: also the map and the tag that the envelope of
/// a record has. Knows nothing of the module's own reader.
final class AnyCbor {
  /// A tag and what it tags.
  record Tagged(long number, Object content) {}

  private final ByteBuffer in;

  private AnyCbor(byte[] bytes) {
    in = ByteBuffer.wrap(bytes);
  }

  /// The one item that the bytes are.
  static Object read(byte[] bytes) {
    AnyCbor reader = new AnyCbor(bytes);
    Object item = reader.item();
    if (reader.in.hasRemaining()) {
      throw new IllegalArgumentException("bytes behind the item");
    }
    return item;
  }

  /// Whether the bytes are one item, and one that the test takes.
  static boolean holds(byte[] bytes, Predicate<Object> test) {
    Object item;
    try {
      item = read(bytes);
    } catch (IllegalArgumentException | ArithmeticException | BufferUnderflowException _) {
      return false;
    }
    return test.test(item);
  }

  static boolean same(Object one, Object other) {
    return one instanceof byte[] bytes
        ? other instanceof byte[] others && Arrays.equals(bytes, others)
        : one.equals(other);
  }

  /// Bytes of a byte string or of a text's UTF-8.
  static int size(Object item) {
    return switch (item) {
      case byte[] bytes -> bytes.length;
      case String text -> text.getBytes(StandardCharsets.UTF_8).length;
      default -> throw new IllegalArgumentException("no size: " + item);
    };
  }

  private Object item() {
    int head = in.get() & 0xff;
    int major = head >> 5;
    if (major == 7) {
      return switch (head) {
        case 0xf4 -> false;
        case 0xf5 -> true;
        default -> throw new IllegalArgumentException("simple value " + head);
      };
    }
    BigInteger argument = argument(head & 31);
    return switch (major) {
      case 0 -> argument;
      case 1 -> argument.not();
      case 2 -> bytes(argument.intValueExact());
      case 3 -> new String(bytes(argument.intValueExact()), StandardCharsets.UTF_8);
      case 4 -> {
        List<Object> items = new ArrayList<>();
        for (int left = argument.intValueExact(); left > 0; left--) {
          items.add(item());
        }
        yield items;
      }
      case 5 -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int left = argument.intValueExact(); left > 0; left--) {
          map.put(item(), item());
        }
        yield map;
      }
      default -> new Tagged(argument.longValueExact(), item());
    };
  }

  private byte[] bytes(int length) {
    if (length > in.remaining()) {
      throw new IllegalArgumentException("length " + length);
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private BigInteger argument(int info) {
    return info < 24 ? BigInteger.valueOf(info) : new BigInteger(1, bytes(1 << (info - 24)));
  }
}
