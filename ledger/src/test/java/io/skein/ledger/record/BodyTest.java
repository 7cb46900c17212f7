package io.skein.ledger.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BodyTest {
  private static final PublicKey KEY = SigningKey.ofSeed(new byte[32]).publicKey();
  private static final NodeId NODE = KEY.nodeId();
  private static final byte[] NONCE = new byte[16];
  private static final byte[] PROOF = new byte[64];
  private static final FeedId FEED = new FeedId(NODE, 1);
  private static final Cut CUT = new Cut(FEED, 1, Hash.ZERO);
  private static final String LONG = "é".repeat(257);

  static Stream<Executable> impossible() {
    return Stream.of(
        () -> new Body.Genesis(" ", NONCE, 1_000, KEY, "n"),
        () -> new Body.Genesis("m", new byte[15], 1_000, KEY, "n"),
        () -> new Body.Genesis("m", NONCE, 99, KEY, "n"),
        () -> new Body.Genesis("m", NONCE, 3_600_001, KEY, "n"),
        () -> new Body.Genesis("m", NONCE, 1_000, KEY, LONG),
        () -> new Body.Invite(KEY, 0, 0),
        () -> new Body.Invite(KEY, 1_001, 0),
        () -> new Body.Invite(KEY, 1, -1),
        () -> new Body.Join(KEY, KEY, new byte[63], "n"),
        () -> new Body.Join(KEY, KEY, PROOF, ""),
        () -> new Body.Revoke(NODE, "\udc00"),
        () -> new Body.Performance(-1, List.of(), List.of()),
        () -> new EndpointOutcome("e", -1, 0, 0, 0),
        () -> new EndpointOutcome("e", 0, 0, 0, -1),
        () -> new EndpointOutcome("", 0, 0, 0, 0),
        () -> new PeerOutcome(NODE, 0, -1, PROOF),
        () -> new PeerOutcome(NODE, 0, 0, new byte[1]),
        () -> new Body.Heal("shift", "s", "planet", "dead", "", Hash.ZERO),
        () -> effect("Endpoint", 5, 0),
        () -> effect("endpoint-dead", 86_401, 0),
        () -> effect("endpoint-dead", 5, 2),
        () -> new Body.Rotate(KEY, new byte[63]),
        () -> new Body.Receipts(-1, 1, Hash.ZERO),
        () -> new Body.Receipts(0, 0, Hash.ZERO),
        () -> new Body.Checkpoint(0, Hash.ZERO, Hash.ZERO, Hash.ZERO, 1, Hash.ZERO, PROOF),
        () -> new Body.Checkpoint(1, Hash.ZERO, Hash.ZERO, Hash.ZERO, 0, Hash.ZERO, PROOF),
        () -> new Body.Checkpoint(1, Hash.ZERO, Hash.ZERO, Hash.ZERO, 2, Hash.ZERO, PROOF),
        () -> new Body.Checkpoint(1, Hash.ZERO, Hash.ZERO, Hash.ZERO, 1, Hash.ZERO, new byte[1]),
        () -> new Body.Cosign(List.of()),
        () -> new Cosignature(FEED, 0, Hash.ZERO, 0, PROOF),
        () -> new Cosignature(FEED, 1, Hash.ZERO, -1, PROOF),
        () -> new Body.Snapshot(List.of()),
        () -> new Body.Snapshot(List.of(CUT, CUT)),
        () -> new Cut(FEED, 0, Hash.ZERO),
        () -> new Body.Reserved(RecordType.INVITE, new byte[] {0}),
        () -> new Body.Reserved(0, new byte[] {0}),
        () -> new Body.Reserved(99, new byte[] {0, 0}),
        () -> new Body.Reserved(99, new byte[] {0x18, 0}),
        () -> putService("Web", "/", 1),
        () -> putService("w".repeat(64), "/", 1),
        () -> putService("web", "a", 1),
        () -> putService("web", "/", 0),
        () ->
            new ServiceChange.PutService(
                "web", "http", "p2c", Collections.nCopies(65, "h"), "/", "", 2_000, 1_000, 1),
        () -> checked("up", 2_000, 1_000),
        () -> checked("/up", 49, 49),
        () -> checked("/up", 600_001, 1_000),
        () -> checked("/up", 2_000, 49),
        () -> checked("/up", 2_000, 2_001),
        () -> checked("", 0, 0),
        () -> putEndpoint("web/", "http://a:1", 1),
        () -> putEndpoint("api/a", "http://a:1", 1),
        () -> putEndpoint("web/a b", "http://a:1", 1),
        () -> putEndpoint("web/a", "ftp://a:1", 1),
        () -> putEndpoint("web/a", "httpss://a:1", 1),
        () -> putEndpoint("web/a", "https://a", 1),
        () -> documented("x".repeat(8_193)),
        () -> documented("\u00e4".repeat(4_097)),
        () -> new ServiceChange.PutRoute("Web", "{}"),
        () -> new ServiceChange.PutRoute("web", "x".repeat(8_193)),
        () -> new ServiceChange.RemoveRoute(""),
        () -> putEndpoint("web/a", "http://a", 1),
        () -> putEndpoint("web/a", "http://a:0", 1),
        () -> putEndpoint("web/a", "http://a:65536", 1),
        () -> putEndpoint("web/a", "http://u@a:1/x", 1),
        () -> putEndpoint("web/a", "http://a:1", 0),
        () -> putEndpoint("web/a", "http://a:1", 1_001));
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void refusesImpossibleValues(Executable constructor) {
    assertThrows(IllegalArgumentException.class, constructor);
  }

  @Test
  void everySchemeAndADocumentOfFullLengthIsRead() {
    for (String scheme : List.of("http", "https", "h2c", "tcp", "tls")) {
      ServiceChange put = putEndpoint("web/a", scheme + "://a:1", 1);
      assertEquals(Optional.of(put), ServiceChange.read(put.toBytes()));
    }
    ServiceChange longest = documented("\u00e4".repeat(4_096));
    assertEquals(Optional.of(longest), ServiceChange.read(longest.toBytes()));
    ServiceChange route = new ServiceChange.PutRoute("web", "x".repeat(8_192));
    assertEquals(Optional.of(route), ServiceChange.read(route.toBytes()));
  }

  @Test
  void arraysAreCopiedInAndOut() {
    byte[] nonce = new byte[16];
    Body.Genesis genesis = new Body.Genesis("m", nonce, 1_000, KEY, "n");
    nonce[0] = 1;
    genesis.nonce()[1] = 1;
    assertArrayEquals(new byte[16], genesis.nonce());
  }

  @Test
  void bodiesAreComparedByContent() {
    assertEquals(new Body.Join(KEY, KEY, PROOF, "n"), new Body.Join(KEY, KEY, PROOF.clone(), "n"));
    byte[] other = PROOF.clone();
    other[63] = 1;
    assertNotEquals(new Body.Join(KEY, KEY, PROOF, "n"), new Body.Join(KEY, KEY, other, "n"));
    assertEquals(
        new Body.Reserved(99, new byte[] {1}).hashCode(),
        new Body.Reserved(99, new byte[] {1}).hashCode());
  }

  private static Body effect(String diagnosis, int seconds, long failed) {
    EffectFigures figures = new EffectFigures(1, failed, 0);
    return new Body.Effect(Hash.ZERO, diagnosis, "shift", "worse", seconds, figures, figures);
  }

  private static ServiceChange putService(String service, String pathPrefix, long slow) {
    return new ServiceChange.PutService(
        service, "http", "p2c", List.of(), pathPrefix, "", 2_000, 1_000, slow);
  }

  private static ServiceChange checked(String path, long intervalMillis, long timeoutMillis) {
    return new ServiceChange.PutService(
        "web", "http", "p2c", List.of(), "/", path, intervalMillis, timeoutMillis, 1);
  }

  @Test
  void aPriceIsWrittenWhereItIsNotTheUsualOne() throws Exception {
    ServiceChange usual = putEndpoint("web/a", "http://a:80", 1);
    ServiceChange dear =
        new ServiceChange.PutEndpoint(
            "web", "web/a", "http://a:80", Optional.empty(), "eu", 1, 2_500);
    assertEquals(Optional.of(dear), ServiceChange.read(dear.toBytes()));
    assertEquals(Optional.of(usual), ServiceChange.read(usual.toBytes()));
    // As endpoints were written before there were prices, and no second way to say the same.
    assertEquals((byte) 0x87, usual.toBytes()[0]);
    for (int price : List.of(1_000, 9, 100_001)) {
      byte[] written =
          new CborWriter()
              .array(8)
              .integer(3)
              .text("web")
              .text("web/a")
              .text("http://a:80")
              .bytes(new byte[0])
              .text("eu")
              .integer(1)
              .integer(price)
              .toBytes();
      assertEquals(Optional.empty(), ServiceChange.read(written), "price " + price);
    }
  }

  private static ServiceChange documented(String traffic) {
    return new ServiceChange.PutService(
        "web", "http", "p2c", List.of(), "/", "", 2_000, 1_000, 1, traffic);
  }

  private static ServiceChange putEndpoint(String endpoint, String url, int weight) {
    return new ServiceChange.PutEndpoint("web", endpoint, url, Optional.empty(), "eu", weight);
  }
}
