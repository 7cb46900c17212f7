package io.skein.app.mesh;

import io.skein.app.catalogue.Catalogue;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.SignedRecord;
import io.skein.reputation.evidence.AcknowledgementCheck;
import io.skein.reputation.score.LedgerRaters;
import io.skein.reputation.score.Reputation;
import io.skein.reputation.snapshot.Scores;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Everything this node derives from its ledger: catalogue, verdicts, reputation, the newest
/// records. A function of the records held, whatever their order. Confined to the mesh thread.
final class Derived {
  private static final int TAIL = 500;

  private final Ledger ledger;
  private Catalogue catalogue = new Catalogue();
  private Verdicts verdicts = new Verdicts();
  private final RecordColumns columns = new RecordColumns();

  /// Every service and heal record, whether or not it counts, in the order of arrival.
  private final List<SignedRecord> words = new ArrayList<>();

  private RosterSnapshot counted;
  private final Deque<SignedRecord> tail = new ArrayDeque<>();
  private final List<SignedRecord> early = new ArrayList<>();
  private final Consumer<SignedRecord> onRecord;
  private Optional<Reputation> reputation = Optional.empty();
  private Map<String, Catalogue.Entry> catalogueView = Map.of();
  private Scored scored = new Scored(Hash.ZERO, Scores.NONE);

  /// Scores and the heads they follow from.
  record Scored(Hash headsRoot, Scores scores) {}

  /// @param onRecord hears of every durable record after it was derived from
  Derived(Ledger ledger, Consumer<SignedRecord> onRecord) {
    this.ledger = ledger;
    this.onRecord = onRecord;
    this.counted = ledger.roster().snapshot();
  }

  /// Takes in what the ledger holds and all that follows.
  void start() {
    ledger.onRetraction(this::forget);
    ledger.listen(this::apply);
  }

  /// A fork has cut records off: all that still count are shown again.
  private void forget() {
    columns.clear();
    words.clear();
    tail.clear();
    early.clear();
    catalogue = new Catalogue();
    verdicts = new Verdicts();
    reputation = Optional.empty();
    scored = new Scored(Hash.ZERO, Scores.NONE);
  }

  private void apply(SignedRecord record) {
    columns.add(record);
    switch (record.body()) {
      case Body.Performance _ -> performance(record);
      case Body.Service _, Body.Heal _ -> {
        words.add(record);
        if (counts(counted, record) && weigh(record)) {
          catalogueView = catalogueNow();
        }
      }
      case Body.Genesis _, Body.Invite _, Body.Join _, Body.Revoke _, Body.Rotate _ ->
          rosterChanged();
      case Body.Epoch _ -> {
        // Ends and admits nobody.
      }
      case Body.Receipts _,
          Body.Checkpoint _,
          Body.Cosign _,
          Body.ForkProof _,
          Body.Snapshot _,
          Body.Reserved _ -> {
        // Carried for nodes of a later version.
      }
    }
    tail.addFirst(record);
    if (tail.size() > TAIL) {
      tail.removeLast();
    }
    onRecord.accept(record);
  }

  /// Whether a word counts: its author was a member and had not ended.
  private static boolean counts(RosterSnapshot roster, SignedRecord record) {
    return roster.member(record.author()).filter(it -> it.speaksAt(record.hlc())).isPresent();
  }

  /// Returns whether the catalogue may have changed.
  private boolean weigh(SignedRecord record) {
    if (record.body() instanceof Body.Heal heal) {
      verdicts.apply(record, heal);
    }
    return record.body() instanceof Body.Service service
        && catalogue.apply(service.change(), record.hlc(), record.author());
  }

  /// What is derived is a function of the set of records: who turns out to have ended before it
  /// spoke is unheard again, and who turns out to be a member is heard.
  private void rosterChanged() {
    RosterSnapshot before = counted;
    counted = ledger.roster().snapshot();
    if (before == counted) {
      return;
    }
    if (words.stream().anyMatch(word -> counts(before, word) != counts(counted, word))) {
      catalogue = new Catalogue();
      verdicts = new Verdicts();
      words.stream().filter(word -> counts(counted, word)).forEach(this::weigh);
    }
    catalogueView = catalogueNow();
  }

  /// The catalogue, with the endpoints of an identity that was handed on in the hands of its holder.
  private Map<String, Catalogue.Entry> catalogueNow() {
    Map<String, Catalogue.Entry> held = new TreeMap<>();
    catalogue
        .view()
        .forEach((name, entry) ->
            held.put(
                name,
                new Catalogue.Entry(
                    entry.service(), entry.endpoints().stream().map(this::held).toList())));
    return held;
  }

  private PutEndpoint held(PutEndpoint put) {
    Optional<NodeId> owner = put.owner().map(counted::current);
    return owner.equals(put.owner())
        ? put
        : new PutEndpoint(
            put.service(), put.endpoint(), put.url(), owner, put.region(), put.weight());
  }

  // The window's length is in genesis, which a joiner gets from its peers: until then it waits.
  private void performance(SignedRecord record) {
    early.add(record);
    reputation()
        .ifPresent(ready -> {
          early.forEach(ready::apply);
          early.clear();
        });
  }

  /// The scoring, once the mesh's genesis is known.
  Optional<Reputation> reputation() {
    if (reputation.isEmpty()) {
      reputation =
          ledger
              .roster()
              .mesh()
              .map(mesh ->
                  new Reputation(
                      mesh.windowMillis(),
                      AcknowledgementCheck.signatures(ledger.meshId(), ledger.roster()::keyOf)));
    }
    return reputation;
  }

  /// Scores for exactly the records held now; computed when the heads have changed.
  Scored scored() {
    Hash headsRoot = ledger.headsRoot();
    if (!scored.headsRoot().equals(headsRoot)) {
      Scores scores =
          reputation().map(ready -> ready.scores(raters().orElseThrow())).orElse(Scores.NONE);
      scored = new Scored(headsRoot, scores);
    }
    return scored;
  }

  /// Who may rate, once the genesis is known.
  Optional<LedgerRaters> raters() {
    RosterSnapshot roster = ledger.roster().snapshot();
    return roster.mesh().map(mesh -> new LedgerRaters(roster, forked(), mesh.windowMillis()));
  }

  private Set<NodeId> forked() {
    Set<NodeId> forked = new HashSet<>();
    for (FeedId feed : ledger.feeds()) {
      if (ledger.frozen(feed)) {
        forked.add(feed.author());
      }
    }
    return forked;
  }

  Map<String, Catalogue.Entry> catalogue() {
    return catalogueView;
  }

  /// The newest change of each key of the catalogue.
  List<Catalogue.Standing> standing() {
    return catalogue.standing();
  }

  Verdicts verdicts() {
    return verdicts;
  }

  /// Time and type of every durable record.
  RecordColumns columns() {
    return columns;
  }

  /// The newest records, newest first.
  List<SignedRecord> tail(int limit) {
    return tail.stream().limit(limit).toList();
  }
}
