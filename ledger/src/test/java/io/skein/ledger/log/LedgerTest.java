package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final long NOW = 1_000_000;
  private final SplittableRandom random = new SplittableRandom(1);
  private final SigningKey key = SigningKey.generate(random);
  private final SigningKey invite = SigningKey.generate(random);
  private final SigningKey joinerKey = SigningKey.generate(random);
  private final MemoryStore store = new MemoryStore();
  private Ledger ledger = found(store, key);

  private Ledger found(MemoryStore store, SigningKey key) {
    return Ledger.found(store, key, "mesh", new byte[16], 2_000, "a", clock(), random);
  }

  private static HybridClock clock() {
    return new HybridClock(() -> NOW);
  }

  private static Body.Performance performance(long window) {
    return new Body.Performance(window, List.of(), List.of());
  }

  private Ledger joiner(Hash meshId, SigningKey invitedBy) {
    Body.Join join =
        new Body.Join(
            joinerKey.publicKey(),
            invitedBy.publicKey(),
            JoinProof.sign(invitedBy, meshId, joinerKey.publicKey()),
            "b");
    return Ledger.join(new MemoryStore(), joinerKey, meshId, join, clock(), random);
  }

  private static SignedRecord first(Ledger of) {
    return of.page(of.ownFeed(), 1, 1).getFirst();
  }

  private SignedRecord forged(SigningKey by, FeedId feed, long seq, Hash prev, long hlc) {
    return SignedRecord.sign(by, ledger.meshId(), feed.epoch(), seq, prev, hlc, performance(seq));
  }

  @BeforeEach
  void noNews() {
    assertEquals(List.of(), ledger.commit());
  }

  @Test
  void recordsCountOnceTheyAreCommitted() {
    Hash before = ledger.headsRoot();
    SignedRecord record = ledger.append(performance(1));
    assertEquals(2, record.seq());
    assertEquals(1, ledger.head(ledger.ownFeed()).orElseThrow().seq());
    assertEquals(Optional.empty(), ledger.record(record.hash()));
    assertEquals(before, ledger.headsRoot());
    List<SignedRecord> seen = new ArrayList<>();
    ledger.listen(seen::add);
    assertEquals(List.of(record), ledger.commit());
    assertEquals(Optional.of(new Head(2, record.hash())), ledger.head(ledger.ownFeed()));
    assertEquals(Optional.of(record), ledger.record(record.hash()));
    assertNotEquals(before, ledger.headsRoot());
    assertEquals(2, ledger.recordCount());
    assertEquals(List.of(first(ledger), record), seen);
    assertEquals(List.of(record), ledger.page(ledger.ownFeed(), 2, 10));
    assertEquals(Optional.empty(), ledger.record(Hash.ZERO));
  }

  @Test
  void headsThatWereShownDoNotChange() {
    Map<FeedId, Head> before = ledger.heads();
    ledger.append(performance(1));
    assertEquals(before, ledger.heads(), "before it is committed");
    ledger.commit();
    assertEquals(List.of(1L), before.values().stream().map(Head::seq).toList());
    assertEquals(List.of(2L), ledger.heads().values().stream().map(Head::seq).toList());
    assertEquals(ledger.headsRoot(), HeadVector.root(new TreeMap<>(ledger.heads())));
  }

  @Test
  void theGenesisNamesTheMeshAndAdmitsTheFounder() {
    assertEquals(ledger.meshId(), first(ledger).hash());
    assertEquals("mesh", ledger.roster().mesh().orElseThrow().name());
    assertTrue(ledger.roster().member(key.nodeId()).isPresent());
    assertThrows(IllegalArgumentException.class, () -> found(store, key));
  }

  @Test
  void aCrashLosesWhatWasNotCommittedAndNoNumberIsUsedTwice() {
    ledger.append(performance(1));
    ledger.commit();
    SignedRecord lost = ledger.append(performance(2));
    store.crash();
    ledger = Ledger.reopen(store, key, clock(), random, false);
    assertTrue(ledger.writable());
    assertEquals(2, ledger.recordCount());
    SignedRecord again = ledger.append(performance(3));
    assertEquals(lost.seq(), again.seq());
    assertEquals(3, ledger.acceptedSeq(ledger.ownFeed()));
  }

  @Test
  void reopensWithTheSameHeadsRootsAndRoster() {
    ledger.append(new Body.Invite(invite.publicKey(), 2, NOW * 2));
    ledger.commit();
    Ledger joiner = joiner(ledger.meshId(), invite);
    ledger.accept(first(joiner).encoded());
    ledger.commit();
    Ledger again = Ledger.reopen(store, key, clock(), random, true);
    assertEquals(ledger.heads(), again.heads());
    assertEquals(ledger.headsRoot(), again.headsRoot());
    assertEquals(ledger.treeRoot(joiner.ownFeed()), again.treeRoot(joiner.ownFeed()));
    assertEquals(ledger.roster().members(), again.roster().members());
    assertEquals(List.of(ledger.ownFeed(), joiner.ownFeed()), again.feeds());
    assertFalse(again.writable());
    assertThrows(IllegalStateException.class, () -> again.append(performance(1)));
    again.own().recovered(Recovery.ANSWERED);
    assertEquals(3, again.append(performance(1)).seq());
  }

  @Test
  void aJoinWaitsForItsInvite() {
    Ledger joiner = joiner(ledger.meshId(), invite);
    byte[] join = first(joiner).encoded();
    assertInstanceOf(Acceptance.NotYet.class, ledger.accept(join));
    ledger.append(new Body.Invite(invite.publicKey(), 2, NOW * 2));
    assertInstanceOf(Acceptance.Accepted.class, ledger.accept(join));
    assertInstanceOf(Acceptance.Duplicate.class, ledger.accept(join));
    assertFalse(ledger.heads().containsKey(joiner.ownFeed()));
    ledger.commit();
    assertTrue(ledger.heads().containsKey(joiner.ownFeed()));
    assertTrue(ledger.roster().member(joinerKey.nodeId()).isPresent());
  }

  @Test
  void aJoinerStartsFromNothing() {
    ledger.append(new Body.Invite(invite.publicKey(), 2, NOW * 2));
    ledger.commit();
    Ledger joiner = joiner(ledger.meshId(), invite);
    assertInstanceOf(
        Acceptance.NotYet.class,
        joiner.accept(
            SignedRecord.sign(
                    key, ledger.meshId(), 77, 1, Hash.ZERO, 1, new Body.Epoch(key.publicKey(), 1))
                .encoded()));
    for (SignedRecord record : ledger.page(ledger.ownFeed(), 1, 10)) {
      assertInstanceOf(Acceptance.Accepted.class, joiner.accept(record.encoded()));
    }
    joiner.commit();
    assertTrue(joiner.roster().member(joinerKey.nodeId()).isPresent());
    assertTrue(joiner.roster().member(key.nodeId()).isPresent());
  }

  @Test
  void tellsWhyItRefuses() {
    ledger.append(new Body.Invite(invite.publicKey(), 2, NOW / 2));
    ledger.commit();
    FeedId feed = ledger.ownFeed();
    Hash tip = ledger.head(feed).orElseThrow().hash();
    refused(Refusal.MALFORMED, new byte[] {1, 2, 3});
    refused(Refusal.OTHER_MESH, Feeds.chain(Feeds.key(9), 1).getFirst().encoded());
    refused(Refusal.NOT_ADMITTED, first(joiner(ledger.meshId(), invite)).encoded());
    refused(
        Refusal.WRONG_FIRST_RECORD,
        forged(joinerKey, new FeedId(joinerKey.nodeId(), 1), 1, Hash.ZERO, 1).encoded());
    refused(Refusal.BROKEN_CHAIN, forged(key, feed, 3, ledger.meshId(), 1).encoded());
    refused(
        Refusal.IMPLAUSIBLE_CLOCK,
        forged(key, feed, 3, tip, HybridClock.at(NOW * 1_000)).encoded());
    byte[] tampered = forged(key, feed, 3, tip, 1).encoded();
    tampered[tampered.length - 1] ^= 1;
    refused(Refusal.BAD_SIGNATURE, tampered);
    assertEquals(
        new Acceptance.Gap(feed, 3), ledger.accept(forged(key, feed, 5, tip, 1).encoded()));
    assertEquals(0, ledger.uncommitted());
    assertEquals(2, ledger.recordCount());
    assertEquals(
        Map.of(
            Refusal.MALFORMED, 1L,
            Refusal.OTHER_MESH, 1L,
            Refusal.NOT_ADMITTED, 1L,
            Refusal.WRONG_FIRST_RECORD, 1L,
            Refusal.BROKEN_CHAIN, 1L,
            Refusal.IMPLAUSIBLE_CLOCK, 1L,
            Refusal.BAD_SIGNATURE, 1L),
        ledger.refusals());
  }

  private void refused(Refusal reason, byte[] bytes) {
    Acceptance acceptance = ledger.accept(bytes);
    assertEquals(
        reason,
        assertInstanceOf(Acceptance.Refused.class, acceptance).reason(),
        acceptance::toString);
  }

  @Test
  void aForkIsKeptAndFreezesTheFeedAcrossARestart() {
    ledger.append(new Body.Invite(invite.publicKey(), 2, NOW * 2));
    Ledger joiner = joiner(ledger.meshId(), invite);
    SignedRecord join = first(joiner);
    SignedRecord held = joiner.append(performance(2));
    SignedRecord next = joiner.append(performance(3));
    SignedRecord other = forged(joinerKey, join.feed(), 2, join.hash(), 9);
    ledger.accept(join.encoded());
    ledger.accept(held.encoded());
    assertEquals(new Acceptance.Forked(held, other), ledger.accept(other.encoded()));
    assertTrue(ledger.frozen(join.feed()));
    refused(Refusal.FROZEN, next.encoded());
    ledger.commit();
    Ledger again = Ledger.reopen(store, key, clock(), random, false);
    assertTrue(again.frozen(join.feed()));
    assertEquals(1, again.forks());
    assertEquals(1, again.acceptedSeq(join.feed()));
    assertInstanceOf(Acceptance.Refused.class, again.accept(next.encoded()));
    assertTrue(again.writable());
  }

  @Test
  void itsOwnFeedContinuedElsewhereMakesItOpenANewEpoch() {
    FeedId feed = ledger.ownFeed();
    SignedRecord stolen = forged(key, feed, 2, ledger.meshId(), 9);
    assertInstanceOf(Acceptance.Accepted.class, ledger.accept(stolen.encoded()));
    assertEquals(1, ledger.own().cloneAlarms());
    assertNotEquals(feed, ledger.ownFeed());
    assertEquals(2, ledger.append(performance(1)).seq());
    ledger.commit();
    assertEquals(4, ledger.recordCount());
    assertEquals(0, ledger.forks());
  }

  @Test
  void withoutAnswerTheNextEpochNamesThePreviousOne() {
    FeedId feed = ledger.ownFeed();
    Ledger again = Ledger.reopen(store, key, clock(), random, true);
    again.own().recovered(Recovery.NO_ANSWER);
    again.own().recovered(Recovery.NO_ANSWER);
    again.commit();
    assertEquals(2, again.heads().size());
    assertEquals(new Body.Epoch(key.publicKey(), feed.epoch()), first(again).body());
    assertEquals(2, again.ownFeed().epochCounter());
  }
}
