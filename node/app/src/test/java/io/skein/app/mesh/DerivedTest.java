package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
            () -> 0,
            heard::add,
            () -> rebuilt.add(holder.get().verdicts().allSetAside().size()));
    holder.set(derived);
    derived.start();
    assertTrue(derived.begun());
    assertEquals(List.of(), heard);
    assertEquals(List.of(100), rebuilt, "once, when all is there");

    SignedRecord next = founder.append(new Body.Performance(1, List.of(), List.of()));
    founder.commit();
    assertEquals(List.of(next), heard);
    assertEquals(1, rebuilt.size());
  }

  @Test
  void whatTheLedgerHoldsAtTheStartIsTakenInARecordAtATimeWhileOthersCome() {
    for (int i = 0; i < 10; i++) {
      founder.append(service("s" + i));
    }
    founder.commit();
    long atFirst = founder.recordCount();
    Deque<Runnable> soon = new ArrayDeque<>();
    List<SignedRecord> heard = new ArrayList<>();
    List<Integer> rebuilt = new ArrayList<>();
    AtomicReference<Derived> holder = new AtomicReference<>();
    long[] nanos = {0};
    Derived derived =
        new Derived(
            founder,
            soon::add,
            () -> nanos[0] += Retelling.SLICE_NANOS,
            heard::add,
            () -> rebuilt.add(holder.get().catalogue().size()));
    holder.set(derived);
    derived.start();
    List<SignedRecord> later = new ArrayList<>();
    int slices = 0;
    while (!soon.isEmpty()) {
      assertEquals(1, soon.size(), "others have their turn");
      assertFalse(derived.begun());
      assertFalse(derived.settled());
      assertEquals(Set.of(), derived.catalogue().keySet());
      assertEquals(List.of(), heard);
      soon.removeFirst().run();
      slices++;
      if (slices % 4 == 0 && later.size() < 2) {
        later.add(founder.append(service("later" + slices)));
        founder.commit();
      }
    }
    assertEquals(atFirst + later.size() + 1, slices, "one record each, and the end");
    assertTrue(derived.begun());
    assertTrue(derived.settled());
    assertEquals(List.of(12), rebuilt, "once, when all is there");
    assertEquals(later, heard);
    Derived afterwards = derivedOf(founder);
    assertEquals(afterwards.scored().scores().repRoot(), derived.scored().scores().repRoot());
    assertEquals(afterwards.standing(), derived.standing());
  }

  @Test
  void ofManyRecordsThatComeMeanwhileFewAreHeldAndEachIsToldOfOnceInItsOrder() {
    Deque<Runnable> soon = new ArrayDeque<>();
    List<SignedRecord> heard = new ArrayList<>();
    long[] nanos = {0};
    Derived derived =
        new Derived(
            founder, soon::add, () -> nanos[0] += Retelling.SLICE_NANOS, heard::add, () -> {});
    derived.start();
    List<SignedRecord> later = new ArrayList<>();
    for (int i = 0; i < 2 * Untold.MOST; i++) {
      later.add(founder.append(new Body.Performance(i, List.of(), List.of())));
    }
    founder.commit();
    assertEquals(Untold.MOST, derived.untold());
    while (!soon.isEmpty()) {
      soon.removeFirst().run();
      if (derived.begun() && later.size() < 2 * Untold.MOST + 5) {
        assertEquals(0, derived.untold());
        later.add(founder.append(service("s" + later.size())));
        founder.commit();
      }
    }
    assertEquals(2 * Untold.MOST + 5, later.size());
    assertEquals(later, heard);
    assertEquals(derivedOf(founder).standing(), derived.standing());
  }

  @Test
  void scoresAskedForInTheMiddleOfACommitAreNotTakenForThoseOfAllOfIt() {
    AtomicReference<Derived> holder = new AtomicReference<>();
    List<Derived.Scored> between = new ArrayList<>();
    Derived asked =
        new Derived(
            founder, Runnable::run, () -> 0, _ -> between.add(holder.get().scored()), () -> {});
    holder.set(asked);
    asked.start();
    Derived.Scored before = asked.scored();
    founder.append(
        new Body.Heal("set-aside", "web/a", "endpoint", "failing", "5 in a row", Hash.ZERO));
    founder.append(
        new Body.Performance(1, List.of(new EndpointOutcome("web/a", 90, 10, 1, 1)), List.of()));
    founder.commit();
    Derived afterwards = derivedOf(founder);

    assertEquals(List.of(before, before), between);
    assertEquals(afterwards.scored().headsRoot(), asked.scored().headsRoot());
    assertEquals(afterwards.scored().scores().repRoot(), asked.scored().scores().repRoot());
    assertNotEquals(before.scores().repRoot(), asked.scored().scores().repRoot());
  }

  @Test
  void isDerivedAnewARecordAtATimeWhileWhatWasDerivedStandsAndRecordsCome() {
    SignedRecord invited =
        founder.append(new Body.Invite(invite.publicKey(), 1, Long.MAX_VALUE >>> 20));
    SignedRecord join = by(joiner, join(joiner));
    SignedRecord early = by(joiner, service("early"));
    second = 50;
    SignedRecord revoke = founder.append(new Body.Revoke(joiner.nodeId(), "test"));
    List<SignedRecord> next = new ArrayList<>();
    for (int window = 1; window <= 5; window++) {
      next.add(
          founder.append(
              new Body.Performance(
                  window, List.of(new EndpointOutcome("web/a", 90, 10, 1, 1)), List.of())));
    }
    founder.commit();
    SignedRecord late = after(joiner, service("late"), revoke);
    SignedRecord genesis = founder.page(founder.ownFeed(), 1, 1).getFirst();
    Ledger ledger = reader();
    Deque<Runnable> soon = new ArrayDeque<>();
    List<SignedRecord> heard = new ArrayList<>();
    List<Set<String>> rebuilt = new ArrayList<>();
    AtomicReference<Derived> holder = new AtomicReference<>();
    long[] nanos = {0};
    Derived derived =
        new Derived(
            ledger,
            soon::add,
            () -> nanos[0] += Retelling.SLICE_NANOS,
            heard::add,
            () -> rebuilt.add(Set.copyOf(holder.get().catalogue().keySet())));
    holder.set(derived);
    derived.start();
    runAll(soon);
    List.of(genesis, invited, join, early, late).forEach(record -> take(ledger, record));
    assertTrue(soon.isEmpty());
    take(ledger, revoke);

    Derived.Scored before = derived.scored();
    int slices = 0;
    while (!soon.isEmpty()) {
      assertEquals(Set.of("early", "late"), derived.catalogue().keySet(), "it stands");
      assertFalse(derived.settled());
      assertEquals(before, derived.scored());
      soon.removeFirst().run();
      slices++;
      if (slices % 2 == 1 && slices / 2 < next.size()) {
        take(ledger, next.get(slices / 2));
      }
    }
    assertEquals(ledger.recordCount() + 1, slices, "one record each, and the end");
    assertEquals(
        List.of(Set.of(), Set.of("early")), rebuilt, "at the start, and when all is there");
    assertEquals(ledger.recordCount() - 1, heard.size(), "nothing twice");
    Derived afterwards = derivedOf(ledger);
    assertEquals(afterwards.scored().scores().repRoot(), derived.scored().scores().repRoot());
    assertEquals(ledger.headsRoot(), derived.scored().headsRoot());
    assertNotEquals(before.scores().repRoot(), derived.scored().scores().repRoot());
    assertEquals(afterwards.standing(), derived.standing());
    assertEquals(afterwards.ignored(), derived.ignored());
  }

  @Test
  void whatComesWhileRetractedRecordsStillStandIsToldOfWhenTheyAreGone() {
    SignedRecord invited =
        founder.append(new Body.Invite(invite.publicKey(), 1, Long.MAX_VALUE >>> 20));
    SignedRecord next = founder.append(new Body.Performance(1, List.of(), List.of()));
    founder.commit();
    SignedRecord genesis = founder.page(founder.ownFeed(), 1, 1).getFirst();
    SignedRecord join = by(joiner, join(joiner));
    SignedRecord first = by(joiner, service("first"));
    SignedRecord branch = by(joiner, service("one"));
    written.removeLast();
    SignedRecord other = by(joiner, service("another"));
    Ledger ledger = reader();
    Deque<Runnable> soon = new ArrayDeque<>();
    List<SignedRecord> heard = new ArrayList<>();
    Derived derived = new Derived(ledger, soon::add, () -> 0, heard::add, () -> {});
    derived.start();
    runAll(soon);
    List.of(genesis, invited, join, first, branch).forEach(record -> take(ledger, record));
    heard.clear();
    assertInstanceOf(Acceptance.Forked.class, ledger.accept(other.encoded()));
    ledger.commit();
    take(ledger, next);

    assertEquals(List.of(), heard);
    assertEquals(Set.of("first", "one"), derived.catalogue().keySet(), "it stands");
    runAll(soon);
    assertEquals(List.of(next), heard);
    assertEquals(Set.of("first"), derived.catalogue().keySet());
    assertEquals(
        derivedOf(ledger).scored().scores().repRoot(), derived.scored().scores().repRoot());
  }

  private static void runAll(Deque<Runnable> soon) {
    while (!soon.isEmpty()) {
      soon.removeFirst().run();
    }
  }

  private static void take(Ledger ledger, SignedRecord record) {
    assertInstanceOf(Acceptance.Accepted.class, ledger.accept(record.encoded()));
    ledger.commit();
  }

  private static Derived derivedOf(Ledger ledger) {
    Derived derived = new Derived(ledger, Runnable::run, () -> 0, _ -> {}, () -> {});
    derived.start();
    return derived;
  }

  private Ledger reader() {
    SigningKey reader = SigningKey.generate(random);
    Body.Join unheard =
        new Body.Join(reader.publicKey(), reader.publicKey(), new byte[64], "reader");
    return Ledger.join(new MemoryStore(), reader, founder.meshId(), unheard, clock(), random);
  }

  private Set<String> services(List<SignedRecord> records) {
    return derived(records).catalogue().keySet();
  }

  private Optional<NodeId> owner(List<SignedRecord> records) {
    return Optional.ofNullable(derived(records).catalogue().get("web"))
        .flatMap(entry -> entry.endpoints().getFirst().owner());
  }

  private Derived derived(List<SignedRecord> records) {
    Ledger ledger = reader();
    Deque<Runnable> soon = new ArrayDeque<>();
    Derived derived = new Derived(ledger, soon::add, () -> 0, _ -> {}, () -> {});
    derived.start();
    runAll(soon);
    for (SignedRecord record : records) {
      take(ledger, record);
      runAll(soon);
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
