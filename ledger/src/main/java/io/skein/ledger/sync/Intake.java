package io.skein.ledger.sync;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Prepares the records of a message for the ledger: decodes them, and verifies the signatures of
/// those that continue what is held, on as many threads as there are workers.
///
/// A signature costs fifty times what else there is to check, and is checked once: the ledger is
/// told whose it was found to be. Only records that chain to the one held, or to each other, are
/// verified here; what cannot enter anyway costs nothing.
final class Intake {
  /// Records for one worker at a time: a few milliseconds.
  private static final int SHARE = 64;

  /// A record of a message.
  ///
  /// @param decoded what it is
  /// @param signer whose signature it bears, if that was verified
  record Offer(Decoded decoded, Optional<PublicKey> signer) {}

  private final Ledger ledger;
  private final Workers workers;

  Intake(Ledger ledger, Workers workers) {
    this.ledger = ledger;
    this.workers = workers;
  }

  List<Offer> prepare(List<byte[]> encoded) {
    Decoded[] decoded = new Decoded[encoded.size()];
    share(encoded.size(), i -> decoded[i] = SignedRecord.decode(encoded.get(i)));
    @Nullable PublicKey[] keys = keys(decoded);
    boolean[] verified = new boolean[decoded.length];
    share(
        decoded.length,
        i -> {
          PublicKey key = keys[i];
          if (key != null && decoded[i] instanceof Decoded.Valid(SignedRecord record)) {
            verified[i] = record.verifies(key);
          }
        });
    List<Offer> offers = new ArrayList<>(decoded.length);
    for (int i = 0; i < decoded.length; i++) {
      offers.add(
          new Offer(decoded[i], verified[i] ? Optional.ofNullable(keys[i]) : Optional.empty()));
    }
    return offers;
  }

  private interface Step {
    void at(int index);
  }

  private void share(int count, Step step) {
    List<Runnable> tasks = new ArrayList<>();
    for (int from = 0; from < count; from += SHARE) {
      int start = from;
      int end = Math.min(count, from + SHARE);
      tasks.add(() -> {
        for (int i = start; i < end; i++) {
          step.at(i);
        }
      });
    }
    if (tasks.size() == 1) {
      tasks.getFirst().run();
    } else {
      workers.run(tasks);
    }
  }

  private record Tip(long seq, Hash hash, Optional<PublicKey> key) {}

  /// The key to verify each record with; none where it cannot enter.
  private @Nullable PublicKey[] keys(Decoded[] decoded) {
    @Nullable PublicKey[] keys = new PublicKey[decoded.length];
    Map<FeedId, Tip> tips = new HashMap<>();
    for (int i = 0; i < decoded.length; i++) {
      if (decoded[i] instanceof Decoded.Valid(SignedRecord record)) {
        Tip tip = tips.computeIfAbsent(record.feed(), this::tip);
        if (record.seq() == tip.seq() + 1 && record.prev().equals(tip.hash())) {
          Optional<PublicKey> key = tip.key().or(() -> carried(record));
          keys[i] = key.orElse(null);
          tips.put(record.feed(), new Tip(record.seq(), record.hash(), key));
        }
      }
    }
    return keys;
  }

  private Tip tip(FeedId feed) {
    return new Tip(ledger.acceptedSeq(feed), ledger.acceptedHash(feed), ledger.keyOf(feed));
  }

  private static Optional<PublicKey> carried(SignedRecord first) {
    return switch (first.body()) {
      case Body.Genesis genesis -> Optional.of(genesis.publicKey());
      case Body.Join join -> Optional.of(join.publicKey());
      case Body.Epoch epoch -> Optional.of(epoch.publicKey());
      case Body.Invite _,
          Body.Revoke _,
          Body.Performance _,
          Body.Service _,
          Body.Heal _,
          Body.Rotate _,
          Body.Receipts _,
          Body.Checkpoint _,
          Body.Cosign _,
          Body.ForkProof _,
          Body.Snapshot _,
          Body.Reserved _ ->
          Optional.empty();
    };
  }
}
