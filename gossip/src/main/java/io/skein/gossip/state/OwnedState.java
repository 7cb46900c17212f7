package io.skein.gossip.state;

import io.skein.gossip.state.StateMessage.Delta;
import io.skein.gossip.state.StateMessage.Item;
import io.skein.gossip.state.StateMessage.Known;
import io.skein.gossip.transport.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One owner's values in its newest known life.
///
/// `contiguous` says that every value up to that counter is held or overwritten by a later one.
/// Values pushed out of order lie above it until the gap is filled by an exchange.
final class OwnedState {
  private final PeerId owner;
  private final long incarnation;
  private final TreeMap<String, StateEntry> entries = new TreeMap<>();
  private long contiguous;
  private long newsNanos;

  OwnedState(PeerId owner, long incarnation, long nowNanos) {
    this.owner = owner;
    this.incarnation = incarnation;
    this.newsNanos = nowNanos;
  }

  long incarnation() {
    return incarnation;
  }

  long contiguous() {
    return contiguous;
  }

  /// When something new of this owner last arrived.
  long newsNanos() {
    return newsNanos;
  }

  Known known() {
    return new Known(owner, incarnation, contiguous);
  }

  Optional<StateEntry> entry(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  Map<String, StateEntry> entries() {
    return entries;
  }

  /// Takes a value of a life that is this one.
  ///
  /// @return whether it is newer than what was held
  boolean put(Item item, long nowNanos) {
    StateEntry held = entries.get(item.key());
    if (held != null && held.version().counter() >= item.counter()) {
      return false;
    }
    StateVersion version = new StateVersion(incarnation, item.counter());
    entries.put(item.key(), new StateEntry(item.value(), version, nowNanos));
    newsNanos = nowNanos;
    return true;
  }

  boolean hasRoomFor(String key) {
    return entries.size() < StateConfig.MAX_KEYS || entries.containsKey(key);
  }

  /// @return whether more is known than before
  boolean advance(Delta delta, long nowNanos) {
    if (delta.after() > contiguous || delta.upTo() <= contiguous) {
      return false;
    }
    contiguous = delta.upTo();
    newsNanos = nowNanos;
    return true;
  }

  /// What a node lacks that knows this life up to `after`, as far as it fits in `room` bytes, in
  /// the owner's order so that the receiver is never left with a hole. Empty if nothing fits.
  Optional<Delta> since(long after, int room) {
    List<Map.Entry<String, StateEntry>> newer = new ArrayList<>();
    for (Map.Entry<String, StateEntry> entry : entries.entrySet()) {
      long counter = entry.getValue().version().counter();
      if (counter > after && counter <= contiguous) {
        newer.add(entry);
      }
    }
    newer.sort(Comparator.comparing(entry -> entry.getValue().version()));
    List<Item> items = new ArrayList<>();
    int left = room - StateCodec.DELTA_HEAD_BYTES;
    long upTo = after;
    for (Map.Entry<String, StateEntry> entry : newer) {
      StateEntry held = entry.getValue();
      Item item = new Item(entry.getKey(), held.version().counter(), held.value());
      left -= StateCodec.itemBytes(item);
      if (left < 0) {
        break;
      }
      items.add(item);
      upTo = item.counter();
    }
    boolean whole = items.size() == newer.size();
    if (left < 0 && items.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Delta(owner, incarnation, after, whole ? contiguous : upTo, items));
  }
}
