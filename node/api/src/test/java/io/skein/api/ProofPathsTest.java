package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProofPathsTest {
  private static final TestNode NODE = new TestNode();
  private static final String AUTHOR = "abcdefghijklmnopqrstuvwxyz";

  @BeforeAll
  static void start() {
    NODE.start(ApiConfig.at("127.0.0.1", 0));
  }

  @AfterAll
  static void stop() {
    NODE.stop();
  }

  @Test
  void aProofHasAllThatAVerifierNeeds() {
    JsonObject proof = NODE.get("/v1/ledger/proofs/inclusion?hash=" + FakeProofs.PROVEN).json();
    assertEquals("skein-record-proof-1", proof.getString("format"));
    for (String name :
        "meshId,author,epoch,seq,hash,record,index,size,hashes,checkpoint,authorKey,witnessKeys,"
            .concat("admission,asSeenBy,asOf")
            .split(",")) {
      assertTrue(proof.containsKey(name), name);
    }
    JsonObject consistency =
        NODE.get("/v1/ledger/proofs/consistency?author=" + AUTHOR + "&epoch=1&from=2&to=7").json();
    assertEquals(7, consistency.getInteger("to"));
  }

  @Test
  void checkpointsAreTextThatIsKeptBriefly() {
    TestNode.Reply note = NODE.get("/v1/feeds/" + AUTHOR + "/1/checkpoint");
    assertEquals(FakeProofs.NOTE, note.body());
    assertEquals("text/plain; charset=utf-8", note.header("Content-Type"));
    assertEquals("max-age=1", note.header("Cache-Control"));
  }

  @ParameterizedTest
  @CsvSource({
    "tile/0/000.p/3, tile 0 000.p/3",
    "tile/7/x001/x234/067, tile 7 x001/x234/067",
    "tile/entries/x001/000.p/255, entries x001/000.p/255",
  })
  void tilesAreBytesThatAreKeptForGood(String path, String content) {
    TestNode.Reply tile = NODE.get("/v1/feeds/" + AUTHOR + "/18446744073709551615/" + path);
    assertEquals(content, tile.body());
    assertEquals("application/octet-stream", tile.header("Content-Type"));
    assertEquals("public, max-age=31536000, immutable", tile.header("Cache-Control"));
  }

  @ParameterizedTest
  @CsvSource({
    "ledger/proofs/inclusion?hash=2222222222222222222222222222222222222222222222222222222222222222, 404, not-covered",
    "ledger/proofs/inclusion?hash=9999999999999999999999999999999999999999999999999999999999999999, 404, unknown-record",
    "receipts/aaaaaaaaaaaaaaaaaaaaaaaaaa, 404, unknown-receipt",
    "receipts/bbbbbbbbbbbbbbbbbbbbbbbbbb, 503, unavailable",
    "receipts/abc, 400, invalid-parameter",
    "ledger/proofs/inclusion?hash=ABC, 400, invalid-parameter",
    "ledger/proofs/inclusion, 400, invalid-parameter",
    "ledger/proofs/inclusion?hsh=1, 400, unknown-parameter",
    "ledger/proofs/consistency?author=abcdefghijklmnopqrstuvwxyz&epoch=1&from=2&to=8, 404, unknown-feed",
    "ledger/proofs/consistency?author=abcdefghijklmnopqrstuvwxyz&epoch=1&from=3&to=2, 400, invalid-parameter",
    "ledger/proofs/consistency?author=abcdefghijklmnopqrstuvwxyz&epoch=1&to=2, 400, invalid-parameter",
    "ledger/proofs/consistency?author=abcdefghijklmnopqrstuvwxyz&epoch=x&from=1&to=2, 400, invalid-parameter",
    "ledger/proofs/consistency?author=nobody&epoch=1&from=1&to=2, 404, unknown-feed",
    "feeds/abcdefghijklmnopqrstuvwxyz/2/checkpoint, 404, no-tile",
    "feeds/nobody/2/checkpoint, 404, unknown-feed",
    "feeds/abcdefghijklmnopqrstuvwxyz/x/checkpoint, 400, invalid-parameter",
    "feeds/abcdefghijklmnopqrstuvwxyz/1/tile/64/000, 400, invalid-parameter",
    "feeds/abcdefghijklmnopqrstuvwxyz/1/tile/00/000, 400, invalid-parameter",
    "feeds/abcdefghijklmnopqrstuvwxyz/1/tile/0/999, 404, no-tile",
    "feeds/abcdefghijklmnopqrstuvwxyz/1/tile/entries/999, 404, no-tile",
  })
  void whatIsNotThereIsAProblem(String path, int status, String code) {
    TestNode.Reply reply = NODE.get("/v1/" + path);
    assertEquals(status, reply.status());
    assertEquals(code, reply.json().getString("code"));
  }

  @Test
  void bundlesAreCountedDownAgain() {
    for (int i = 0; i < 50; i++) {
      assertEquals(200, NODE.get("/v1/feeds/" + AUTHOR + "/1/tile/entries/000").status());
    }
  }
}
