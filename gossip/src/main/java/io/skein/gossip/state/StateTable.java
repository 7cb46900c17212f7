package io.skein.gossip.state;

import io.skein.gossip.state.StateMessage.Delta;
import io.skein.gossip.state.StateMessage.Item;
import io.skein.gossip.state.StateMessage.Known;
import io.skein.gossip.transport.PeerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// All owners' values, the rules by which they change, and what one node lacks that another has.
final class StateTable {
  /// Deltas that fit, and whether some did not.
  record Batch(List<Delta> deltas, boolean more) {}

  private record Forgotten(StateVersion version, long atNanos) {}

  private final PeerId self;
  private final StateListener listener;
  private final StateConfig config;
  private final TreeMap<PeerId, OwnedState> owners = new TreeMap<>();
  // without these a forgotten owner would come back from a peer that has not forgotten it yet
  private final SequencedMap<PeerId, Forgotten> graves = new LinkedHashMap<>();
  private OwnedState own;
  private long refused;
  private long applied;

  StateTable(PeerId self, long incarnation, StateListener listener, StateConfig config) {
    this.self = self;
    this.listener = listener;
    this.config = config;
    this.own = new OwnedState(self, incarnation, 0);
    owners.put(self, own);
  }

  OwnedState own() {
    return own;
  }

  /// Puts this node's values anew under a later incarnation.
  ///
  /// @return the counter reached
  long restartOwn(long incarnation, long nowNanos) {
    OwnedState next = new OwnedState(self, incarnation, nowNanos);
    long counter = 0;
    for (Map.Entry<String, StateEntry> entry : own.entries().entrySet()) {
      next.put(new Item(entry.getKey(), ++counter, entry.getValue().value()), nowNanos);
    }
    next.advance(new Delta(self, incarnation, 0, counter, List.of()), nowNanos);
    own = next;
    owners.put(self, next);
    return counter;
  }

  List<Known> known() {
    List<Known> known = new ArrayList<>(owners.size());
    owners.values().forEach(state -> known.add(state.known()));
    return known;
  }

  /// Where `theirs` is ahead of what is held here.
  List<Known> wanted(List<Known> theirs) {
    List<Known> wanted = new ArrayList<>();
    for (Known known : theirs) {
      if (known.owner().equals(self) || known.incarnation() == 0 || isBuried(known)) {
        continue;
      }
      OwnedState held = owners.get(known.owner());
      if (held == null) {
        if (owners.size() + wanted.size() < config.maxOwners()) {
          wanted.add(new Known(known.owner(), known.incarnation(), 0));
        }
      } else if (known.incarnation() > held.incarnation()) {
        wanted.add(new Known(known.owner(), known.incarnation(), 0));
      } else if (known.incarnation() == held.incarnation() && known.counter() > held.contiguous()) {
        wanted.add(held.known());
      }
    }
    return wanted.size() <= config.maxOwners() ? wanted : wanted.subList(0, config.maxOwners());
  }

  /// What a node lacks that knows `theirs`; with `andUnlisted`, owners it does not name count as
  /// wholly unknown to it.
  Batch missing(List<Known> theirs, boolean andUnlisted, int room) {
    TreeMap<PeerId, Known> listed = new TreeMap<>();
    theirs.forEach(known -> listed.put(known.owner(), known));
    List<Delta> deltas = new ArrayList<>();
    boolean more = false;
    int left = room;
    for (Map.Entry<PeerId, OwnedState> owner : owners.entrySet()) {
      Known known = listed.get(owner.getKey());
      OwnedState held = owner.getValue();
      if ((known == null && !andUnlisted) || held.contiguous() == 0) {
        continue;
      }
      long after = 0;
      if (known != null && known.incarnation() == held.incarnation()) {
        after = known.counter();
      } else if (known != null && known.incarnation() > held.incarnation()) {
        continue;
      }
      if (after >= held.contiguous()) {
        continue;
      }
      Optional<Delta> delta = held.since(after, left);
      if (delta.isPresent()) {
        deltas.add(delta.get());
        left -= StateCodec.DELTA_HEAD_BYTES;
        left -= delta.get().items().stream().mapToInt(StateCodec::itemBytes).sum();
      }
      more |= delta.isEmpty() || delta.get().upTo() < held.contiguous();
    }
    return new Batch(deltas, more);
  }

  /// @return whether more is known than before
  boolean apply(Delta delta, long nowNanos) {
    if (isBuried(new Known(delta.owner(), delta.incarnation(), delta.upTo()))) {
      return false;
    }
    OwnedState held = owners.get(delta.owner());
    if (held != null && delta.incarnation() < held.incarnation()) {
      return false;
    }
    if (held == null && owners.size() >= config.maxOwners()) {
      refused++;
      return false;
    }
    if (held == null || delta.incarnation() > held.incarnation()) {
      if (held != null) {
        listener.forgotten(delta.owner());
      }
      held = new OwnedState(delta.owner(), delta.incarnation(), nowNanos);
      owners.put(delta.owner(), held);
      graves.remove(delta.owner());
    }
    for (Item item : delta.items()) {
      if (!held.hasRoomFor(item.key())) {
        refused++;
      } else if (held.put(item, nowNanos)) {
        applied++;
        held.entry(item.key()).ifPresent(e -> listener.changed(delta.owner(), item.key(), e));
      }
    }
    return held.advance(delta, nowNanos);
  }

  private boolean isBuried(Known known) {
    Forgotten grave = graves.get(known.owner());
    return grave != null
        && grave.version().compareTo(new StateVersion(known.incarnation(), known.counter())) >= 0;
  }

  /// Drops owners that are no peers and of which nothing new was heard for too long.
  void forget(Set<PeerId> peers, long nowNanos) {
    long limitNanos = config.forgetAfter().toNanos();
    graves.values().removeIf(grave -> nowNanos - grave.atNanos() > 2 * limitNanos);
    List<PeerId> gone = new ArrayList<>();
    for (Iterator<Map.Entry<PeerId, OwnedState>> i = owners.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<PeerId, OwnedState> entry = i.next();
      OwnedState state = entry.getValue();
      PeerId owner = entry.getKey();
      if (!owner.equals(self)
          && !peers.contains(owner)
          && nowNanos - state.newsNanos() > limitNanos) {
        StateVersion last = new StateVersion(state.incarnation(), state.contiguous());
        graves.put(owner, new Forgotten(last, nowNanos));
        if (graves.size() > config.maxOwners()) {
          graves.pollFirstEntry();
        }
        i.remove();
        gone.add(owner);
      }
    }
    gone.forEach(listener::forgotten);
  }

  Optional<StateEntry> entry(PeerId owner, String key) {
    OwnedState state = owners.get(owner);
    return state == null ? Optional.empty() : state.entry(key);
  }

  SortedSet<PeerId> owners() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(owners.keySet()));
  }

  long refused() {
    return refused;
  }

  long applied() {
    return applied;
  }
}
