package io.skein.ledger.sync;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Prepares the records of a message for the ledger: decodes them, and verifies the signatures of
/// those that continue what is held, on as many threads as there are workers.
///
/// Of a long run of one feed only the last one's, where [Runs] allows: by the chain that is the
/// author's word for the content of all of them, and they are [vouched for][Ledger#vouch]. A run
/// that says who belongs to the mesh, or whose last signature is wrong, is verified one by one.
///
/// A signature costs fifty times what else there is to check, and is checked once: the ledger is
/// told whose it was found to be. Only records that chain to the one held, or to each other, are
/// verified here; what cannot enter anyway costs nothing.
final class Intake {
  /// Records for one worker at a time: a few milliseconds.
  private static final int SHARE = 64;

  /// Who belongs to the mesh, and who forked, is not taken on a later record's word.
  private static final Set<Integer> SINGLY =
      Set.of(
          RecordType.GENESIS,
          RecordType.INVITE,
          RecordType.JOIN,
          RecordType.ROTATE,
          RecordType.REVOKE,
          RecordType.EPOCH,
          RecordType.FORK_PROOF);

  /// A record of a message.
  ///
  /// @param decoded what it is
  /// @param signer whose signature it bears, if that was verified
  /// @param vouched whether not its own signature was verified but that of a later record of its
  ///   run
  record Offer(Decoded decoded, Optional<PublicKey> signer, boolean vouched) {}

  /// Says which runs may be taken on the word of their last record.
  interface Runs {
    /// None: every signature is verified at once.
    Runs NONE = _ -> false;

    boolean allowed(FeedId feed);
  }

  private final Ledger ledger;
  private final Workers workers;
  private final int runRecords;

  /// @param runRecords the shortest run that is one
  Intake(Ledger ledger, Workers workers, int runRecords) {
    this.ledger = ledger;
    this.workers = workers;
    this.runRecords = runRecords;
  }

  List<Offer> prepare(List<byte[]> encoded, Runs runs) {
    Decoded[] decoded = new Decoded[encoded.size()];
    share(encoded.size(), i -> decoded[i] = SignedRecord.decode(encoded.get(i)));
    @Nullable PublicKey[] keys = keys(decoded);
    int[] vouchedBy = vouchedBy(decoded, keys, runs);
    boolean[] verified = new boolean[decoded.length];
    verify(decoded, keys, verified, i -> vouchedBy[i] == i);
    verify(decoded, keys, verified, i -> vouchedBy[i] != i && !verified[vouchedBy[i]]);
    List<Offer> offers = new ArrayList<>(decoded.length);
    for (int i = 0; i < decoded.length; i++) {
      boolean vouched = vouchedBy[i] != i && verified[vouchedBy[i]];
      offers.add(
          new Offer(
              decoded[i],
              verified[i] || vouched ? Optional.ofNullable(keys[i]) : Optional.empty(),
              vouched));
    }
    return offers;
  }

  private void verify(
      Decoded[] decoded, @Nullable PublicKey[] keys, boolean[] verified, IntPredicate which) {
    int[] these =
        IntStream.range(0, decoded.length).filter(i -> keys[i] != null && which.test(i)).toArray();
    share(
        these.length,
        at -> {
          int i = these[at];
          PublicKey key = keys[i];
          if (key != null && decoded[i] instanceof Decoded.Valid(SignedRecord record)) {
            verified[i] = record.verifies(key);
          }
        });
  }

  /// Of each record which one vouches for it: itself, or the last of its run.
  private int[] vouchedBy(Decoded[] decoded, @Nullable PublicKey[] keys, Runs runs) {
    int[] vouchedBy = IntStream.range(0, decoded.length).toArray();
    Map<FeedId, List<Integer>> chains = new LinkedHashMap<>();
    Set<FeedId> plain = new HashSet<>();
    for (int i = 0; i < decoded.length; i++) {
      if (keys[i] != null && decoded[i] instanceof Decoded.Valid(SignedRecord record)) {
        chains.computeIfAbsent(record.feed(), _ -> new ArrayList<>()).add(i);
        if (SINGLY.contains(record.body().type())) {
          plain.add(record.feed());
        }
      }
    }
    chains.forEach((feed, chain) -> {
      if (chain.size() >= runRecords && !plain.contains(feed) && runs.allowed(feed)) {
        chain.forEach(i -> vouchedBy[i] = chain.getLast());
      }
    });
    return vouchedBy;
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
    if (tasks.isEmpty()) {
      return;
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
    return first.body() instanceof Body.Opening opening
        ? Optional.of(opening.publicKey())
        : Optional.empty();
  }
}
