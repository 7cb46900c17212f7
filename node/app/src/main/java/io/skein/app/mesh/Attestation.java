package io.skein.app.mesh;

import io.skein.api.LedgerProofs;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.witness.Alarm;
import io.skein.ledger.witness.Coverage;
import io.skein.ledger.witness.LedgerFacts;
import io.skein.ledger.witness.Notary;
import io.skein.ledger.witness.RecordProofs;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This node's checkpoints and cosignatures, and the proofs that follow from all nodes'. On the
/// mesh thread, but for what says otherwise.
public final class Attestation implements WitnessCount {
  private static final Logger LOG = LoggerFactory.getLogger(Attestation.class);

  private final Records records;
  private final Derived derived;
  private final Function<NodeId, String> names;
  private final EventLog events;
  private final Notary notary;
  private final ProofViews proofs;
  private final Retelling retelling;
  private final Beginning beginning;

  /// Whether the notary was shown all that counts.
  private boolean told;

  private long nowMillis;
  private volatile Map<String, Long> alarms = Map.of();

  Attestation(
      SigningKey key,
      Records records,
      Derived derived,
      MeshThread thread,
      LongSupplier nanoClock,
      Function<NodeId, String> names,
      EventLog events) {
    this.records = records;
    this.derived = derived;
    this.names = names;
    this.events = events;
    this.beginning = new Beginning(thread);
    Ledger ledger = records.ledger();
    this.retelling = new Retelling(ledger, thread::execute, nanoClock);
    LedgerFacts facts = new LedgerFacts(ledger);
    this.notary = new Notary(ledger, facts, key, this::alarmed);
    this.proofs =
        new ProofViews(
            beginning,
            ledger,
            facts,
            notary.checkpoints(),
            new RecordProofs(ledger, facts, notary.checkpoints()));
  }

  /// Begins to take in what the ledger holds and all that follows. Until then this node signs
  /// nothing, and who asks for proofs waits.
  void start(long millis) {
    nowMillis = millis;
    records.ledger().onRetraction(this::tellAnew);
    records
        .ledger()
        .follow(record -> {
          if (told) {
            notary.apply(record, nowMillis);
          }
        });
    tellAnew();
  }

  private void tellAnew() {
    told = false;
    notary.forget();
    retelling.begin(
        record -> notary.apply(record, nowMillis),
        () -> {
          told = true;
          beginning.end();
        });
  }

  /// A second has passed: writes the checkpoint and the cosignatures that are due.
  void second(long hlc) {
    nowMillis = HybridClock.millis(hlc);
    // A reputation that is not that of the records held would look like a lie.
    if (!told || records.storageFailure().isPresent() || !derived.settled()) {
      return;
    }
    try {
      attest(hlc);
    } catch (UncheckedIOException e) {
      if (records.storageFailure().isEmpty()) {
        throw e;
      }
      // Told as the disk's failure, and done when that is over.
    }
  }

  private void attest(long hlc) {
    Ledger ledger = records.ledger();
    if (ledger.uncommitted() == 0 && derived.reputation().isPresent()) {
      notary.checkpoints().computed(ledger.headsRoot(), repRoot(), ledger.self(), hlc);
    }
    for (Body body : notary.due(nowMillis, this::repRoot)) {
      records.write(body);
    }
  }

  private Hash repRoot() {
    return derived.scored().scores().repRoot();
  }

  private void alarmed(Alarm alarm) {
    alarms = Map.copyOf(notary.checkpoints().alarmCounts());
    String name = names.apply(alarm.subject());
    LOG.atError()
        .addKeyValue("peer", name)
        .addKeyValue("kind", alarm.kind())
        .log("the ledger contradicts itself: {}", alarm.text());
    events.add("ledger", "error", name, alarm.kind() + ": " + alarm.text());
  }

  @Override
  public int of(FeedId feed, long seq) {
    return notary.checkpoints().coverage(feed, seq).map(Coverage::count).orElse(0);
  }

  /// Contradictions found since the start, by kind. Any thread.
  public Map<String, Long> alarms() {
    return alarms;
  }

  /// For the API. Any thread.
  LedgerProofs proofs() {
    return proofs;
  }
}
