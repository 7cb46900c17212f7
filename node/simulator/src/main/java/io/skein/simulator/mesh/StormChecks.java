package io.skein.simulator.mesh;

import io.skein.chaos.check.Judgement;
import io.skein.chaos.check.Verdict;
import io.skein.gossip.transport.PeerId;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Refusal;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.witness.Alarm;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.snapshot.Scores;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Holds what the nodes do against what was done to them: every cheat against the answer it is due,
/// at the moment it arrives ([DueAnswers]), and everything else at the end: what they hold
/// ([Copies]), and what they know of liars.
final class StormChecks implements Liar.Plot {
  /// A liar's record that an honest node shows.
  private record Shown(FeedId feed, long seq, Hash hash) {}

  private final History history;
  private final Chronicle chronicle;
  private final EnumMap<Lie, Integer> detections = new EnumMap<>(Lie.class);
  private final TreeMap<NodeId, Set<Shown>> shownByHonest = new TreeMap<>();
  private final Set<ByteBuffer> spoiled = new HashSet<>();
  private final Set<FeedId> forked = new TreeSet<>();
  private final Set<NodeId> wrongRoots = new TreeSet<>();
  private final Set<NodeId> revoked = new TreeSet<>();
  private final Set<NodeId> liars = new TreeSet<>();
  private final Map<NodeId, Set<NodeId>> alarms = new TreeMap<>();
  private final Map<NodeId, Set<NodeId>> contradicting = new TreeMap<>();
  private final Set<NodeId> lyingWitnesses = new TreeSet<>();
  private int reentries;
  private final List<String> violations = new ArrayList<>();
  private final DueAnswers answers = new DueAnswers(this::detected, violations::add);
  private final Copies copies = new Copies();

  StormChecks(History history, Set<NodeId> liars, Chronicle chronicle) {
    this.history = history;
    this.chronicle = chronicle;
    this.liars.addAll(liars);
  }

  @Override
  public void cheat(NodeLife liar, NodeId to, Cheat cheat) {
    answers.expect(cheat);
    liar.send(to, cheat.message());
  }

  @Override
  public void signed(SignedRecord record) {
    history.signed(record.hash());
  }

  @Override
  public void forbidden(SignedRecord record, Lie lie) {
    history.forbid(record.hash(), lie.toString());
  }

  @Override
  public void forked(FeedId feed, long seq) {
    forked.add(feed);
  }

  @Override
  public void spoiled(byte[] encoded) {
    spoiled.add(ByteBuffer.wrap(encoded));
  }

  @Override
  public void wrongRoot(NodeId liar) {
    wrongRoots.add(liar);
  }

  /// Whether an honest member's revocation of a liar is acknowledged.
  boolean revoked(NodeId liar) {
    return revoked.contains(liar);
  }

  private void detected(Lie lie) {
    detections.merge(lie, 1, Integer::sum);
  }

  /// Something was found wrong.
  void violation(String text) {
    violations.add(text);
  }

  /// Records on a node's disk are damaged; see [History#rots].
  void rots(NodeId node) {
    history.rots(node);
  }

  /// Records were taken from a node's disk, and with them what they prove; see [History#robbed].
  void robbed(NodeId node) {
    shownByHonest.remove(node);
    history.robbed(node);
  }

  /// A node that had been away longer than the retention has what is left.
  void reentered() {
    reentries++;
  }

  /// A witness has cosigned what no feed holds.
  void lyingWitness(NodeId witness) {
    lyingWitnesses.add(witness);
  }

  /// Watches a node at an address.
  Watch watch(StormNode node, PeerId address) {
    NodeId place = new NodeId(address.high(), address.low());
    boolean honest = node.liar.isEmpty();
    return new Watch() {
      private Map<FeedId, Head> back = Map.of();

      @Override
      public void visible(SignedRecord record, long cutSize) {
        Visible visible = Visible.of(record);
        history.visible(place, node.id(), visible, cutSize);
        if (record.author().equals(node.id())) {
          chronicle.acknowledged(visible);
          Setting.of(record).ifPresent(chronicle::acknowledged);
        }
        if (RecordType.stays(record.body().type())) {
          copies.mustKeep(record.hash());
        }
        if (honest
            && record.author().equals(node.id())
            && record.body() instanceof Body.Revoke(NodeId subject, _)) {
          revoked.add(subject);
        }
        if (honest && liars.contains(record.author())) {
          shownByHonest
              .computeIfAbsent(place, _ -> new HashSet<>())
              .add(new Shown(record.feed(), record.seq(), record.hash()));
        }
      }

      @Override
      public void sending(byte[] message) {
        if (honest && !spoiled.isEmpty() && Wire.kind(message) == Wire.RECORDS) {
          // Reading does not depend on which mesh it is.
          Wire wire = new Wire(Hash.ZERO);
          for (byte[] record : wire.records(message).orElseThrow().records()) {
            if (spoiled.contains(ByteBuffer.wrap(record))) {
              violations.add(node + " passed on a record that is not signed");
            }
          }
        }
      }

      @Override
      public void refused(NodeId from, Acceptance.Refused refusal) {
        if (honest && refusal.reason() == Refusal.BAD_SIGNATURE && !liars.contains(from)) {
          violations.add(node + " accuses " + from + " of " + refusal.detail());
        }
      }

      @Override
      public void goesBack(Map<FeedId, Head> verified) {
        back = verified;
      }

      @Override
      public void retracts() {
        shownByHonest.remove(place);
        history.crashed(place, back);
        if (honest && !back.isEmpty()) {
          detected(Lie.SPOIL);
        }
        back = Map.of();
      }

      @Override
      public void retracted() {
        history.reopened(place);
      }

      @Override
      public void alarm(Alarm alarm) {
        if (honest) {
          alarms.computeIfAbsent(node.id(), _ -> new HashSet<>()).add(alarm.subject());
          if (alarm instanceof Alarm.SplitView view) {
            contradicting
                .computeIfAbsent(node.id(), _ -> new HashSet<>())
                .add(view.cosign().author());
          }
          boolean ofALiar =
              switch (alarm) {
                case Alarm.ReputationDiffers differs ->
                    liars.contains(differs.one()) || liars.contains(differs.other());
                case Alarm.SplitView view ->
                    liars.contains(alarm.subject()) || liars.contains(view.cosign().author());
                case Alarm.WrongRoot _, Alarm.WrongKept _, Alarm.WrongNote _ ->
                    liars.contains(alarm.subject());
              };
          if (!ofALiar) {
            violations.add(node + " raised a false alarm: " + alarm.text());
          }
        }
      }

      @Override
      public void handling(NodeLife life, NodeId from, byte[] message, Runnable handle) {
        if (honest) {
          answers.handling(node, life, from, message, handle);
        } else {
          handle.run();
        }
      }
    };
  }

  StormOutcome outcome(
      Storm storm,
      List<StormNode> honest,
      List<StormNode> cheaters,
      Duration equalAfter,
      String traceHash) {
    List<String> found = new ArrayList<>(violations);
    Map<NodeId, List<Visible>> contents = new TreeMap<>();
    List<NodeLife> lives = new ArrayList<>();
    for (StormNode node : honest) {
      if (node.life.isEmpty()) {
        found.add(node + " does not run");
        continue;
      }
      lives.add(node.life.get());
      contents.put(node.id(), copies.held(node, node.life.get().ledger(), found));
    }
    found.addAll(history.validate(contents));
    Copies.compare(honest, found);
    forks(honest, lives, found);
    revocations(honest, found);
    wrongRoots(honest, found);
    lyingWitnesses(honest, found);
    for (StormNode node : honest) {
      node.life.ifPresent(life -> {
        if (!life.ledger().writable()) {
          found.add(node + " cannot write");
        }
      });
    }
    io.skein.chaos.history.History told =
        chronicle.history(storm, StormOutcome.replay(storm.seed()));
    Judgement judgement = StormOutcome.judge(told);
    for (Verdict broken : judgement.broken()) {
      found.add(broken.check() + ": " + broken.findings());
    }
    return new StormOutcome(
        storm,
        told,
        judgement,
        found,
        history.balance(),
        detections,
        reentries,
        lyingWitnesses.size(),
        equalAfter,
        traceHash);
  }

  private void lyingWitnesses(List<StormNode> honest, List<String> found) {
    for (NodeId liar : lyingWitnesses) {
      for (StormNode node : honest) {
        if (!contradicting.getOrDefault(node.id(), Set.of()).contains(liar)
            && node.life.isPresent()) {
          found.add(node + " did not notice that " + liar + " cosigned what no feed holds");
        }
      }
    }
  }

  private void forks(List<StormNode> honest, List<NodeLife> lives, List<String> found) {
    Set<FeedId> proven = new TreeSet<>();
    for (NodeLife life : lives) {
      proven.addAll(life.ledger().frozen().keySet());
      life.ledger().proofs().stream().map(ForkProof::feed).forEach(proven::add);
    }
    Map<FeedId, Map<Long, Hash>> shown = new HashMap<>();
    shownByHonest
        .values()
        .forEach(all ->
            all.forEach(one -> {
              Map<Long, Hash> places = shown.computeIfAbsent(one.feed(), _ -> new HashMap<>());
              if (!places.computeIfAbsent(one.seq(), _ -> one.hash()).equals(one.hash())) {
                proven.add(one.feed());
              }
            }));
    Map<NodeId, Scores> scores = new TreeMap<>();
    if (!proven.isEmpty()) {
      honest.forEach(node -> node.life.ifPresent(life -> scores.put(node.id(), life.scores())));
    }
    for (FeedId feed : proven) {
      if (!liars.contains(feed.author())) {
        found.add("honest author accused: " + feed);
      }
      boolean everywhere = true;
      for (StormNode node : honest) {
        if (node.life.isPresent() && !node.life.get().ledger().frozen(feed)) {
          found.add(node + " does not know of the fork of " + feed);
          everywhere = false;
        }
        Scores told = scores.get(node.id());
        if (told != null && told.of(new PeerSubject(feed.author())).q30() != 0) {
          found.add(node + " trusts " + feed.author() + ", who forked");
        }
      }
      if (everywhere && forked.contains(feed)) {
        detected(Lie.FORK);
      }
    }
  }

  private void wrongRoots(List<StormNode> honest, List<String> found) {
    for (NodeId liar : wrongRoots) {
      for (StormNode node : honest) {
        if (node.life.isPresent()
            && node.life.get().ledger().frozen().keySet().stream()
                .noneMatch(feed -> feed.author().equals(liar))) {
          if (alarms.getOrDefault(node.id(), Set.of()).contains(liar)) {
            detected(Lie.WRONG_ROOT);
          } else {
            found.add(node + " did not notice the wrong root that " + liar + " signed");
          }
        }
      }
    }
  }

  private void revocations(List<StormNode> honest, List<String> found) {
    for (NodeId liar : revoked) {
      for (StormNode node : honest) {
        node.life.ifPresent(life -> {
          if (life.ledger().roster().member(liar).map(member -> member.active()).orElse(true)) {
            found.add(node + " does not know that " + liar + " is revoked");
          } else {
            detected(Lie.AFTER_REVOCATION);
          }
        });
      }
    }
  }
}
