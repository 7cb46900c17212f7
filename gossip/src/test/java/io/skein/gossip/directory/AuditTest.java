package io.skein.gossip.directory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuditTest {
  static DirectoryEntry entry(long clock, int author, String text) {
    return new DirectoryEntry(clock, new PeerId(0, author), text.getBytes(StandardCharsets.UTF_8));
  }

  private final Audit audit = new Audit();

  @Test
  void anEntryComesBackFromItsBytesAndNothingElseDoes() {
    DirectoryEntry entry = entry(7, 3, "web");
    byte[] bytes = entry.toBytes();
    assertEquals(Optional.of(entry), DirectoryEntry.read(bytes));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertTrue(DirectoryEntry.read(flipped).isEmpty(), "bit " + bit);
    }
    for (int length = 0; length < bytes.length; length++) {
      assertTrue(DirectoryEntry.read(java.util.Arrays.copyOf(bytes, length)).isEmpty());
    }
  }

  @Test
  void theLaterClockStandsThenTheAuthorThenTheContentAndAnEntryBeforeNoise() {
    byte[] old = entry(1, 9, "z").toBytes();
    byte[] young = entry(2, 1, "a").toBytes();
    assertTrue(GreatestVersion.compare(young, old) > 0);
    assertTrue(GreatestVersion.compare(entry(-1, 1, "a").toBytes(), young) > 0, "unsigned");
    assertTrue(GreatestVersion.compare(entry(2, 2, "a").toBytes(), young) > 0);
    assertTrue(GreatestVersion.compare(entry(2, 1, "b").toBytes(), young) > 0);
    assertTrue(GreatestVersion.compare(old, new byte[] {1, 2, 3}) > 0);
    assertTrue(GreatestVersion.compare(new byte[] {1, 2}, old) < 0);
  }

  @Test
  void whatIsMissingOrDamagedIsPutRightAtOnce() {
    DirectoryEntry wanted = entry(5, 1, "now");
    byte[] damaged = wanted.toBytes();
    damaged[30] ^= 1;
    Map<String, byte[]> held = new HashMap<>();
    held.put("b", new byte[] {1, 2, 3});
    held.put("c", damaged);
    held.put("d", entry(5, 1, "forged").toBytes());
    held.put("e", wanted.toBytes());
    Map<String, DirectoryEntry> expected = new TreeMap<>();
    List.of("a", "b", "c", "d", "e").forEach(key -> expected.put(key, wanted));

    List<Audit.Repair> repairs = audit.compare(expected, held);

    assertEquals(List.of("a", "b", "c", "d"), repairs.stream().map(Audit.Repair::key).toList());
    assertEquals(
        List.of(Audit.Kind.MISSING, Audit.Kind.DAMAGED, Audit.Kind.DAMAGED, Audit.Kind.DAMAGED),
        repairs.stream().map(Audit.Repair::kind).toList());
    repairs.forEach(repair -> assertArrayEquals(wanted.toBytes(), repair.bytes().orElseThrow()));
    assertFalse(audit.undecided());
  }

  @Test
  void whatTheOneMayLearnYetGetsOneMoreAudit() {
    DirectoryEntry wanted = entry(5, 1, "now");
    Map<String, byte[]> held = new HashMap<>();
    held.put("known", entry(6, 1, "later").toBytes());
    held.put("older", entry(4, 1, "before").toBytes());
    held.put("unknown", entry(6, 1, "later").toBytes());
    Map<String, DirectoryEntry> expected = Map.of("known", wanted, "older", wanted);
    assertEquals(List.of(), audit.compare(expected, held));
    assertTrue(audit.undecided());

    List<Audit.Repair> repairs = audit.compare(expected, held);

    assertEquals(
        List.of("known", "older", "unknown"), repairs.stream().map(Audit.Repair::key).toList());
    assertEquals(
        List.of(Audit.Kind.UNEXPLAINED, Audit.Kind.STALE, Audit.Kind.UNEXPLAINED),
        repairs.stream().map(Audit.Repair::kind).toList());
    assertArrayEquals(wanted.toBytes(), repairs.getFirst().bytes().orElseThrow());
    assertTrue(repairs.getLast().bytes().isEmpty());
  }

  @Test
  void whatChangesBetweenTwoAuditsIsNotOldEnoughToGo() {
    audit.compare(Map.of(), Map.of("k", entry(1, 1, "a").toBytes()));
    assertEquals(List.of(), audit.compare(Map.of(), Map.of("k", entry(2, 1, "a").toBytes())));
    assertTrue(audit.undecided());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void twoAuditsMakeAnyCopyEqualToItsSource(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, DirectoryEntry> expected = new TreeMap<>();
    Map<String, byte[]> held = new TreeMap<>();
    for (int i = 0; i < 200; i++) {
      String key = "k" + random.nextInt(120);
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      switch (random.nextInt(4)) {
        case 0 -> expected.put(key, entry(random.nextInt(5), random.nextInt(3), "x" + i % 3));
        case 1 -> held.put(key, entry(random.nextInt(5), random.nextInt(3), "x" + i % 3).toBytes());
        case 2 -> held.put(key, noise);
        default -> held.remove(key);
      }
    }
    for (int pass = 0; pass < 2; pass++) {
      for (Audit.Repair repair : audit.compare(expected, held)) {
        repair
            .bytes()
            .ifPresentOrElse(
                bytes -> held.put(repair.key(), bytes), () -> held.remove(repair.key()));
      }
    }
    assertEquals(expected.keySet(), held.keySet());
    expected.forEach((key, entry) -> assertArrayEquals(entry.toBytes(), held.get(key)));
    assertEquals(List.of(), audit.compare(expected, held));
  }
}
