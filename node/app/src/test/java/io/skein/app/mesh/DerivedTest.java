package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.RotationProof;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Whose words count: those of members, until they end; whatever the order of arrival.
final class DerivedTest {
  private static final long NOW = 1_000_000;

  private final Random random = new Random(1);
  private final SigningKey invite = SigningKey.generate(random);
  private final SigningKey joiner = SigningKey.generate(random);
  private final Ledger founder =
      Ledger.found(
          new MemoryStore(),
          SigningKey.generate(random),
          "mesh",
          new byte[16],
          2_000,
          "a",
          clock(),
          random);
  private final List<SignedRecord> written = new ArrayList<>();
  private long second;

  private static HybridClock clock() {
    return new HybridClock(() -> NOW);
  }

  @Test
  void whatARevokedMemberSaysLaterIsIgnoredInEitherOrder() {
    SignedRecord invited =
        founder.append(new Body.Invite(invite.publicKey(), 1, Long.MAX_VALUE >>> 20));
    SignedRecord join = by(joiner, join(joiner));
    SignedRecord early = by(joiner, service("early"));
    second = 50;
    SignedRecord revoke = founder.append(new Body.Revoke(joiner.nodeId(), "test"));
    founder.commit();
    SignedRecord late = after(joiner, service("late"), revoke);
    SignedRecord genesis = founder.page(founder.ownFeed(), 1, 1).getFirst();

    assertEquals(Set.of("early"), services(List.of(genesis, invited, revoke, join, early, late)));
    assertEquals(Set.of("early"), services(List.of(genesis, invited, join, early, late, revoke)));
    assertEquals(Set.of("early", "late"), services(List.of(genesis, invited, join, early, late)));
  }

  @Test
  void aSuccessorHoldsTheEndpointsOfTheIdentityItTookOver() {
    SigningKey fresh = SigningKey.generate(random);
    SignedRecord genesis = founder.page(founder.ownFeed(), 1, 1).getFirst();
    SignedRecord invited =
        founder.append(new Body.Invite(invite.publicKey(), 1, Long.MAX_VALUE >>> 20));
    SignedRecord join = by(joiner, join(joiner));
    SignedRecord service = by(joiner, service("web"));
    SignedRecord endpoint =
        by(
            joiner,
            new Body.Service(
                new ServiceChange.PutEndpoint(
                    "web", "web/a", "http://127.0.0.1:80", Optional.of(joiner.nodeId()), "eu", 1)));
    SignedRecord rotate =
        by(
            joiner,
            new Body.Rotate(
                fresh.publicKey(), RotationProof.sign(fresh, founder.meshId(), joiner.nodeId())));
    assertEquals(
        Optional.of(joiner.nodeId()), owner(List.of(genesis, invited, join, service, endpoint)));
    assertEquals(
        Optional.of(fresh.nodeId()),
        owner(List.of(genesis, invited, join, service, endpoint, rotate)));
  }

  @Test
  void whatTheLedgerHoldsAtTheStartIsToldOfOnceAndWhatComesLaterRecordByRecord() {
    for (int i = 0; i < 100; i++) {
      founder.append(
          new Body.Heal("set-aside", "web/" + i, "endpoint", "failing", "5 in a row", Hash.ZERO));
    }
    founder.commit();
    List<SignedRecord> heard = new ArrayList<>();
    List<Integer> rebuilt = new ArrayList<>();
    AtomicReference<Derived> holder = new AtomicReference<>();
    Derived derived =
        new Derived(
            founder,
            Runnable::run,
            heard::add,
            () -> rebuilt.add(holder.get().verdicts().allSetAside().size()));
    holder.set(derived);
    derived.start();
    assertEquals(List.of(), heard);
    assertEquals(List.of(100), rebuilt, "once, when all is there");

    SignedRecord next = founder.append(new Body.Performance(1, List.of(), List.of()));
    founder.commit();
    assertEquals(List.of(next), heard);
    assertEquals(1, rebuilt.size());
  }

  @Test
  void scoresAskedForInTheMiddleOfACommitAreNotTakenForThoseOfAllOfIt() {
    AtomicReference<Derived> holder = new AtomicReference<>();
    List<Derived.Scored> between = new ArrayList<>();
    Derived asked =
        new Derived(founder, Runnable::run, _ -> between.add(holder.get().scored()), () -> {});
    holder.set(asked);
    asked.start();
    Derived.Scored before = asked.scored();
    founder.append(
        new Body.Heal("set-aside", "web/a", "endpoint", "failing", "5 in a row", Hash.ZERO));
    founder.append(
        new Body.Performance(1, List.of(new EndpointOutcome("web/a", 90, 10, 1, 1)), List.of()));
    founder.commit();
    Derived afterwards = new Derived(founder, Runnable::run, _ -> {}, () -> {});
    afterwards.start();

    assertEquals(List.of(before, before), between);
    assertEquals(afterwards.scored().headsRoot(), asked.scored().headsRoot());
    assertEquals(afterwards.scored().scores().repRoot(), asked.scored().scores().repRoot());
    assertNotEquals(before.scores().repRoot(), asked.scored().scores().repRoot());
  }

  private Set<String> services(List<SignedRecord> records) {
    return derived(records).catalogue().keySet();
  }

  private Optional<NodeId> owner(List<SignedRecord> records) {
    return Optional.ofNullable(derived(records).catalogue().get("web"))
        .flatMap(entry -> entry.endpoints().getFirst().owner());
  }

  private Derived derived(List<SignedRecord> records) {
    SigningKey reader = SigningKey.generate(random);
    Body.Join unheard =
        new Body.Join(reader.publicKey(), reader.publicKey(), new byte[64], "reader");
    Ledger ledger =
        Ledger.join(new MemoryStore(), reader, founder.meshId(), unheard, clock(), random);
    Deque<Runnable> soon = new ArrayDeque<>();
    Derived derived = new Derived(ledger, soon::add, _ -> {}, () -> {});
    derived.start();
    for (SignedRecord record : records) {
      assertInstanceOf(Acceptance.Accepted.class, ledger.accept(record.encoded()));
      ledger.commit();
      while (!soon.isEmpty()) {
        soon.removeFirst().run();
      }
    }
    return derived;
  }

  private Body join(SigningKey key) {
    return new Body.Join(
        key.publicKey(),
        invite.publicKey(),
        JoinProof.sign(invite, founder.meshId(), key.publicKey()),
        "b");
  }

  private static Body service(String name) {
    return new Body.Service(
        new ServiceChange.PutService(
            name, "http", "skein", List.of(), "/", "", 2_000, 1_000, 1_000));
  }

  private SignedRecord by(SigningKey key, Body body) {
    return add(key, body, HybridClock.at(NOW - 100_000 + ++second));
  }

  private SignedRecord after(SigningKey key, Body body, SignedRecord before) {
    return add(key, body, before.hlc() + 1);
  }

  private SignedRecord add(SigningKey key, Body body, long hlc) {
    Hash prev = written.isEmpty() ? Hash.ZERO : written.getLast().hash();
    SignedRecord record =
        SignedRecord.sign(key, founder.meshId(), 1L << 32, written.size() + 1, prev, hlc, body);
    written.add(record);
    return record;
  }
}
