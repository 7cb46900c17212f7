package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A founder, a cheat it invited, a victim the cheat invited; the cheat signs several histories.
class ForkTest {
  private static final long NOW = 10_000_000;
  private static final long EPOCH = 1L << 32 | 5;

  private final SplittableRandom random = new SplittableRandom(4);
  private final SigningKey founderKey = SigningKey.generate(random);
  private final SigningKey cheatKey = SigningKey.generate(random);
  private final SigningKey victimKey = SigningKey.generate(random);
  private final SigningKey invite = SigningKey.generate(random);
  private final SigningKey cheatInvite = SigningKey.generate(random);
  private final MemoryStore store = new MemoryStore();
  private final Ledger founder =
      Ledger.found(store, founderKey, "mesh", new byte[16], 2_000, "f", clock(), random);

  ForkTest() {
    founder.append(new Body.Invite(invite.publicKey(), 100, NOW * 2));
    founder.commit();
  }

  private static HybridClock clock() {
    return new HybridClock(() -> NOW);
  }

  private SignedRecord sign(SigningKey key, long epoch, SignedRecord after, long hlc, Body body) {
    return SignedRecord.sign(
        key, founder.meshId(), epoch, after.seq() + 1, after.hash(), hlc, body);
  }

  private SignedRecord join(SigningKey key, SigningKey by) {
    return SignedRecord.sign(
        key,
        founder.meshId(),
        EPOCH,
        1,
        Hash.ZERO,
        1L << 16,
        new Body.Join(
            key.publicKey(),
            by.publicKey(),
            JoinProof.sign(by, founder.meshId(), key.publicKey()),
            "x"));
  }

  private static Body.Performance says(long window) {
    return new Body.Performance(window, List.of(), List.of());
  }

  /// `count` records after `from`, telling them apart from other branches by `salt`.
  private List<SignedRecord> branch(SignedRecord from, int count, long salt) {
    List<SignedRecord> branch = new ArrayList<>();
    SignedRecord last = from;
    for (int i = 0; i < count; i++) {
      last = sign(cheatKey, EPOCH, last, (10 + i) << 16, says(salt * 1_000 + i));
      branch.add(last);
    }
    return branch;
  }

  private FeedId cheat() {
    return new FeedId(cheatKey.nodeId(), EPOCH);
  }

  private ForkProof proof(SignedRecord one, SignedRecord other) {
    return ForkProof.of(cheatKey.publicKey(), one, other);
  }

  private static void offer(Ledger ledger, List<SignedRecord> records) {
    records.forEach(record -> ledger.accept(record.encoded()));
  }

  /// A node that has the founder's feed and the cheat's join.
  private Ledger bystander(MemoryStore at) {
    SigningKey key = SigningKey.generate(new SplittableRandom(77));
    Body.Join join =
        new Body.Join(
            key.publicKey(),
            invite.publicKey(),
            JoinProof.sign(invite, founder.meshId(), key.publicKey()),
            "b");
    Ledger ledger = Ledger.join(at, key, founder.meshId(), join, clock(), new SplittableRandom(78));
    offer(ledger, founder.page(founder.ownFeed(), 1, 100));
    ledger.commit();
    return ledger;
  }

  /// Everything derived that two honest nodes must agree on.
  private static Map<String, Object> state(Ledger ledger) {
    List<Hash> counting = new ArrayList<>();
    for (FeedId feed : ledger.heads().keySet()) {
      ledger.page(feed, 1, 10_000).forEach(record -> counting.add(record.hash()));
      assertEquals(counting.size(), counting.stream().distinct().count());
    }
    Map<String, Object> state = new TreeMap<>();
    state.put("root", ledger.headsRoot());
    state.put("heads", ledger.heads());
    state.put("counting", counting);
    state.put("members", ledger.roster().members());
    state.put("count", ledger.recordCount());
    state.put("trees", ledger.heads().keySet().stream().map(ledger::treeRoot).toList());
    return state;
  }

  @Test
  void bothSidesOfAForkEndAtTheRecordBeforeIt() {
    SignedRecord first = join(cheatKey, invite);
    List<SignedRecord> trunk = branch(first, 3, 0);
    List<SignedRecord> left = branch(trunk.getLast(), 5, 1);
    List<SignedRecord> right = branch(trunk.getLast(), 2, 2);
    MemoryStore otherStore = new MemoryStore();
    Ledger other = bystander(otherStore);
    offer(founder, other.page(other.ownFeed(), 1, 1));
    for (Ledger ledger : List.of(founder, other)) {
      offer(ledger, List.of(first));
      offer(ledger, trunk);
      offer(ledger, ledger == founder ? left : right);
      ledger.commit();
    }
    assertNotEquals(founder.headsRoot(), other.headsRoot());
    List<ForkProof> told = new ArrayList<>();
    founder.onProof(told::add);
    assertInstanceOf(Acceptance.Forked.class, founder.accept(right.getFirst().encoded()));
    assertEquals(List.of(proof(left.getFirst(), right.getFirst())), told);
    assertEquals(Conviction.NEWS, other.accept(told.getFirst()));
    assertEquals(Conviction.KNOWN, other.accept(told.getFirst()));
    founder.commit();
    other.commit();
    assertEquals(state(founder), state(other));
    assertEquals(4, founder.head(cheat()).orElseThrow().seq());
    assertEquals(OptionalLong.of(5), founder.frozenAt(cheat()));
    assertEquals(Optional.empty(), founder.record(left.getFirst().hash()));
    assertEquals(9, store.lastSeq(cheat()), "the branch is kept");
    assertEquals(
        Refusal.FROZEN,
        assertInstanceOf(Acceptance.Refused.class, founder.accept(right.getLast().encoded()))
            .reason());
    Ledger again = Ledger.reopen(store, founderKey, clock(), random, false);
    assertEquals(state(founder), state(again));
  }

  @Test
  void aFrozenFeedHasAnotherRootThanTheSameHeadUnfrozen() {
    SignedRecord first = join(cheatKey, invite);
    List<SignedRecord> left = branch(first, 1, 1);
    offer(founder, List.of(first));
    founder.commit();
    Hash unfrozen = founder.headsRoot();
    Map<FeedId, Head> heads = founder.heads();
    founder.accept(proof(left.getFirst(), branch(first, 1, 2).getFirst()));
    founder.commit();
    assertEquals(heads, founder.heads());
    assertNotEquals(unfrozen, founder.headsRoot());
    assertEquals(new TreeMap<>(Map.of(cheat(), 2L)), founder.frozen());
  }

  @Test
  void whatRestedOnARetractedInviteFallsDormantAndListenersStartAgain() {
    SignedRecord first = join(cheatKey, invite);
    SignedRecord invited =
        sign(
            cheatKey, EPOCH, first, 2L << 16, new Body.Invite(cheatInvite.publicKey(), 5, NOW * 2));
    SignedRecord other = branch(first, 1, 1).getFirst();
    SignedRecord victim = join(victimKey, cheatInvite);
    List<SignedRecord> shown = new ArrayList<>();
    founder.onRetraction(shown::clear);
    founder.listen(shown::add);
    offer(founder, List.of(first, invited, victim));
    founder.commit();
    assertTrue(founder.roster().member(victimKey.nodeId()).isPresent());
    SignedRecord own = founder.append(says(3));
    founder.accept(proof(invited, other));
    assertEquals(List.of(own), founder.commit());
    assertFalse(founder.roster().member(victimKey.nodeId()).isPresent());
    assertTrue(founder.roster().member(cheatKey.nodeId()).isPresent());
    assertEquals(1, founder.dormantFeeds());
    assertEquals(founder.recordCount(), shown.size());
    assertTrue(shown.contains(own));
    assertFalse(shown.contains(victim));
    // The cheat's invite does not come back, but another member's brings the victim back.
    founder.append(new Body.Invite(cheatInvite.publicKey(), 5, NOW * 2));
    founder.commit();
    assertTrue(founder.roster().member(victimKey.nodeId()).isPresent());
    assertEquals(0, founder.dormantFeeds());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void equalProofsMakeEqualLedgersInWhateverOrder(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    SignedRecord first = join(cheatKey, invite);
    List<SignedRecord> trunk = branch(first, 6, 0);
    List<List<SignedRecord>> branches = new ArrayList<>();
    List<ForkProof> proofs = new ArrayList<>();
    long lowest = Long.MAX_VALUE;
    for (int i = 1; i <= 3; i++) {
      int at = dice.nextInt(1, 6);
      List<SignedRecord> branch = new ArrayList<>(trunk.subList(0, at));
      branch.addAll(branch(branch.getLast(), dice.nextInt(1, 6), i));
      branches.add(branch);
      lowest = Math.min(lowest, at + 2);
    }
    branches.add(trunk);
    for (List<SignedRecord> one : branches) {
      for (List<SignedRecord> other : branches) {
        for (int k = 0; k < Math.min(one.size(), other.size()); k++) {
          if (one.get(k).hash().compareTo(other.get(k).hash()) < 0) {
            proofs.add(proof(one.get(k), other.get(k)));
          }
        }
      }
    }
    List<Map<String, Object>> states = new ArrayList<>();
    for (int node = 0; node < 3; node++) {
      MemoryStore at = new MemoryStore();
      Ledger ledger = bystander(at);
      ledger.accept(first.encoded());
      List<Runnable> steps = new ArrayList<>();
      List<List<SignedRecord>> own = new ArrayList<>(branches);
      Collections.swap(own, 0, dice.nextInt(own.size()));
      own.forEach(branch -> steps.add(() -> offer(ledger, branch)));
      for (ForkProof proof : proofs) {
        int place = dice.nextInt(steps.size() + 1);
        steps.add(place, () -> ledger.accept(proof));
      }
      for (Runnable step : steps) {
        step.run();
        if (dice.nextBoolean()) {
          ledger.commit();
        }
      }
      // What a branch lacked below the cut another brings.
      branches.forEach(branch -> offer(ledger, branch));
      ledger.commit();
      states.add(state(ledger));
      assertEquals(OptionalLong.of(lowest), ledger.frozenAt(cheat()));
      SigningKey key = SigningKey.generate(new SplittableRandom(77));
      assertEquals(
          states.getFirst(), state(Ledger.reopen(at, key, clock(), dice, false)), "reopened");
    }
    assertEquals(states.getFirst(), states.get(1));
    assertEquals(states.getFirst(), states.get(2));
  }

  @Test
  void aProofFoundInARecordFreezesAndOneThatDoesNotHoldDoesNothing() {
    SignedRecord first = join(cheatKey, invite);
    SignedRecord left = branch(first, 1, 1).getFirst();
    SignedRecord right = branch(first, 1, 2).getFirst();
    byte[] forged = right.encoded();
    forged[forged.length - 1] ^= 1;
    SignedRecord unsigned =
        assertInstanceOf(Decoded.Valid.class, SignedRecord.decode(forged)).record();
    offer(founder, List.of(first, left));
    assertEquals(Conviction.FALSE, founder.accept(proof(left, unsigned)));
    founder.append(proof(left, unsigned));
    founder.commit();
    assertFalse(founder.frozen(cheat()));
    founder.append(proof(left, right));
    founder.commit();
    assertTrue(founder.frozen(cheat()));
    assertEquals(1, founder.head(cheat()).orElseThrow().seq());
    assertEquals(1L, founder.refusals().get(Refusal.FALSE_PROOF));
  }

  @Test
  void proofsAgainstStrangersAndOfOtherMeshesAreLeftAlone() {
    SignedRecord first = join(cheatKey, cheatInvite);
    ForkProof proof = proof(branch(first, 1, 1).getFirst(), branch(first, 1, 2).getFirst());
    assertEquals(Conviction.STRANGER, founder.accept(proof));
    Ledger elsewhere =
        Ledger.found(
            new MemoryStore(), cheatKey, "other", new byte[16], 2_000, "x", clock(), random);
    assertEquals(Conviction.FALSE, elsewhere.accept(proof));
    assertEquals(0, founder.forks());
  }

  @Test
  void aJoinForkedAtOnceLeavesNothing() {
    SignedRecord first = join(cheatKey, invite);
    SignedRecord twin =
        SignedRecord.sign(cheatKey, founder.meshId(), EPOCH, 1, Hash.ZERO, 7, first.body());
    Ledger other = bystander(new MemoryStore());
    offer(founder, other.page(other.ownFeed(), 1, 1));
    offer(founder, List.of(first));
    founder.commit();
    offer(founder, List.of(twin));
    founder.commit();
    assertEquals(Conviction.NEWS, other.accept(founder.proofs().getFirst()), "could be kept");
    offer(other, List.of(twin));
    other.commit();
    assertEquals(state(founder), state(other));
    assertFalse(founder.heads().containsKey(cheat()));
    assertFalse(founder.roster().member(cheatKey.nodeId()).isPresent());
  }

  @Test
  void theGenesisCannotBeCutOff() {
    SignedRecord twin =
        SignedRecord.sign(
            founderKey, founder.meshId(), founder.ownFeed().epoch(), 1, Hash.ZERO, 7, says(1));
    FeedId feed = founder.ownFeed();
    SignedRecord genesis = founder.page(feed, 1, 1).getFirst();
    ForkProof proof = ForkProof.of(founderKey.publicKey(), genesis, twin);
    Ledger other = bystander(new MemoryStore());
    assertEquals(Conviction.NEWS, other.accept(proof));
    assertEquals(Conviction.KNOWN, other.accept(proof));
    other.commit();
    assertEquals(1, other.head(feed).orElseThrow().seq());
    assertTrue(other.roster().mesh().isPresent());
    founder.accept(proof);
    founder.commit();
    assertEquals(1, founder.head(feed).orElseThrow().seq());
    assertNotEquals(feed, founder.ownFeed(), "somebody else has its key: it goes on elsewhere");
    assertTrue(founder.writable());
  }

  @Test
  void whoForksTooManyFeedsIsHeardNoMoreWhicheverFeedsTheyWere() {
    SignedRecord first = join(cheatKey, invite);
    Ledger other = bystander(new MemoryStore());
    offer(founder, other.page(other.ownFeed(), 1, 1));
    List<ForkProof> proofs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      long epoch = (i + 2L) << 32;
      SignedRecord opened =
          SignedRecord.sign(
              cheatKey,
              founder.meshId(),
              epoch,
              1,
              Hash.ZERO,
              9L << 16,
              new Body.Epoch(cheatKey.publicKey(), EPOCH));
      proofs.add(
          proof(
              sign(cheatKey, epoch, opened, 10L << 16, says(1)),
              sign(cheatKey, epoch, opened, 10L << 16, says(2))));
      offer(founder, List.of(first, opened));
      offer(other, List.of(first, opened));
    }
    proofs.forEach(founder::accept);
    proofs.reversed().forEach(other::accept);
    founder.commit();
    other.commit();
    assertEquals(16, founder.forks());
    assertNotEquals(founder.proofs(), other.proofs());
    assertEquals(state(founder), state(other));
    assertFalse(founder.roster().member(cheatKey.nodeId()).isPresent());
    assertEquals(Conviction.KNOWN, founder.accept(proofs.getLast()));
  }

  @Test
  void itsOwnKeyUsedUpMakesANodeFallSilent() {
    Ledger other = bystander(new MemoryStore());
    SigningKey key = SigningKey.generate(new SplittableRandom(77));
    for (int i = 0; i < 16; i++) {
      long epoch = (i + 2L) << 32;
      Hash prev = founder.meshId();
      SignedRecord one = SignedRecord.sign(key, founder.meshId(), epoch, 2, prev, 1, says(1));
      SignedRecord two = SignedRecord.sign(key, founder.meshId(), epoch, 2, prev, 1, says(2));
      assertEquals(Conviction.NEWS, other.accept(ForkProof.of(key.publicKey(), one, two)));
    }
    other.commit();
    assertFalse(other.writable());
    assertTrue(other.tryAppend(says(1)).isEmpty());
    other.own().recovered(Recovery.NO_ANSWER);
    assertFalse(other.writable());
  }

  @Test
  void twoLiveEpochsAreAnAlarmAndNoAccusation() {
    SignedRecord first = join(cheatKey, invite);
    long opened = HybridClock.at(1_000_000);
    SignedRecord epoch =
        SignedRecord.sign(
            cheatKey,
            founder.meshId(),
            2L << 32,
            1,
            Hash.ZERO,
            opened,
            new Body.Epoch(cheatKey.publicKey(), EPOCH));
    SignedRecord tail = sign(cheatKey, EPOCH, first, opened + HybridClock.at(30_000), says(1));
    offer(founder, List.of(first, epoch, tail));
    founder.commit();
    assertEquals(Set.of(), founder.clones(), "clocks differ, tails travel late");
    NodeId clone = cheatKey.nodeId();
    offer(founder, List.of(sign(cheatKey, EPOCH, tail, opened + HybridClock.at(61_000), says(2))));
    founder.commit();
    assertEquals(Set.of(clone), founder.clones());
    assertEquals(0, founder.forks());
    assertEquals(Set.of(clone), Ledger.reopen(store, founderKey, clock(), random, false).clones());
  }
}
