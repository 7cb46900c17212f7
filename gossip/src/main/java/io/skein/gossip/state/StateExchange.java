package io.skein.gossip.state;

import io.skein.gossip.state.StateMessage.Answer;
import io.skein.gossip.state.StateMessage.Delta;
import io.skein.gossip.state.StateMessage.Digest;
import io.skein.gossip.state.StateMessage.Item;
import io.skein.gossip.state.StateMessage.Known;
import io.skein.gossip.state.StateMessage.Update;
import io.skein.gossip.transport.PeerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Spreads each node's map of small values to all nodes.
///
/// Every put of an owner gets the next number of its counter, so that "all of owner o up to n" sums
/// up what a node knows of o. On each tick a node sends that summary of every owner, its digest, to
/// a few random peers. The peer answers with what the digest lacks and asks for what it lacks
/// itself; the asker sends that: one exchange makes both equal (push-pull, as in Scuttlebutt [1]).
/// Values travel in the order of their counters, so a message may be cut anywhere; a cut message
/// says so and is followed by a further digest. A value that is overwritten while it travels is
/// simply not sent. Lost, doubled and reordered messages cost time only.
///
/// An owner's later life (a greater incarnation) replaces the earlier one as a whole. A node that
/// meets a greater incarnation of itself, because its clock went back, steps over it and puts its
/// values anew.
///
/// Not signed: an admitted peer can claim values for others. What must not be forged belongs into
/// the ledger.
///
/// Confined to one thread. Deterministic in its arguments.
///
/// 1. R. van Renesse, D. Dumitriu, V. Gough, C. Thomas: "Efficient Reconciliation and Flow Control
///    for Anti-Entropy Protocols", LADIS 2008.
public final class StateExchange {
  private final PeerId self;
  private final StateOutbox outbox;
  private final RandomGenerator random;
  private final StateConfig config;
  private final StateListener listener;
  private final StateTable table;
  private final PendingDigests pending = new PendingDigests();
  private List<PeerId> peers = List.of();
  private long counter;
  private long sent;
  private long received;
  private long malformed;

  /// A node without values and peers.
  ///
  /// @param incarnation greater than in every earlier life of this node, > 0: the start in
  ///   milliseconds since 1970 will do
  public StateExchange(
      PeerId self,
      long incarnation,
      StateOutbox outbox,
      StateListener listener,
      RandomGenerator random,
      StateConfig config) {
    if (incarnation <= 0) {
      throw new IllegalArgumentException("incarnation: " + incarnation + " (expected: > 0)");
    }
    this.self = self;
    this.outbox = outbox;
    this.listener = listener;
    this.random = random;
    this.config = config;
    this.table = new StateTable(self, incarnation, listener, config);
  }

  /// Whom to exchange with from now on. This node itself is ignored.
  public void peers(Set<PeerId> reachable) {
    SortedSet<PeerId> sorted = new TreeSet<>(reachable);
    sorted.remove(self);
    peers = List.copyOf(sorted);
    pending.retain(sorted);
  }

  /// Sets one of this node's values; `value` is kept.
  ///
  /// @throws IllegalArgumentException if key, value or number of keys break a limit
  public void put(String key, byte[] value, long nowNanos) {
    own(key, value, nowNanos);
  }

  /// As [#put], and tells every peer at once.
  public void putUrgent(String key, byte[] value, long nowNanos) {
    Item item = own(key, value, nowNanos);
    Delta delta = new Delta(self, table.own().incarnation(), counter - 1, counter, List.of(item));
    for (PeerId peer : peers) {
      send(peer, new Update(List.of(delta), false));
    }
  }

  private Item own(String key, byte[] value, long nowNanos) {
    if (!StateCodec.isKey(key)) {
      throw new IllegalArgumentException("key: " + key + " (expected: 1 to 64 of a-z 0-9 - . _ /)");
    }
    if (value.length > StateConfig.MAX_VALUE_BYTES) {
      throw new IllegalArgumentException("value: " + value.length + " bytes (expected: <= 16384)");
    }
    if (!table.own().hasRoomFor(key)) {
      throw new IllegalArgumentException("key: " + key + " (expected: at most 64 keys)");
    }
    Item item = new Item(key, ++counter, value);
    table.own().put(item, nowNanos);
    table
        .own()
        .advance(
            new Delta(self, table.own().incarnation(), counter - 1, counter, List.of()), nowNanos);
    return item;
  }

  /// Sends digests to random peers and forgets owners long gone. Meant for every 200 ms.
  public void tick(long nowNanos) {
    pending.expire(nowNanos);
    table.forget(Set.copyOf(peers), nowNanos);
    List<PeerId> chosen = new ArrayList<>(peers);
    int count = Math.min(config.fanout(), chosen.size());
    for (int i = 0; i < count; i++) {
      Collections.swap(chosen, i, i + random.nextInt(chosen.size() - i));
      digest(chosen.get(i), nowNanos);
    }
  }

  private void digest(PeerId to, long nowNanos) {
    long nonce = random.nextLong();
    pending.add(to, nonce, nowNanos);
    send(to, new Digest(nonce, table.known()));
  }

  /// Takes in a message of a peer; one that is malformed is counted and dropped.
  public void receive(PeerId from, byte[] message, long nowNanos) {
    received++;
    Optional<StateMessage> decoded = StateCodec.decode(message);
    if (decoded.isEmpty() || from.equals(self)) {
      malformed++;
      return;
    }
    switch (decoded.get()) {
      case Digest(long nonce, List<Known> known) -> answer(from, nonce, known, nowNanos);
      case Answer(long nonce, List<Known> wanted, List<Delta> deltas, boolean more) -> {
        long rttNanos = pending.answered(from, nonce, nowNanos);
        if (rttNanos >= 0) {
          listener.roundTrip(from, rttNanos, nowNanos);
        }
        apply(from, deltas, more, nowNanos);
        if (!wanted.isEmpty()) {
          StateTable.Batch batch = table.missing(wanted, false, config.messageBytes() - 4);
          if (!batch.deltas().isEmpty()) {
            send(from, new Update(batch.deltas(), batch.more()));
          }
        }
      }
      case Update(List<Delta> deltas, boolean more) -> apply(from, deltas, more, nowNanos);
    }
  }

  private void answer(PeerId from, long nonce, List<Known> known, long nowNanos) {
    stepOverEarlierLife(known.stream().filter(k -> k.owner().equals(self)).findFirst(), nowNanos);
    List<Known> wanted = table.wanted(known);
    int room =
        config.messageBytes()
            - StateCodec.ANSWER_HEAD_BYTES
            - StateCodec.KNOWN_BYTES * wanted.size();
    StateTable.Batch batch = table.missing(known, true, room);
    send(from, new Answer(nonce, wanted, batch.deltas(), batch.more()));
  }

  private void apply(PeerId from, List<Delta> deltas, boolean more, long nowNanos) {
    boolean progress = false;
    for (Delta delta : deltas) {
      if (delta.owner().equals(self)) {
        stepOverEarlierLife(
            Optional.of(new Known(self, delta.incarnation(), delta.upTo())), nowNanos);
      } else {
        progress |= table.apply(delta, nowNanos);
      }
    }
    if (more && progress) {
      digest(from, nowNanos);
    }
  }

  private void stepOverEarlierLife(Optional<Known> claimed, long nowNanos) {
    if (claimed.isEmpty()) {
      return;
    }
    Known known = claimed.get();
    OwnedState own = table.own();
    boolean ahead =
        known.incarnation() > own.incarnation()
            || (known.incarnation() == own.incarnation() && known.counter() > counter);
    if (ahead) {
      counter = table.restartOwn(known.incarnation() + 1, nowNanos);
    }
  }

  private void send(PeerId to, StateMessage message) {
    sent++;
    outbox.send(to, StateCodec.encode(message));
  }

  /// The value `owner` has for `key`, as far as known here.
  public Optional<StateEntry> entry(PeerId owner, String key) {
    return table.entry(owner, key);
  }

  /// Every node of which values are held, this one included.
  public SortedSet<PeerId> owners() {
    return table.owners();
  }

  /// What was done so far.
  public StateCounters counters() {
    return new StateCounters(sent, received, malformed, table.refused(), table.applied());
  }
}
