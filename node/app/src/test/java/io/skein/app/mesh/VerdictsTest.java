package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VerdictsTest {
  private static final SigningKey ONE = SigningKey.generate(new Random(1));
  private static final SigningKey OTHER = SigningKey.generate(new Random(2));
  private static final Hash MESH = filled(7);

  private final Verdicts verdicts = new Verdicts();

  @Test
  void anEndpointIsSetAsideUntilItIsRestored() {
    SignedRecord aside = apply(ONE, 10, Verdicts.SET_ASIDE, "web/a", Hash.ZERO);
    assertEquals(Optional.of(aside), verdicts.setAside("web/a").map(Verdicts.Repair::record));
    assertEquals(Set.of("web/a"), verdicts.allSetAside().keySet());
    assertEquals(Optional.empty(), verdicts.setAside("web/b"));

    apply(OTHER, 20, Verdicts.RESTORE, "web/a", aside.hash());
    assertEquals(Optional.empty(), verdicts.setAside("web/a"));
    assertTrue(verdicts.allSetAside().isEmpty());
    assertTrue(verdicts.open().isEmpty());
  }

  @Test
  void theNewestByClockStandsWhateverCameLast() {
    apply(ONE, 20, Verdicts.RESTORE, "web/a", Hash.ZERO);
    apply(OTHER, 10, Verdicts.SET_ASIDE, "web/a", Hash.ZERO);
    assertEquals(Optional.empty(), verdicts.setAside("web/a"));
  }

  @Test
  void theGreaterAuthorStandsAtTheSameTime() {
    boolean oneIsGreater = ONE.nodeId().compareTo(OTHER.nodeId()) > 0;
    apply(ONE, 10, Verdicts.SET_ASIDE, "web/a", Hash.ZERO);
    apply(OTHER, 10, Verdicts.RESTORE, "web/a", Hash.ZERO);
    assertEquals(oneIsGreater, verdicts.setAside("web/a").isPresent());
  }

  @Test
  void whoTookAnEndpointOverIsItsHomeUntilItIsGivenBackWhateverElseIsFoundOfIt() {
    SignedRecord aside = apply(ONE, 10, Verdicts.SET_ASIDE, "web/a", Hash.ZERO);
    apply(ONE, 20, Verdicts.RE_HOME, "web/a", Hash.ZERO);
    SignedRecord newer = apply(OTHER, 30, Verdicts.RE_HOME, "web/a", Hash.ZERO);
    assertEquals(Set.of("web/a"), verdicts.allReHomed().keySet());
    assertEquals(
        List.of(OTHER.nodeId()),
        verdicts.allReHomed().values().stream().map(it -> it.record().author()).toList());
    assertTrue(verdicts.setAside("web/a").isPresent());
    apply(OTHER, 40, Verdicts.RESTORE, "web/a", aside.hash());
    assertEquals(1, verdicts.allReHomed().size());
    apply(ONE, 50, Verdicts.GIVE_BACK, "web/a", newer.hash());
    assertTrue(verdicts.allReHomed().isEmpty());
    assertTrue(verdicts.open().isEmpty());
  }

  @Test
  void aNodeIsNoEndpointOfTheSameName() {
    apply(ONE, 10, Verdicts.COVER, Verdicts.NODE, "web/a", Hash.ZERO);
    assertEquals(Optional.empty(), verdicts.setAside("web/a"));
    assertTrue(verdicts.covered("web/a").isPresent());
    assertTrue(verdicts.allSetAside().isEmpty());
    assertEquals(1, verdicts.open().size());
  }

  @Test
  void aNodeIsCoveredUntilItIsWelcomed() {
    SignedRecord cover = apply(ONE, 10, Verdicts.COVER, Verdicts.NODE, "n", Hash.ZERO);
    apply(ONE, 11, Verdicts.WELCOME, Verdicts.NODE, "n", cover.hash());
    assertEquals(Optional.empty(), verdicts.covered("n"));
  }

  @Test
  void aRepairIsEndedByTheOneThatNamesItAsItsCause() {
    SignedRecord aside = apply(ONE, 10, Verdicts.SET_ASIDE, "web/a", Hash.ZERO);
    Verdicts.Repair repair = verdicts.setAside("web/a").orElseThrow();
    assertEquals(Optional.empty(), verdicts.endOf(repair));

    SignedRecord restore = apply(OTHER, 20, Verdicts.RESTORE, "web/a", aside.hash());
    assertEquals(Optional.of(restore), verdicts.endOf(repair).map(Verdicts.Repair::record));
  }

  @Test
  void historyIsNewestFirstByClock() {
    apply(ONE, 20, Verdicts.SET_ASIDE, "web/a", Hash.ZERO);
    apply(ONE, 30, Verdicts.RESTORE, "web/a", Hash.ZERO);
    apply(OTHER, 10, Verdicts.SET_ASIDE, "web/b", Hash.ZERO);
    assertEquals(
        List.of(30L, 20L, 10L), verdicts.history().stream().map(Verdicts.Repair::hlc).toList());
  }

  @Test
  void historyIsBounded() {
    for (int i = 1; i <= 700; i++) {
      apply(ONE, i, i % 2 == 1 ? Verdicts.SET_ASIDE : Verdicts.RESTORE, "web/a", Hash.ZERO);
    }
    assertEquals(500, verdicts.history().size());
    assertEquals(700, verdicts.history().getFirst().hlc());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void standTheSameInEveryOrder(long seed) {
    Random random = new Random(seed);
    List<SignedRecord> records = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      SigningKey author = random.nextBoolean() ? ONE : OTHER;
      String action = random.nextBoolean() ? Verdicts.SET_ASIDE : Verdicts.RESTORE;
      String endpoint = "web/" + (char) ('a' + random.nextInt(3));
      records.add(
          record(author, i / 2, heal(action, Verdicts.ENDPOINT, endpoint, Hash.ZERO), i + 1));
    }
    Set<String> expected = standing(records);
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(records, random);
      assertEquals(expected, standing(records));
    }
  }

  private static Set<String> standing(List<SignedRecord> records) {
    Verdicts fold = new Verdicts();
    records.forEach(record -> fold.apply(record, (Body.Heal) record.body()));
    Set<String> standing = new TreeSet<>();
    fold.allSetAside()
        .forEach((endpoint, repair) -> standing.add(endpoint + " " + repair.record().hash()));
    return standing;
  }

  private SignedRecord apply(
      SigningKey author, long hlc, String action, String endpoint, Hash cause) {
    return apply(author, hlc, action, Verdicts.ENDPOINT, endpoint, cause);
  }

  private SignedRecord apply(
      SigningKey author, long hlc, String action, String kind, String subject, Hash cause) {
    Body.Heal heal = heal(action, kind, subject, cause);
    SignedRecord record = record(author, hlc, heal, 2);
    verdicts.apply(record, heal);
    return record;
  }

  private static Body.Heal heal(String action, String kind, String subject, Hash cause) {
    return new Body.Heal(action, subject, kind, "dead", "3 failures in a row", cause);
  }

  private static SignedRecord record(SigningKey author, long hlc, Body.Heal heal, long seq) {
    return SignedRecord.sign(author, MESH, 1, seq, seq == 1 ? Hash.ZERO : filled(9), hlc, heal);
  }

  private static Hash filled(int fill) {
    byte[] bytes = new byte[Hash.BYTES];
    Arrays.fill(bytes, (byte) fill);
    return Hash.of(bytes);
  }
}
