package io.skein.app.mesh;

import io.skein.app.contract.Contracts;
import io.skein.app.contract.RulesLoader;
import io.skein.app.mesh.Verdicts.Repair;
import io.skein.ledger.admission.Member;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.retention.Retention;
import io.skein.ledger.retention.RetentionLimits;
import io.skein.reputation.contract.Finding;
import io.skein.reputation.contract.Findings;
import io.skein.reputation.contract.Place;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.score.LedgerRaters;
import io.skein.reputation.score.Reputation;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.ScoreHistory;
import io.skein.reputation.snapshot.Scores;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Everything this node derives from its ledger: catalogue, verdicts, reputation, the newest
/// records. A function of the records that count, whatever their order. Confined to the mesh
/// thread.
///
/// At the start, when records stop counting, and when a revocation or an older join that came late
/// changes whose word counts, all of it is derived anew ([Derivation]): aside, with what else the
/// mesh thread has to do in between ([Retelling]), while what was derived before stands and, unless
/// it follows from records that no longer count, goes on. At the start that is nothing: until it
/// has [#begun], nobody should act on it.
final class Derived {
  /// The reason of contracts that cannot be judged.
  static final String FAULTY_CONTRACT = "faulty-contract";

  private final Ledger ledger;
  private final Retelling retelling;
  private final Runnable onRebuilt;
  private final ScoreHistory history = new ScoreHistory();
  private volatile Derivation now;

  /// What is derived aside.
  private Optional<Derivation> fresh = Optional.empty();

  private boolean begun;

  /// Whether what stands follows from records that count: if not, it takes in no others.
  private boolean stands;

  /// Records that came meanwhile, to be told of when all is derived anew.
  private final Untold untold;

  private Map<String, Catalogue.Entry> catalogueView = Map.of();
  private Scored scored = Scored.NOTHING;
  private Map<String, List<PutEndpoint>> discovered = Map.of();
  private boolean discoveredChanged;

  /// Scores, what contracts say, and the heads they follow from.
  record Scored(Hash headsRoot, Scores scores, Findings findings) {
    static final Scored NOTHING = new Scored(Hash.ZERO, Scores.NONE, Findings.NONE);
  }

  /// @param soon runs something after the current turn of the mesh thread
  /// @param nanoClock says when a turn has been long enough
  /// @param onRecord hears of every record that becomes durable, after it was derived from
  /// @param onRebuilt hears that everything was derived from what the ledger holds, at the start or
  ///   anew; instead of every record
  Derived(
      Ledger ledger,
      Executor soon,
      LongSupplier nanoClock,
      Consumer<SignedRecord> onRecord,
      Runnable onRebuilt) {
    this.ledger = ledger;
    this.retelling = new Retelling(ledger, soon, nanoClock);
    this.untold = new Untold(ledger, soon, nanoClock, onRecord);
    this.onRebuilt = onRebuilt;
    this.now =
        new Derivation(
            ledger,
            new Contracts(RulesLoader::shared, Derived::inBackground, soon, this::compiled),
            RetentionLimits.defaults());
  }

  private static void inBackground(Runnable work) {
    Thread.ofPlatform().daemon().name("skein-contracts").start(work);
  }

  private void compiled() {
    scored = Scored.NOTHING;
    if (begun) {
      onRebuilt.run();
    }
  }

  /// Begins to take in what the ledger holds and all that follows.
  void start() {
    ledger.onRetraction(this::retracted);
    ledger.follow(this::apply);
    rebuild();
  }

  /// Whether what the ledger held at the start was taken in.
  boolean begun() {
    return begun;
  }

  private void retracted() {
    stands = false;
    untold.clear();
    rebuild();
  }

  private void apply(SignedRecord record) {
    if (!stands) {
      untold.add(record);
      return;
    }
    now.apply(record);
    if (now.stale() && fresh.isEmpty()) {
      rebuild();
    }
    untold.came(record);
  }

  /// Begins to derive everything anew, also if that is under way.
  private void rebuild() {
    Derivation anew = new Derivation(ledger, now.contracts.anew(), now.retention.limits());
    fresh = Optional.of(anew);
    retelling.begin(anew::apply, () -> rebuilt(anew));
  }

  private void rebuilt(Derivation anew) {
    fresh = Optional.empty();
    if (anew.stale() && begun) {
      rebuild(); // the roster changed on the way
      return;
    }
    anew.retention.limits(now.retention.limits());
    now = anew;
    stands = true;
    begun = true;
    scored = Scored.NOTHING;
    if (anew.stale()) {
      rebuild(); // better than nothing meanwhile
    }
    onRebuilt.run();
    untold.tell();
  }

  /// How many records are held that came while nothing stands.
  int untold() {
    return untold.held();
  }

  /// The catalogue, with the endpoints of an identity that was handed on in the hands of its
  /// holder, and with what this node has found out for itself.
  private Map<String, Catalogue.Entry> catalogueNow() {
    Map<String, Catalogue.Entry> held = new TreeMap<>();
    now.catalogue
        .view()
        .forEach((name, entry) -> {
          Map<String, PutEndpoint> all = new TreeMap<>();
          discovered
              .getOrDefault(name, List.of())
              .forEach(endpoint -> all.put(endpoint.endpoint(), endpoint));
          entry.endpoints().forEach(endpoint -> all.put(endpoint.endpoint(), held(endpoint)));
          held.put(name, new Catalogue.Entry(entry.service(), List.copyOf(all.values())));
        });
    return held;
  }

  /// Endpoints that this node has found in no record, by service: its own matter, as long as it
  /// runs.
  void discovered(Map<String, List<PutEndpoint>> found) {
    if (!found.equals(discovered)) {
      discovered = Map.copyOf(found);
      discoveredChanged = true;
    }
  }

  private PutEndpoint held(PutEndpoint put) {
    Optional<NodeId> owner = put.owner().map(this::holder);
    return owner.equals(put.owner())
        ? put
        : new PutEndpoint(
            put.service(),
            put.endpoint(),
            put.url(),
            owner,
            put.region(),
            put.weight(),
            put.priceMilli());
  }

  /// Who holds an identity now: the last of those it was handed on to.
  NodeId holder(NodeId node) {
    return ledger.roster().snapshot().current(node);
  }

  /// The scoring, once the mesh's genesis is known.
  Optional<Reputation> reputation() {
    return now.reputation();
  }

  /// Whether everything here follows from exactly the records held now; if not, it soon will. Not
  /// so in the middle of a commit: what hears of one of its records may ask for scores while the
  /// next ones, which the heads name already, are still to come. Nor while this was derived without
  /// records that the disk does not give back, or is derived anew.
  boolean settled() {
    return begun && fresh.isEmpty() && ledger.shown() && now.contracts.settled();
  }

  /// Scores for exactly the records whose root they bear: those held now or, until all that follows
  /// from these is [#settled], those held before. Computed when the heads have changed.
  Scored scored() {
    Hash headsRoot = ledger.headsRoot();
    if (settled() && !scored.headsRoot().equals(headsRoot)) {
      Optional<Reputation.Judged> judged = reputation().map(this::judged);
      scored =
          new Scored(
              headsRoot,
              judged.map(Reputation.Judged::scores).orElse(Scores.NONE),
              judged.map(Reputation.Judged::findings).orElse(Findings.NONE));
      history.add(scored.scores());
    }
    return scored;
  }

  /// How far the mesh trusts a member, 0 to 1, by the scores computed last; a half of whom nothing
  /// is known.
  double trust(NodeId member) {
    Score score = scored.scores().of(new PeerSubject(member));
    return score.q30() / (double) Score.ONE_Q30;
  }

  private Reputation.Judged judged(Reputation ready) {
    LedgerRaters raters = raters().orElseThrow();
    return now.contracts.isEmpty()
        ? new Reputation.Judged(ready.scores(raters), Findings.NONE)
        : ready.judged(raters, now.contracts.judged(raters.windowMillis()), places());
  }

  /// The endpoints of the records' catalogue, without those that only this node has found, and how
  /// they stand.
  private Map<String, SortedMap<String, Place>> places() {
    Map<String, SortedMap<String, Place>> places = new TreeMap<>();
    now.catalogue
        .view()
        .forEach((service, entry) -> {
          SortedMap<String, Place> endpoints = new TreeMap<>();
          for (PutEndpoint endpoint : entry.endpoints()) {
            String id = endpoint.endpoint();
            endpoints.put(
                id,
                now.verdicts.draining(id).isPresent()
                    ? Place.LEAVING
                    : now.verdicts.setAside(id).isPresent() ? Place.SET_ASIDE : Place.OPEN);
          }
          places.put(service, endpoints);
        });
    return places;
  }

  /// The mesh's contracts, as they stand now. Any thread.
  Contracts contracts() {
    return now.contracts;
  }

  /// The contract that keeps an endpoint in quarantine now.
  Optional<Finding> quarantine(String endpoint) {
    return now.contracts.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(scored().findings().quarantined().get(endpoint));
  }

  /// The scores of past windows, since this node runs.
  ScoreHistory history() {
    return history;
  }

  /// Who may rate, once the genesis is known.
  Optional<LedgerRaters> raters() {
    RosterSnapshot roster = ledger.roster().snapshot();
    return roster.mesh().map(mesh -> new LedgerRaters(roster, forked(), mesh.windowMillis()));
  }

  /// Authors that signed two histories: those whose feeds the ledger holds frozen, and those that a
  /// record proves it of.
  Set<NodeId> forked() {
    Set<NodeId> forked = new HashSet<>();
    ledger.frozen().keySet().forEach(feed -> forked.add(feed.author()));
    now.provenForked.forEach(feed -> forked.add(feed.author()));
    return forked;
  }

  /// Feeds that a record which counts proves forked.
  Set<FeedId> provenForked() {
    return now.provenForked;
  }

  /// Whether requests may be sent to a node: its author signed one history and lives once, and its
  /// identity has not ended.
  boolean trusted(NodeId node) {
    RosterSnapshot roster = ledger.roster().snapshot();
    return !ledger.clones().contains(node)
        && roster.member(node).map(Member::active).orElse(true)
        && Collections.disjoint(
            forked(), roster.line(node).stream().map(Member::id).collect(Collectors.toSet()));
  }

  /// How many records are kept and ignored, by reason.
  SortedMap<String, Long> ignored() {
    SortedMap<String, Long> ignored = new TreeMap<>(now.speakers.ignored());
    ignored.put(FAULTY_CONTRACT, now.contracts.ignored());
    return ignored;
  }

  /// What a service was before the change that made it what it is.
  Optional<PutService> former(String service) {
    return now.catalogue.former(service);
  }

  /// A name of the change that made a service what it is.
  Optional<String> change(String service) {
    return now.catalogue.change(service);
  }

  Map<String, Catalogue.Entry> catalogue() {
    if (now.catalogueChanged() || discoveredChanged) {
      discoveredChanged = false;
      catalogueView = catalogueNow();
    }
    return catalogueView;
  }

  /// Endpoints that another node than their owner reaches for all, with the verdict. Whoever puts
  /// an endpoint anew says where it is at home.
  Map<String, Repair> homes() {
    Map<String, Repair> homes = now.verdicts.allReHomed();
    homes
        .values()
        .removeIf(repair -> {
          OptionalLong put = now.catalogue.put(repair.heal().subject());
          return put.isEmpty() || Long.compareUnsigned(put.getAsLong(), repair.hlc()) > 0;
        });
    return homes;
  }

  /// The documents of the mesh's routes by name.
  Map<String, String> routes() {
    return now.catalogue.routes();
  }

  /// The newest change of each key of the catalogue.
  List<Catalogue.Standing> standing() {
    return now.catalogue.standing();
  }

  Verdicts verdicts() {
    return now.verdicts;
  }

  /// How experiments ended.
  Conclusions conclusions() {
    return now.conclusions;
  }

  /// Ledger time of the reputations, in Unix milliseconds; empty while nobody has measured
  /// anything.
  Optional<Long> scoredMillis() {
    return reputation()
        .map(ready -> ready.ledgerTimeMillis(raters().orElseThrow()))
        .filter(millis -> millis > 0);
  }

  /// Which records may go.
  Retention retention() {
    return now.retention;
  }

  /// What a feed was cut by is left out.
  void cut(FeedId feed, long size) {
    now.cut(feed, size);
    fresh.ifPresent(anew -> anew.cut(feed, size));
  }

  /// Time and type of every durable record.
  RecordColumns columns() {
    return now.columns;
  }

  /// The newest records, newest first.
  List<SignedRecord> tail(int limit) {
    return now.tail.stream().limit(limit).toList();
  }
}
