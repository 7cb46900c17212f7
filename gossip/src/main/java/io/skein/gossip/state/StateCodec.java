package io.skein.gossip.state;

import io.skein.gossip.state.StateMessage.Answer;
import io.skein.gossip.state.StateMessage.Delta;
import io.skein.gossip.state.StateMessage.Digest;
import io.skein.gossip.state.StateMessage.Item;
import io.skein.gossip.state.StateMessage.Known;
import io.skein.gossip.state.StateMessage.Update;
import io.skein.gossip.transport.PeerId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The wire form: big endian, one type byte first, counts before lists.
///
/// ```
/// digest  1 nonce:8 known
/// answer  2 nonce:8 more:1 known deltas
/// update  3 more:1 deltas
/// known   count:2 (owner:16 incarnation:8 counter:8)*
/// deltas  count:2 (owner:16 incarnation:8 after:8 upTo:8 count:1 item*)*
/// item    keyLength:1 key counter:8 valueLength:2 value
/// ```
final class StateCodec {
  static final int ANSWER_HEAD_BYTES = 14;
  static final int KNOWN_BYTES = 32;
  static final int DELTA_HEAD_BYTES = 41;

  private static final long MAX_NUMBER = 1L << 62;

  private StateCodec() {}

  static int itemBytes(Item item) {
    return 11 + item.key().length() + item.value().length;
  }

  static byte[] encode(StateMessage message) {
    ByteBuffer out = ByteBuffer.allocate(size(message));
    switch (message) {
      case Digest(long nonce, List<Known> known) -> {
        out.put((byte) 1).putLong(nonce);
        putKnown(out, known);
      }
      case Answer(long nonce, List<Known> wanted, List<Delta> deltas, boolean more) -> {
        out.put((byte) 2).putLong(nonce).put(more ? (byte) 1 : 0);
        putKnown(out, wanted);
        putDeltas(out, deltas);
      }
      case Update(List<Delta> deltas, boolean more) -> {
        out.put((byte) 3).put(more ? (byte) 1 : 0);
        putDeltas(out, deltas);
      }
    }
    return out.array();
  }

  private static int size(StateMessage message) {
    return switch (message) {
      case Digest(long _, List<Known> known) -> 11 + KNOWN_BYTES * known.size();
      case Answer(long _, List<Known> wanted, List<Delta> deltas, boolean _) ->
          ANSWER_HEAD_BYTES + KNOWN_BYTES * wanted.size() + size(deltas);
      case Update(List<Delta> deltas, boolean _) -> 4 + size(deltas);
    };
  }

  private static int size(List<Delta> deltas) {
    int bytes = 0;
    for (Delta delta : deltas) {
      bytes += DELTA_HEAD_BYTES;
      for (Item item : delta.items()) {
        bytes += itemBytes(item);
      }
    }
    return bytes;
  }

  private static void putKnown(ByteBuffer out, List<Known> list) {
    out.putShort((short) list.size());
    for (Known known : list) {
      putPeer(out, known.owner()).putLong(known.incarnation()).putLong(known.counter());
    }
  }

  private static void putDeltas(ByteBuffer out, List<Delta> deltas) {
    out.putShort((short) deltas.size());
    for (Delta delta : deltas) {
      putPeer(out, delta.owner())
          .putLong(delta.incarnation())
          .putLong(delta.after())
          .putLong(delta.upTo());
      out.put((byte) delta.items().size());
      for (Item item : delta.items()) {
        byte[] key = item.key().getBytes(StandardCharsets.US_ASCII);
        out.put((byte) key.length).put(key).putLong(item.counter());
        out.putShort((short) item.value().length).put(item.value());
      }
    }
  }

  private static ByteBuffer putPeer(ByteBuffer out, PeerId peer) {
    return out.putLong(peer.high()).putLong(peer.low());
  }

  /// Empty if `bytes` is not exactly one message within all limits.
  static Optional<StateMessage> decode(byte[] bytes) {
    if (bytes.length > StateConfig.MAX_MESSAGE_BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      StateMessage message =
          switch (in.get()) {
            case 1 -> new Digest(in.getLong(), known(in));
            case 2 -> {
              long nonce = in.getLong();
              boolean more = flag(in);
              yield new Answer(nonce, known(in), deltas(in), more);
            }
            case 3 -> {
              boolean more = flag(in);
              yield new Update(deltas(in), more);
            }
            default -> throw new IllegalArgumentException("type");
          };
      return in.hasRemaining() ? Optional.empty() : Optional.of(message);
    } catch (BufferUnderflowException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static boolean flag(ByteBuffer in) {
    byte value = in.get();
    require(value == 0 || value == 1);
    return value == 1;
  }

  private static List<Known> known(ByteBuffer in) {
    int count = Short.toUnsignedInt(in.getShort());
    require(count <= in.remaining() / KNOWN_BYTES);
    List<Known> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      PeerId owner = new PeerId(in.getLong(), in.getLong());
      list.add(new Known(owner, number(in), number(in)));
    }
    return list;
  }

  private static List<Delta> deltas(ByteBuffer in) {
    int count = Short.toUnsignedInt(in.getShort());
    require(count <= in.remaining() / DELTA_HEAD_BYTES);
    List<Delta> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      PeerId owner = new PeerId(in.getLong(), in.getLong());
      long incarnation = number(in);
      long after = number(in);
      long upTo = number(in);
      require(incarnation > 0 && after <= upTo);
      list.add(new Delta(owner, incarnation, after, upTo, items(in, after, upTo)));
    }
    return list;
  }

  private static List<Item> items(ByteBuffer in, long after, long upTo) {
    int count = Byte.toUnsignedInt(in.get());
    require(count <= StateConfig.MAX_KEYS);
    List<Item> items = new ArrayList<>(count);
    long last = after;
    for (int i = 0; i < count; i++) {
      byte[] key = take(in, Byte.toUnsignedInt(in.get()), StateConfig.MAX_KEY_LENGTH);
      String name = new String(key, StandardCharsets.US_ASCII);
      long counter = number(in);
      require(isKey(name) && counter > last && counter <= upTo);
      last = counter;
      byte[] value = take(in, Short.toUnsignedInt(in.getShort()), StateConfig.MAX_VALUE_BYTES);
      items.add(new Item(name, counter, value));
    }
    return items;
  }

  private static byte[] take(ByteBuffer in, int length, int limit) {
    require(length <= limit && length <= in.remaining());
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static long number(ByteBuffer in) {
    long value = in.getLong();
    require(value >= 0 && value < MAX_NUMBER);
    return value;
  }

  static boolean isKey(String key) {
    return !key.isEmpty()
        && key.length() <= StateConfig.MAX_KEY_LENGTH
        && key.chars()
            .allMatch(
                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-._/".indexOf(c) >= 0);
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("out of range");
    }
  }
}
