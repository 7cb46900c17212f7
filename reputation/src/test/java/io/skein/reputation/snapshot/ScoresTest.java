package io.skein.reputation.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Hash;
import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.evidence.Subject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScoresTest {
  private static final Subject PEER = new PeerSubject(new NodeId(1, 2));
  private static final Subject ENDPOINT = new EndpointSubject("s/é");

  @Test
  void encodesByteByByteAsDocumented() throws Exception {
    TreeMap<Subject, Score> map = new TreeMap<>();
    map.put(PEER, new Score(0x12345678 >>> 3, 258, 64, Score.Basis.LIMITED));
    map.put(ENDPOINT, new Score(Score.ONE_Q30, 3, 7, Score.Basis.RATED));
    Scores scores = new Scores(OptionalLong.of(0x0102), map);
    String expected =
        HexFormat.of().formatHex("skein reputation 4\n".getBytes(StandardCharsets.US_ASCII))
            + "0000000000000102"
            + "00000002"
            + ("01" + "0004" + "732fc3a9" + "40000000" + "00" + "00000003" + "07")
            + ("02" + "0000000000000001" + "0000000000000002")
            + ("02468acf" + "01" + "00000102" + "40");
    assertEquals(expected, HexFormat.of().formatHex(scores.encoded()));
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(HexFormat.of().parseHex(expected));
    String root = "00000004" + HexFormat.of().formatHex(hash).substring(8);
    assertEquals(Hash.parse(root), scores.repRoot());
  }

  @Test
  void anyDifferenceShowsInTheRoot() {
    Score score = new Score(5, 3, 7, Score.Basis.RATED);
    Hash root = root(1, ENDPOINT, score);
    assertNotEquals(root, root(2, ENDPOINT, score));
    assertNotEquals(root, root(1, PEER, score));
    assertNotEquals(root, root(1, ENDPOINT, new Score(6, 3, 7, Score.Basis.RATED)));
    assertNotEquals(root, root(1, ENDPOINT, new Score(5, 4, 7, Score.Basis.RATED)));
    assertNotEquals(root, root(1, ENDPOINT, new Score(5, 3, 8, Score.Basis.RATED)));
    assertNotEquals(root, root(1, ENDPOINT, new Score(5, 3, 7, Score.Basis.NEUTRAL)));
  }

  @Test
  void writesNineDecimals() {
    assertEquals("0.000000000", Score.text(0));
    assertEquals("0.000000001", Score.text(1));
    assertEquals("0.500000000", Score.text(1L << 29));
    assertEquals("0.999999999", Score.text((1L << 30) - 1));
    assertEquals("1.000000000", Score.text(1L << 30));
    assertEquals("0.333333333", Score.text((1L << 30) / 3));
    assertEquals("0.083333334", Score.text(89_478_486));
  }

  @Test
  void theUnknownStandInTheMiddle() {
    assertEquals(Score.HALF_Q30, Scores.NONE.of(ENDPOINT).q30());
    assertTrue(Scores.NONE.of(ENDPOINT).neutral());
    assertTrue(Scores.NONE.of(PEER).limited());
  }

  @Test
  void refusesImpossibleScores() {
    assertThrows(IllegalArgumentException.class, () -> new Score(-1, 0, 0, Score.Basis.RATED));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Score(Score.ONE_Q30 + 1, 0, 0, Score.Basis.RATED));
  }

  @Test
  void subjectsSortAsTheirUtf8Forms() {
    List<Subject> sorted =
        new ArrayList<>(
            List.of(
                PEER,
                new EndpointSubject("a\uD83D\uDE00"),
                new EndpointSubject("a\uD83D\uDE01"),
                new EndpointSubject("a\uFF5E"),
                new EndpointSubject("aé"),
                new EndpointSubject("ab"),
                new EndpointSubject("a")));
    sorted.sort(null);
    assertEquals(
        List.of("a", "ab", "aé", "a\uFF5E", "a\uD83D\uDE00", "a\uD83D\uDE01"),
        sorted.subList(0, 6).stream().map(Subject::text).toList());
    assertEquals(PEER, sorted.getLast());
  }

  private static Hash root(long window, Subject subject, Score score) {
    TreeMap<Subject, Score> map = new TreeMap<>();
    map.put(subject, score);
    return new Scores(OptionalLong.of(window), map).repRoot();
  }
}
