package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.PeerId;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.SignedRecord;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Whoever was revoked is told first and cut off then, be it a peer or this node; so is this node
/// if others had used up its invite before.
final class ExclusionTest {
  private final SplittableRandom random = new SplittableRandom(5);
  private final SigningKey founder = SigningKey.generate(random);
  private final SigningKey joiner = SigningKey.generate(random);
  private final SigningKey invite = SigningKey.generate(random);
  private final Ledger ledger = NewLedger.of(founder, () -> 50_000_000, random);
  private final EventLog events = new EventLog(() -> Instant.EPOCH);
  private final Deque<Runnable> soon = new ArrayDeque<>();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private final List<Set<PeerId>> welcome = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();

  private Exclusion of(SigningKey self) {
    Exclusion exclusion =
        new Exclusion(
            self.nodeId(),
            NodeId::toString,
            events,
            soon::add,
            later::add,
            welcome::add,
            ends::add);
    exclusion.onCutOff(() -> closed.add("closed"));
    ledger.append(new Body.Invite(invite.publicKey(), 2, 60_000_000));
    join(joiner, 2);
    exclusion.rosterChanged(ledger.roster().snapshot());
    return exclusion;
  }

  private void join(SigningKey who, long atMillis) {
    Body join =
        new Body.Join(
            who.publicKey(),
            invite.publicKey(),
            JoinProof.sign(invite, ledger.meshId(), who.publicKey()),
            "b");
    ledger.accept(
        SignedRecord.sign(who, ledger.meshId(), 1, 1, Hash.ZERO, atMillis << 16, join).encoded());
    ledger.commit();
  }

  private void revoke(Exclusion exclusion) {
    ledger.append(new Body.Revoke(joiner.nodeId(), "stolen"));
    ledger.commit();
    exclusion.rosterChanged(ledger.roster().snapshot());
  }

  private static SortedSet<PeerId> view(SigningKey... peers) {
    SortedSet<PeerId> view = new TreeSet<>();
    for (SigningKey peer : peers) {
      view.add(Peers.peerId(peer.nodeId()));
    }
    return view;
  }

  @Test
  void aPeerThatWasRevokedHearsOfItBeforeItIsCutOff() {
    Exclusion exclusion = of(founder);
    SigningKey third = SigningKey.generate(random);
    exclusion.viewed(view(joiner, third));
    assertEquals(view(joiner, third), welcome.getLast());

    revoke(exclusion);
    assertFalse(exclusion.shuns(joiner.nodeId()), "it has not been told yet");
    assertEquals(List.of(), closed);

    soon.removeFirst().run();
    assertTrue(exclusion.shuns(joiner.nodeId()));
    assertEquals(List.of("closed"), closed);
    assertEquals(view(third), welcome.getLast());
    exclusion.viewed(view(joiner));
    assertEquals(Set.of(), welcome.getLast());
    assertEquals(new Standing.Current(), exclusion.standing());
    assertEquals(List.of(), ends);
  }

  @Test
  void aNodeThatWasRevokedItselfWritesNothingAndDealsWithNobody() {
    Exclusion exclusion = of(joiner);
    exclusion.viewed(view(founder));
    assertEquals(view(founder), welcome.getLast());

    revoke(exclusion);
    assertEquals(1, ends.size());
    assertTrue(ends.getFirst().contains("stolen"), ends.getFirst());
    soon.removeFirst().run();

    assertEquals(Set.of(), welcome.getLast());
    assertFalse(exclusion.standing().serves());
    exclusion.rosterChanged(ledger.roster().snapshot());
    assertEquals(1, ends.size(), "said once");
    assertTrue(soon.isEmpty());
  }

  @Test
  void aNodeWhoseInviteOthersHadUsedUpWritesNothingAndDealsWithNobody() {
    Exclusion exclusion = of(joiner);
    exclusion.viewed(view(founder));
    join(SigningKey.generate(random), 1);
    join(SigningKey.generate(random), 1);
    exclusion.rosterChanged(ledger.roster().snapshot());
    assertEquals(new Standing.NotAdmitted(), exclusion.standing());
    assertEquals(List.of(exclusion.standing().detail()), ends);
    assertEquals(view(founder), welcome.getLast());
    soon.removeFirst().run();
    assertEquals(Set.of(), welcome.getLast());
    assertEquals(List.of("closed"), closed);
    assertTrue(soon.isEmpty());
  }

  @Test
  void aPeerWhoseInviteOthersHadUsedUpHearsOfItBeforeItIsCutOff() {
    Exclusion exclusion = of(joiner);
    SigningKey late = SigningKey.generate(random);
    join(SigningKey.generate(random), 1);
    join(late, 3);
    exclusion.rosterChanged(ledger.roster().snapshot());
    exclusion.viewed(view(founder, late));
    assertEquals(view(founder, late), welcome.getLast());

    later.removeFirst().run();
    assertTrue(exclusion.shuns(late.nodeId()));
    assertEquals(view(founder), welcome.getLast());
    assertEquals(List.of("closed"), closed);
    assertEquals(new Standing.Current(), exclusion.standing());
    assertTrue(soon.isEmpty());
  }
}
