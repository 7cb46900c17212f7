package io.skein.simulator.attack;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.PeerOutcome;
import io.skein.ledger.record.SignedRecord;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.Scores;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.reputation.ForwardShares;
import io.skein.routing.reputation.PeerRepute;
import io.skein.routing.skein.SkeinConfig;
import io.skein.routing.skein.SkeinPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A mesh whose nodes all forward to each other, window by window, through the classes of real
/// nodes: requests are chosen by [LocalFirst] and [SkeinPolicy] with the weights of
/// [ForwardShares]; what comes of them is written as signed records with acknowledgements of
/// contact; a [Ledger] admits, verifies and chains them; reputation reads them; the scores weigh
/// the next window's requests. All chance comes from the seed. One thread.
///
/// The founder only invites: it takes no part in the traffic and says nothing.
final class Village {
  static final long WINDOW_MILLIS = 10_000;
  static final long FIRST_WINDOW = 1_000;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long LATENCY_NANOS = 20 * NANOS_PER_MILLI;

  /// Of a window in which a peer becomes unreachable, how much passes until that is noticed.
  private static final int UNNOTICED_PERCENT = 50;

  private final SplittableRandom random;
  private final Senses senses;
  private final Words words;
  private final int requestsPerWindow;
  private final LocalFirst chooser =
      new LocalFirst(new SkeinPolicy(SkeinConfig.DEFAULT), LocalFirstConfig.DEFAULT);
  private final Map<NodeId, Map<NodeId, EndpointLoad>> loads = new HashMap<>();
  private final Map<NodeId, Map<NodeId, Integer>> asked = new HashMap<>();
  private final Archive first;
  private long nowMillis = FIRST_WINDOW * WINDOW_MILLIS;
  private long window = FIRST_WINDOW;
  private int born;

  final List<Citizen> citizens = new ArrayList<>();

  /// The archives of the sides; one while the mesh is whole.
  private List<Archive> sides;

  private Predicate<Citizen> onTheLeft = _ -> true;
  private long splitWindow = -1;

  Village(long seed, Senses senses, int requestsPerWindow, Words words) {
    this.random = new SplittableRandom(seed);
    this.senses = senses;
    this.words = words;
    this.requestsPerWindow = requestsPerWindow;
    byte[] nonce = new byte[Body.Genesis.NONCE_BYTES];
    random.nextBytes(nonce);
    Ledger ledger =
        Ledger.found(
            new MemoryStore(),
            SigningKey.generate(random.split()),
            "village",
            nonce,
            WINDOW_MILLIS,
            "founder",
            new HybridClock(() -> nowMillis),
            random.split());
    this.first = new Archive(ledger, WINDOW_MILLIS, words);
    first.accepted.addAll(ledger.page(ledger.ownFeed(), 1, 1));
    this.sides = List.of(first);
  }

  Hash meshId() {
    return first.ledger().meshId();
  }

  Archive archive() {
    return first;
  }

  /// What the other side holds; [#archive] while the mesh is whole.
  Archive other() {
    return sides.getLast();
  }

  long window() {
    return window;
  }

  long nowMillis() {
    return nowMillis;
  }

  SplittableRandom random() {
    return random;
  }

  /// An invite of the founder.
  SigningKey invite(int uses) {
    SigningKey invite = SigningKey.generate(random.split());
    first
        .ledger()
        .append(new Body.Invite(invite.publicKey(), uses, nowMillis + 1_000 * WINDOW_MILLIS));
    first.accepted.addAll(first.ledger().commit());
    nowMillis++;
    return invite;
  }

  /// An invite of that member.
  SigningKey invite(Citizen issuer, int uses) {
    SigningKey invite = SigningKey.generate(random.split());
    long expires = nowMillis + 1_000 * WINDOW_MILLIS;
    Body.Invite terms = new Body.Invite(invite.publicKey(), uses, expires);
    nowMillis++;
    sides.getFirst().accept(issuer.write(meshId(), nowMillis, terms));
    sides.getFirst().commit();
    return invite;
  }

  /// A new node, by an invite of its own.
  Citizen settle(Conduct conduct) {
    return settle(conduct, invite(1));
  }

  /// A new node by that invite; it is a member if the ledger says so.
  Citizen settle(Conduct conduct, SigningKey invite) {
    Citizen citizen = new Citizen(born++, SigningKey.generate(random.split()), conduct);
    byte[] proof = JoinProof.sign(invite, meshId(), citizen.key.publicKey());
    Body.Join join =
        new Body.Join(citizen.key.publicKey(), invite.publicKey(), proof, "node-" + citizen.number);
    sides.getFirst().accept(citizen.write(meshId(), nowMillis, join));
    sides.getFirst().commit();
    citizens.add(citizen);
    return citizen;
  }

  boolean member(Citizen citizen) {
    return first.ledger().roster().member(citizen.id).isPresent();
  }

  /// Lets windows pass.
  Tally run(int windows) {
    Tally tally = new Tally();
    for (int i = 0; i < windows; i++) {
      tally.add(step());
    }
    return tally;
  }

  /// One window: requests, then records.
  Tally step() {
    Map<NodeId, TreeMap<NodeId, Conduct.Saw>> seen = new HashMap<>();
    Tally tally = new Tally();
    for (Archive side : sides) {
      Scores scores = side.scores();
      for (Citizen from : citizens) {
        if (sideOf(from) == side) {
          forward(from, scores, seen.computeIfAbsent(from.id, _ -> new TreeMap<>()), tally);
        }
      }
    }
    window++;
    nowMillis = window * WINDOW_MILLIS;
    for (Citizen author : citizens) {
      Map<NodeId, Conduct.Saw> saw = seen.computeIfAbsent(author.id, _ -> new TreeMap<>());
      sideOf(author).accept(report(author, window - 1, saw));
      nowMillis++;
    }
    sides.forEach(Archive::commit);
    return tally;
  }

  private void forward(Citizen from, Scores scores, Map<NodeId, Conduct.Saw> saw, Tally tally) {
    List<Citizen> peers = new ArrayList<>();
    for (Citizen peer : citizens) {
      if (peer != from && member(peer) && known(from, peer)) {
        peers.add(peer);
      }
    }
    CandidateSet candidates = candidates(from, peers, scores);
    Map<String, Citizen> byId = new HashMap<>();
    peers.forEach(peer -> byId.put(peer.id.toString(), peer));
    RequestClass request = new RequestClass("web", true);
    for (int i = 0; i < requestsPerWindow; i++) {
      long now =
          (window * requestsPerWindow + i) * (WINDOW_MILLIS / requestsPerWindow) * NANOS_PER_MILLI;
      if (!(chooser.choose(
              request, CandidateSet.EMPTY, candidates, true, Policy.NOT_TRIED, now, random)
          instanceof Decision.Chosen(Candidate chosen))) {
        continue;
      }
      Citizen peer = Objects.requireNonNull(byId.get(chosen.id()));
      boolean reached = sideOf(peer) == sideOf(from);
      if (!reached && i * 100 >= requestsPerWindow * UNNOTICED_PERCENT) {
        continue;
      }
      asked.computeIfAbsent(from.id, _ -> new HashMap<>()).merge(peer.id, 1, Integer::sum);
      boolean well = reached && peer.conduct.serves(peer, from, window, random);
      saw.merge(
          peer.id,
          new Conduct.Saw(well ? 1 : 0, well ? 0 : 1),
          (a, b) -> new Conduct.Saw(a.good() + b.good(), a.bad() + b.bad()));
      if (senses == Senses.ALL) {
        chosen.load().dispatched();
        chosen.load().completed(LATENCY_NANOS + random.nextLong(LATENCY_NANOS), !well, now);
      }
      if (from.honest()) {
        tally.requests++;
        tally.toBad += peer.honest() ? 0 : 1;
        tally.bad += well ? 0 : 1;
        tally.badByBad += well || peer.honest() ? 0 : 1;
      }
    }
  }

  private CandidateSet candidates(Citizen from, List<Citizen> peers, Scores scores) {
    Map<NodeId, Integer> mineAsked = asked.getOrDefault(from.id, Map.of());
    List<ForwardShares.Share> shares =
        ForwardShares.of(
            peers.stream()
                .map(peer -> repute(scores.of(peer.subject), mineAsked.getOrDefault(peer.id, 0)))
                .toList());
    Map<NodeId, EndpointLoad> mine = loads.computeIfAbsent(from.id, _ -> new HashMap<>());
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < peers.size(); i++) {
      Citizen peer = peers.get(i);
      Score score = scores.of(peer.subject);
      boolean ended = score.basis() == Score.Basis.FORKED || score.basis() == Score.Basis.REVOKED;
      if (!ended) {
        candidates.add(
            new Candidate(
                peer.id.toString(),
                Candidate.Kind.PEER,
                shares.get(i).weight(),
                true,
                shares.get(i).reputationQ30(),
                0,
                mine.computeIfAbsent(peer.id, _ -> new EndpointLoad())));
      }
    }
    return new CandidateSet(candidates);
  }

  private static PeerRepute repute(Score score, int asked) {
    return PeerRepute.heard(score.q30(), score.limited(), asked);
  }

  /// The record that `author` writes of a window: what it says of everybody it may speak of.
  private SignedRecord report(Citizen author, long of, Map<NodeId, Conduct.Saw> saw) {
    List<PeerOutcome> outcomes = new ArrayList<>();
    for (Citizen peer : citizens) {
      if (peer == author) {
        continue;
      }
      Conduct.Saw truth = saw.getOrDefault(peer.id, Conduct.Saw.NOTHING);
      if (author.honest() && sideOf(peer) != sideOf(author)) {
        // As a node's WindowRecorder: who is silent when the window ends is not blamed.
        truth = new Conduct.Saw(truth.good(), 0);
      }
      Conduct.Saw said = author.conduct.says(author, peer, truth, of, random);
      if (!said.isEmpty()) {
        byte[] word =
            said.bad() > 0 && inContact(author, peer, of)
                ? words.word(peer, meshId(), author, of)
                : new byte[0];
        outcomes.add(new PeerOutcome(peer.id, said.good(), said.bad(), word));
      }
    }
    return author.write(
        meshId(), nowMillis, author.conduct.writes(new Body.Performance(of, List.of(), outcomes)));
  }

  private Archive sideOf(Citizen citizen) {
    return sides.size() == 1 || onTheLeft.test(citizen) ? sides.getFirst() : sides.getLast();
  }

  /// Whether `from` takes `peer` for reachable.
  private boolean known(Citizen from, Citizen peer) {
    return sideOf(from) == sideOf(peer) || window == splitWindow;
  }

  /// Whether `peer` acknowledged contact with `author` at the start of window `of`.
  private boolean inContact(Citizen author, Citizen peer, long of) {
    return sideOf(author) == sideOf(peer) || of == splitWindow;
  }

  /// From now on the mesh is two, with an archive each. In the window that begins contact has been
  /// acknowledged, and it takes half of it until the silence is noticed.
  void split(Predicate<Citizen> left) {
    SigningKey key = SigningKey.generate(random.split());
    SigningKey invite = invite(1);
    byte[] proof = JoinProof.sign(invite, meshId(), key.publicKey());
    Ledger other =
        Ledger.join(
            new MemoryStore(),
            key,
            meshId(),
            new Body.Join(key.publicKey(), invite.publicKey(), proof, "archive"),
            new HybridClock(() -> nowMillis),
            random.split());
    Archive second = new Archive(other, WINDOW_MILLIS, words);
    List<SignedRecord> held = new ArrayList<>(first.accepted);
    held.forEach(second::accept);
    second.commit();
    other.page(other.ownFeed(), 1, 1).forEach(first::accept);
    first.commit();
    first.accepted.clear();
    second.accepted.clear();
    sides = List.of(first, second);
    onTheLeft = left;
    splitWindow = window;
  }

  /// Both sides get what they have missed.
  ///
  /// @return what the other side holds then
  Archive heal() {
    Archive second = sides.getLast();
    List<SignedRecord> missedHere = List.copyOf(second.accepted);
    List<SignedRecord> missedThere = List.copyOf(first.accepted);
    missedHere.forEach(first::accept);
    missedThere.forEach(second::accept);
    first.commit();
    second.commit();
    sides = List.of(first);
    onTheLeft = _ -> true;
    return second;
  }
}
