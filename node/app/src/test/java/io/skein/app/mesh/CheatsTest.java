package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.SignedRecord;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.snapshot.Score;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a node makes of members that cheat, end, or live twice.
class CheatsTest {
  private static final long NOW = 50_000_000;
  private static final long EPOCH = 1L << 32;

  private final SplittableRandom random = new SplittableRandom(3);
  private final SigningKey key = SigningKey.generate(random);
  private final SigningKey other = SigningKey.generate(random);
  private final SigningKey revoker = SigningKey.generate(random);
  private final SigningKey invite = SigningKey.generate(random);
  private final Ledger ledger =
      Ledger.found(
          new MemoryStore(),
          key,
          "mesh",
          new byte[16],
          2_000,
          "a",
          new HybridClock(() -> NOW),
          random);
  private final Deque<Runnable> soon = new ArrayDeque<>();
  private final List<SignedRecord> heard = new ArrayList<>();
  private final List<String> rebuilt = new ArrayList<>();
  private final Derived derived =
      new Derived(ledger, soon::add, () -> 0, heard::add, () -> rebuilt.add("rebuilt"));
  private final EventLog events = new EventLog(() -> Instant.EPOCH);
  private final List<Body> appended = new ArrayList<>();
  private final Cheats cheats = new Cheats(ledger, derived, this::append, NodeId::toString, events);
  private SignedRecord tip = join(EPOCH);

  private void append(Body body) {
    appended.add(body);
    ledger.append(body);
  }

  private SignedRecord join(long epoch) {
    return join(other, epoch);
  }

  private SignedRecord join(SigningKey joiner, long epoch) {
    Body join =
        new Body.Join(
            joiner.publicKey(),
            invite.publicKey(),
            JoinProof.sign(invite, ledger.meshId(), joiner.publicKey()),
            "b");
    return SignedRecord.sign(joiner, ledger.meshId(), epoch, 1, Hash.ZERO, 1L << 16, join);
  }

  private SignedRecord after(SignedRecord record, long millis, Body body) {
    return after(other, record, millis, body);
  }

  private SignedRecord after(SigningKey author, SignedRecord record, long millis, Body body) {
    return SignedRecord.sign(
        author,
        ledger.meshId(),
        record.epoch(),
        record.seq() + 1,
        record.hash(),
        HybridClock.at(millis),
        body);
  }

  private SignedRecord writes(long millis, Body body) {
    tip = after(tip, millis, body);
    ledger.accept(tip.encoded());
    return tip;
  }

  private static Body service(String name) {
    return new Body.Service(new ServiceChange.RemoveService(name));
  }

  private static Body says(long window) {
    return new Body.Performance(window, List.of(), List.of());
  }

  private void turn() {
    ledger.commit();
    runSoon();
  }

  private void runSoon() {
    while (!soon.isEmpty()) {
      soon.removeFirst().run();
    }
  }

  @BeforeEach
  void begin() {
    ledger.append(new Body.Invite(invite.publicKey(), 5, NOW * 2));
    derived.start();
    runSoon();
    rebuilt.clear();
    ledger.accept(tip.encoded());
    turn();
  }

  @Test
  void aForkedAuthorScoresNothingIsOfferedNothingAndStandsInTheLedgerOnce() {
    SignedRecord left = writes(10, says(1));
    writes(11, service("web"));
    turn();
    assertEquals(List.of("web"), keys());
    assertTrue(derived.trusted(other.nodeId()));
    SignedRecord twin = after(join(EPOCH), 12, says(2));
    ledger.accept(twin.encoded());
    turn();
    assertEquals(List.of("rebuilt"), rebuilt);
    assertEquals(Set.of(other.nodeId()), derived.forked());
    assertFalse(derived.trusted(other.nodeId()));
    assertEquals(0, derived.standing().size(), "what followed the fork is gone");
    assertEquals(ledger.recordCount(), derived.columns().records());
    Score score = derived.scored().scores().of(new PeerSubject(other.nodeId()));
    assertEquals(0, score.q30());
    assertEquals(Score.Basis.FORKED, score.basis());
    Set<NodeId> live = new TreeSet<>(Set.of(key.nodeId(), other.nodeId()));
    cheats.step(live, 0);
    turn();
    cheats.step(live, 1);
    assertEquals(
        List.of(ForkProof.of(other.publicKey(), left, twin)), appended, "once, by the first");
    assertEquals(Set.of(left.feed()), derived.provenForked());
  }

  @Test
  void whoIsNotFirstWaitsItsTurn() {
    writes(10, says(1));
    ledger.accept(after(join(EPOCH), 12, says(2)).encoded());
    turn();
    Set<NodeId> live = new TreeSet<>(Set.of(key.nodeId()));
    for (int i = 0; i < 30; i++) {
      live.add(SigningKey.generate(random).nodeId());
    }
    cheats.step(live, 0);
    assertEquals(List.of(), appended);
    cheats.step(live, 31 * 3_000_000_000L);
    assertEquals(1, appended.size());
  }

  @Test
  void whatWasWrittenAfterARevocationIsKeptCountedAndIgnoredWheneverTheRevocationComes() {
    SignedRecord third = join(revoker, EPOCH);
    ledger.accept(third.encoded());
    writes(10, service("before"));
    writes(2_000, service("past"));
    turn();
    assertEquals(List.of("before", "past"), keys());
    ledger.accept(after(revoker, third, 1_000, new Body.Revoke(other.nodeId(), "test")).encoded());
    turn();
    assertEquals(List.of("before"), keys());
    assertEquals(1, derived.ignored().get(Speakers.ENDED));
    writes(3_000, service("later"));
    turn();
    assertEquals(List.of("before"), keys());
    assertEquals(2, derived.ignored().get(Speakers.ENDED));
    assertEquals(4, ledger.head(tip.feed()).orElseThrow().seq(), "kept");
    assertFalse(derived.trusted(other.nodeId()));
  }

  private List<String> keys() {
    return derived.standing().stream()
        .map(it -> ((ServiceChange.RemoveService) it.change()).service())
        .distinct()
        .toList();
  }

  @Test
  void twoLiveEpochsAreAnAlarmOnceAndOutOfRoutingButNoAccusation() {
    SignedRecord epoch =
        SignedRecord.sign(
            other,
            ledger.meshId(),
            2L << 32,
            1,
            Hash.ZERO,
            HybridClock.at(1_000),
            new Body.Epoch(other.publicKey(), EPOCH));
    ledger.accept(epoch.encoded());
    turn();
    assertFalse(cheats.step(List.of(key.nodeId()), 0));
    writes(100_000, says(1));
    turn();
    assertTrue(cheats.step(List.of(key.nodeId()), 0));
    assertFalse(cheats.step(List.of(key.nodeId()), 0));
    assertEquals(1, events.newest(10).size());
    assertFalse(derived.trusted(other.nodeId()));
    assertEquals(Set.of(), derived.forked());
    assertEquals(List.of(), appended);
  }

  @Test
  void aNewListenerHearsEveryRecordOnceAlthoughAllWasRebuilt() {
    writes(10, says(1));
    turn();
    int before = heard.size();
    ledger.accept(after(join(EPOCH), 12, says(2)).encoded());
    turn();
    assertEquals(before, heard.size());
    ledger.append(says(4));
    turn();
    assertEquals(before + 1, heard.size());
  }
}
