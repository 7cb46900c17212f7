package io.skein.app.mesh;

import io.skein.app.rumor.WallClock;
import io.skein.gossip.membership.MemberState;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// Tells the peers what this node's wall clock shows, hears what theirs do, and has the ledger's
/// clock compare them.
///
/// Rumors reach a node by way of others, each of which could say what it likes in all names. So a
/// word is signed, and one that says that it is another time than here counts only if its signature
/// holds. One that agrees moves nothing and is taken as it is, which spares the signatures of a
/// mesh whose clocks are right. A word with a lower number than one heard before is not heard:
/// whoever kept it would show a clock that is behind.
///
/// Confined to the mesh thread.
final class WallClocks {
  // What was said longer ago says nothing about now.
  private static final long STALE_NANOS = 5_000_000_000L;
  // Numbers of a life, one a second, stay below those of the next.
  private static final int LIFE_BITS = 20;
  private static final long MOST_STARTED = 1L << 42;

  private final SigningKey key;
  private final Hash meshId;
  private final NodeId self;
  private final Peers peers;
  private final Kin kin;
  private final AgreedClock clock;
  private final Function<NodeId, Optional<PublicKey>> keyOf;
  private final Map<NodeId, Word> heard = new HashMap<>();
  private long number;

  /// The newest word of a peer, and whether its signature holds if that was looked at.
  private record Word(WallClock said, Optional<Boolean> sound) {}

  /// @param startedMillis the start of this process, Unix milliseconds
  /// @param keyOf the key of a member, if it is one
  WallClocks(
      SigningKey key,
      Hash meshId,
      NodeId self,
      long startedMillis,
      Peers peers,
      Kin kin,
      AgreedClock clock,
      Function<NodeId, Optional<PublicKey>> keyOf) {
    this.key = key;
    this.meshId = meshId;
    this.self = self;
    this.peers = peers;
    this.kin = kin;
    this.clock = clock;
    this.keyOf = keyOf;
    this.number = firstNumber(startedMillis);
  }

  /// Below the numbers of all words of this life, and above those of earlier ones, while there is
  /// no more than one a second.
  static long firstNumber(long startedMillis) {
    return Math.clamp(startedMillis, 0, MOST_STARTED) << LIFE_BITS;
  }

  /// A second has passed. Who was here and has not said goodbye counts as a clock that is not
  /// heard; who is no member says nothing, nor does it make this node alone.
  void second(long nowNanos) {
    Map<NodeId, NodeId> branches = kin.among(peer -> peer.member().state() != MemberState.LEFT);
    peers.tell(WallClock.of(key, meshId, ++number, clock.wallMillis()), nowNanos);
    List<AgreedClock.Peer> clocks = new ArrayList<>();
    boolean alone = true;
    for (Peers.Peer peer : peers.all()) {
      alone &= peer.member().state() == MemberState.LEFT;
      NodeId branch = branches.get(peer.id());
      if (branch != null) {
        clocks.add(new AgreedClock.Peer(branch, shown(peer, nowNanos)));
      }
    }
    heard.keySet().retainAll(branches.keySet());
    if (alone || !clocks.isEmpty()) {
      clock.compare(branches.getOrDefault(self, self), clocks);
    }
  }

  /// What a peer's clock shows now; empty if that is not known.
  private OptionalLong shown(Peers.Peer peer, long nowNanos) {
    if (!peer.present()) {
      heard.remove(peer.id());
      return OptionalLong.empty();
    }
    Optional<Peers.Clock> told =
        peers.clock(peer.id()).filter(it -> nowNanos - it.atNanos() <= STALE_NANOS);
    if (told.isEmpty()) {
      return OptionalLong.empty();
    }
    long shown = told.get().said().wallMillis() + (nowNanos - told.get().atNanos()) / 1_000_000;
    return counts(peer.id(), told.get().said(), shown)
        ? OptionalLong.of(shown)
        : OptionalLong.empty();
  }

  private boolean counts(NodeId peer, WallClock said, long shown) {
    Word word = heard.get(peer);
    if (word == null || word.said().number() < said.number()) {
      word = new Word(said, Optional.empty());
    } else if (!word.said().equals(said)) {
      return false;
    }
    boolean agrees = Math.abs(shown - clock.getAsLong()) <= AgreedClock.TOLERANCE_MILLIS;
    if (!agrees && word.sound().isEmpty()) {
      word = new Word(said, Optional.of(isSound(peer, said)));
    }
    boolean counts = agrees || word.sound().orElse(false);
    if (counts) {
      heard.put(peer, word);
    }
    return counts;
  }

  private boolean isSound(NodeId peer, WallClock said) {
    return keyOf.apply(peer).filter(its -> said.verifies(its, meshId)).isPresent();
  }
}
