package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.config.CommandLineOverrides;
import io.skein.app.config.ConfigLoader;
import io.skein.app.config.ConfigOutcome;
import io.skein.app.config.NodeConfig;
import io.skein.ledger.admission.Credential;
import io.skein.ledger.admission.JoinToken;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class BelongingTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final SigningKey KEY = SigningKey.generate(new Random(1));
  private static final SigningKey INVITE = SigningKey.generate(new Random(2));
  private static final Belonging.Knock NOBODY_ASKED =
      (_, _) -> {
        throw new AssertionError("nobody is to be asked");
      };

  private final MemoryStore store = new MemoryStore();
  private final List<Credential> knocked = new ArrayList<>();
  private final Belonging.Knock welcome = (_, credential) -> knocked.add(credential);

  @Test
  void withoutSeedAndTokenItFoundsAMesh() throws StartFailed {
    Belonging founded = of(NOBODY_ASKED, "--mesh-name=club", "--window=2s");
    assertEquals(Belonging.Way.FOUNDED, founded.way());
    Body.Genesis genesis = assertInstanceOf(Body.Genesis.class, first().body());
    assertEquals("club", genesis.meshName());
    assertEquals(2_000, genesis.windowMillis());
    assertEquals("eu-1", genesis.nodeName());
    assertEquals(first().hash(), founded.ledger().meshId());
    assertEquals(founded.ledger().meshId(), founded.credential().meshId());
  }

  @Test
  void twoFoundersNeverMakeTheSameMesh() throws StartFailed {
    Hash one = of(NOBODY_ASKED).ledger().meshId();
    Belonging other = of(new MemoryStore(), KEY, NOBODY_ASKED, false);
    assertTrue(!one.equals(other.ledger().meshId()));
  }

  @Test
  void aFounderThatReturnsGoesOnWhereItWas() throws StartFailed {
    Hash meshId = of(NOBODY_ASKED).ledger().meshId();
    Belonging back = of(NOBODY_ASKED, "--mesh-name=of-no-account");
    assertEquals(Belonging.Way.RETURNED, back.way());
    assertEquals(meshId, back.ledger().meshId());
    assertEquals(Optional.empty(), back.credential().admission());
  }

  @Test
  void aJoinerKnocksWithAProofOfItsToken() throws StartFailed {
    Belonging joining = join(welcome, token(mesh(7), NOW + 1));
    assertEquals(Belonging.Way.JOINING, joining.way());
    assertEquals(mesh(7), joining.ledger().meshId());
    Credential shown = knocked.getFirst();
    assertEquals(mesh(7), shown.meshId());
    assertTrue(shown.proves());
    Body.Join join = assertInstanceOf(Body.Join.class, first().body());
    assertEquals(INVITE.publicKey(), join.inviteKey());
  }

  @Test
  void aJoinerThatReturnsShowsTheProofItWasAdmittedWith() throws StartFailed {
    join(welcome, token(mesh(7), NOW + 1));
    Credential shown = knocked.getFirst();
    Belonging back = of(NOBODY_ASKED, "--seed=127.0.0.1:7800");
    assertEquals(Belonging.Way.RETURNED, back.way());
    assertEquals(mesh(7), back.credential().meshId());
    assertTrue(back.credential().proves());
    assertEquals(
        shown.admission().orElseThrow().inviteKey(),
        back.credential().admission().orElseThrow().inviteKey());
  }

  // Its token has long expired when a machine starts again with the same flags.
  @Test
  void aJoinerReturnsWithTheTokenItOnceHad() throws StartFailed {
    JoinToken token = token(mesh(7), NOW - 1);
    join(welcome, token(mesh(7), NOW + 1));
    assertEquals(Belonging.Way.RETURNED, join(NOBODY_ASKED, token).way());
  }

  @Test
  void aRefusedJoinerWritesNothing() {
    StartFailed refusal = new StartFailed(StartFailed.REFUSED, "not you");
    StartFailed failure =
        assertThrows(
            StartFailed.class,
            () ->
                join(
                    (_, _) -> {
                      throw refusal;
                    },
                    token(mesh(7), NOW + 1)));
    assertEquals(refusal, failure);
    assertTrue(store.feeds().isEmpty());
  }

  @Test
  void anExpiredTokenIsRefusedBeforeAnybodyIsAsked() {
    StartFailed failure =
        assertThrows(StartFailed.class, () -> join(NOBODY_ASKED, token(mesh(7), NOW - 1)));
    assertEquals(StartFailed.REFUSED, failure.exitCode());
    assertTrue(said(failure).contains("expired"), said(failure));
    assertTrue(store.feeds().isEmpty());
  }

  @Test
  void aTokenWithoutASeedOrASeedWithoutATokenIsAMistake() {
    StartFailed failure =
        assertThrows(
            StartFailed.class, () -> of(NOBODY_ASKED, "--token=" + token(mesh(7), NOW + 1).text()));
    assertEquals(StartFailed.USAGE, failure.exitCode());
    assertTrue(said(failure).contains("--seed HOST:PORT"), said(failure));

    failure = assertThrows(StartFailed.class, () -> of(NOBODY_ASKED, "--seed=127.0.0.1:7800"));
    assertEquals(StartFailed.USAGE, failure.exitCode());
    assertTrue(said(failure).contains("needs a token"), said(failure));
    assertTrue(store.feeds().isEmpty());
  }

  @Test
  void whatIsNoTokenIsAMistakeThatIsNotRepeated() {
    String wrong = "skein1.c2VjcmV0LXNlY3JldC1zZWNyZXQ";
    StartFailed failure =
        assertThrows(
            StartFailed.class, () -> of(NOBODY_ASKED, "--seed=127.0.0.1:7800", "--token=" + wrong));
    assertEquals(StartFailed.USAGE, failure.exitCode());
    assertTrue(!said(failure).contains(wrong), said(failure));
  }

  @Test
  void aTokenOfAnotherMeshChangesNothing() throws StartFailed {
    join(welcome, token(mesh(7), NOW + 1));
    Map<FeedId, Long> before = contents();
    StartFailed failure =
        assertThrows(StartFailed.class, () -> join(NOBODY_ASKED, token(mesh(8), NOW + 1)));
    assertEquals(StartFailed.USAGE, failure.exitCode());
    assertTrue(said(failure).contains("0707070707070707"), said(failure));
    assertTrue(said(failure).contains("0808080808080808"), said(failure));
    assertEquals(before, contents());
  }

  @Test
  void aReplacedKeyIsToldFromAnotherNode() throws StartFailed {
    of(NOBODY_ASKED);
    StartFailed failure =
        assertThrows(
            StartFailed.class,
            () -> of(store, SigningKey.generate(new Random(9)), NOBODY_ASKED, true));
    assertEquals(StartFailed.USAGE, failure.exitCode());
    assertTrue(said(failure).contains("identity.key"), said(failure));
  }

  private Belonging join(Belonging.Knock knock, JoinToken token) throws StartFailed {
    return of(knock, "--seed=127.0.0.1:7800", "--token=" + token.text());
  }

  private Belonging of(Belonging.Knock knock, String... flags) throws StartFailed {
    return of(store, KEY, knock, false, flags);
  }

  private static Belonging of(
      MemoryStore store, SigningKey key, Belonging.Knock knock, boolean knowsPeers, String... flags)
      throws StartFailed {
    return Belonging.of(
        config(flags),
        store,
        key,
        new HybridClock(() -> NOW),
        new SecureRandom(),
        knock,
        knowsPeers);
  }

  private static NodeConfig config(String... flags) {
    List<String> all = new ArrayList<>(List.of("--name=eu-1", "--data=unused"));
    all.addAll(List.of(flags));
    return assertInstanceOf(
            ConfigOutcome.Loaded.class,
            ConfigLoader.load(
                Optional.empty(), Map.of("HOME", "/"), CommandLineOverrides.parse(all)))
        .config();
  }

  private SignedRecord first() {
    return store.record(store.feeds().first(), 1).orElseThrow();
  }

  private Map<FeedId, Long> contents() {
    Map<FeedId, Long> contents = new TreeMap<>();
    store.feeds().forEach(feed -> contents.put(feed, store.lastSeq(feed)));
    return contents;
  }

  private static JoinToken token(Hash meshId, long expiresAtMillis) {
    return new JoinToken(meshId, INVITE.seed(), KEY.nodeId(), expiresAtMillis, "club");
  }

  private static Hash mesh(int fill) {
    byte[] bytes = new byte[Hash.BYTES];
    Arrays.fill(bytes, (byte) fill);
    return Hash.of(bytes);
  }

  private static String said(StartFailed failure) {
    return String.valueOf(failure.getMessage());
  }
}
