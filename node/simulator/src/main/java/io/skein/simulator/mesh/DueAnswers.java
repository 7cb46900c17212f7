package io.skein.simulator.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.Refusal;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Holds what honest nodes do with cheats against the answer that each is due, at the moment it
/// arrives.
final class DueAnswers {
  private final Map<ByteBuffer, Cheat> cheats = new HashMap<>();
  private final Consumer<Lie> detected;
  private final Consumer<String> violation;

  /// @param detected hears of each lie that was answered as due, where the node could tell
  /// @param violation hears of each that was not
  DueAnswers(Consumer<Lie> detected, Consumer<String> violation) {
    this.detected = detected;
    this.violation = violation;
  }

  /// A cheat is on its way.
  void expect(Cheat cheat) {
    cheats.put(ByteBuffer.wrap(cheat.message()), cheat);
  }

  /// Has an honest node handle a message, and judges what it did if that is a cheat.
  void handling(StormNode node, NodeLife life, NodeId from, byte[] message, Runnable handle) {
    Cheat cheat = cheats.get(ByteBuffer.wrap(message));
    if (cheat == null) {
      handle.run();
    } else {
      judge(node, life, from, cheat, handle);
    }
  }

  private void judge(StormNode node, NodeLife life, NodeId from, Cheat cheat, Runnable handle) {
    Ledger ledger = life.ledger();
    long held = ledger.recordCount() + ledger.uncommitted();
    Map<Refusal, Long> before = new EnumMap<>(Refusal.class);
    before.putAll(ledger.refusals());
    long dropped = life.reconciler().malformed().getOrDefault(from, 0L);
    long unheard = life.reconciler().unheard();
    long forks = ledger.forks();
    long welcome = welcome(ledger, cheat.message());
    Optional<Refusal> owed = owed(ledger, cheat.due());
    handle.run();
    long grown = ledger.recordCount() + ledger.uncommitted() - held;
    // To a clock far behind every record is of tomorrow, and refused for that.
    boolean untimely =
        node.clockErrorMillis < 0
            && grown == 0
            && ledger.refusals().getOrDefault(Refusal.IMPLAUSIBLE_CLOCK, 0L)
                > before.getOrDefault(Refusal.IMPLAUSIBLE_CLOCK, 0L);
    // Who cannot store does not judge; who has silenced the liar, or not met it, does not listen.
    boolean excused =
        untimely
            || life.reconciler().unheard() > unheard
            || !life.reachable().contains(from)
            || ledger.storageFailure().isPresent();
    boolean right =
        excused
            || switch (cheat.due()) {
              case Cheat.Dropped() ->
                  life.reconciler().malformed().getOrDefault(from, 0L) > dropped;
              // A record that was missing may bring along those that waited for it.
              case Cheat.Nothing() -> grown <= 0 || welcome > 0 || ledger.forks() > forks;
              case Cheat.FalseProof _ ->
                  owed.isEmpty()
                      || ledger.refusals().getOrDefault(Refusal.FALSE_PROOF, 0L)
                          > before.getOrDefault(Refusal.FALSE_PROOF, 0L);
              // What contradicts a record held proves a fork, and that waits for a commit as well.
              case Cheat.Refused _, Cheat.AlwaysRefused _ ->
                  (grown == 0 || ledger.forks() > forks)
                      && owed.map(reason ->
                              ledger.refusals().getOrDefault(reason, 0L)
                                  > before.getOrDefault(reason, 0L))
                          .orElse(true);
            };
    if (!right) {
      violation.accept(
          node
              + " did not answer "
              + cheat.lie()
              + " of "
              + from
              + " as due: "
              + cheat.due()
              + "; refused before "
              + before
              + " and now "
              + ledger.refusals());
    } else if (owed.isPresent() || !(cheat.due() instanceof Cheat.Refused)) {
      detected.accept(cheat.lie());
    }
  }

  /// Records of a message that the ledger may well take: it does not have them yet, or has others
  /// in their places, so that they prove a fork.
  private static long welcome(Ledger ledger, byte[] message) {
    long welcome = 0;
    Wire wire = new Wire(ledger.meshId());
    for (byte[] encoded : wire.records(message).map(Wire.Records::records).orElse(List.of())) {
      if (SignedRecord.decode(encoded) instanceof Decoded.Valid(SignedRecord record)
          && (record.seq() > ledger.acceptedSeq(record.feed())
              || ledger
                  .hash(record.feed(), record.seq())
                  .filter(held -> !held.equals(record.hash()))
                  .isPresent())) {
        welcome++;
      }
    }
    return welcome;
  }

  /// The reason for which a record has to be refused, if the ledger is where it can tell.
  private static Optional<Refusal> owed(Ledger ledger, Cheat.Due due) {
    return switch (due) {
      case Cheat.AlwaysRefused(Refusal reason) -> Optional.of(reason);
      case Cheat.Refused(Refusal reason, FeedId feed, long seq) -> {
        long tip = ledger.acceptedSeq(feed);
        boolean next = seq == tip + 1 && tip > 0;
        boolean known = seq <= tip && reason == Refusal.BAD_SIGNATURE;
        yield (next || known) && !ledger.frozen(feed) ? Optional.of(reason) : Optional.empty();
      }
      case Cheat.FalseProof(FeedId feed, long seq) ->
          ledger.frozen(feed) || ledger.head(feed).isEmpty()
              ? Optional.empty()
              : Optional.of(Refusal.FALSE_PROOF);
      case Cheat.Dropped(), Cheat.Nothing() -> Optional.empty();
    };
  }
}
