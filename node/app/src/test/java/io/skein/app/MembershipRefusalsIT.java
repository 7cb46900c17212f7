package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.skein.app.config.HostPort;
import io.skein.ledger.admission.JoinToken;
import io.skein.ledger.admission.Verdict.Reason;
import io.skein.ledger.key.SigningKey;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Who may not join, what the joiner is told, and what the node that refused it writes in its log.
@Tag("net")
@Timeout(120)
final class MembershipRefusalsIT {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir static Path folder;

  private static MeshOfNodes mesh;
  private static Node founder;

  private final Heard log = new Heard();

  /// Keeps what is logged.
  private static final class Heard extends AppenderBase<ILoggingEvent> {
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      events.add(event);
    }

    boolean warned(Predicate<String> message) {
      return events.stream()
          .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
          .anyMatch(event -> message.test(event.getFormattedMessage()));
    }
  }

  @BeforeAll
  static void found() throws StartFailed {
    mesh = new MeshOfNodes(folder);
    founder = mesh.start("eu-1", "--mesh-name=club");
  }

  @AfterAll
  static void stop() {
    mesh.close();
  }

  @BeforeEach
  void listen() {
    log.start();
    skeinLog().addAppender(log);
  }

  @AfterEach
  void listenNoMore() {
    skeinLog().detachAppender(log);
  }

  @Test
  void aMistypedTokenIsAMistakeInUsage() throws Exception {
    String token = mesh.invite(founder, 1, HOUR);
    char last = token.charAt(token.length() - 3);
    String flipped =
        token.substring(0, token.length() - 3)
            + (last == 'A' ? 'B' : 'A')
            + token.substring(token.length() - 2);
    StartFailed failure = refused("mistyped", founder.bound().mesh(), flipped);
    assertEquals(StartFailed.USAGE, failure.exitCode());
    assertEquals("token: token is incomplete or mistyped; copy it again", said(failure));
  }

  @Test
  void aTokenOfAnotherInviteKeyIsRefused() throws Exception {
    JoinToken token = token(mesh.invite(founder, 1, HOUR));
    String forged =
        new JoinToken(
                token.meshId(),
                SigningKey.generate(new SecureRandom()).seed(),
                token.issuer(),
                token.expiresAtMillis(),
                token.meshName())
            .text();
    StartFailed failure = refused("forger", founder.bound().mesh(), forged);
    assertRefusedByTheMesh(failure);
    awaitRefusal(Reason.UNKNOWN_INVITE, "forger", "names an invite that is not in this ledger");
  }

  @Test
  void anExpiredTokenIsRefusedBeforeAnybodyIsAsked() throws Exception {
    JoinToken token = token(mesh.invite(founder, 1, HOUR));
    String expired = expiring(token, 1_000_000_000_000L);
    StartFailed failure = refused("late", founder.bound().mesh(), expired);
    assertEquals(StartFailed.REFUSED, failure.exitCode());
    assertTrue(
        said(failure).startsWith("the token expired at 2001-09-09T01:46:40Z"), said(failure));
  }

  // A joiner whose clock is wrong, or that lies about the expiry: the mesh's ledger decides.
  @Test
  void aTokenWhoseInviteHasExpiredIsRefusedByTheMesh() throws Exception {
    JoinToken token = token(mesh.invite(founder, 1, Duration.ofSeconds(1)));
    mesh.await(
        "the invite expires", () -> System.currentTimeMillis() > token.expiresAtMillis() + 200);
    String stretched = expiring(token, token.expiresAtMillis() + HOUR.toMillis());
    StartFailed failure = refused("liar", founder.bound().mesh(), stretched);
    assertRefusedByTheMesh(failure);
    awaitRefusal(Reason.INVITE_EXPIRED, "liar", "names an invite that expired at");
  }

  @Test
  void anInviteForOneAdmitsOne() throws Exception {
    String token = mesh.invite(founder, 1, HOUR);
    Node second = mesh.join("us-1", founder, token);
    mesh.await("the first comer is a member", () -> mesh.stateOf(founder, "us-1").equals("alive"));
    mesh.await("the invite is used up", () -> usesLeft(token) == 0);

    StartFailed failure = refused("us-2", founder.bound().mesh(), token);
    assertRefusedByTheMesh(failure);
    awaitRefusal(Reason.INVITE_USED_UP, "us-2", "has admitted all 1 nodes it may");
    assertEquals("", mesh.stateOf(founder, "us-2"));

    // The refusal did not hurt the one that was admitted.
    mesh.await("both go on", () -> mesh.stateOf(second, "eu-1").equals("alive"));
    mesh.stop(second);
  }

  @Test
  void aTokenOfAnotherMeshIsRefused() throws Exception {
    try (MeshOfNodes elsewhere = new MeshOfNodes(folder.resolve("elsewhere"))) {
      Node stranger = elsewhere.start("asia-1", "--mesh-name=elsewhere");
      String token = elsewhere.invite(stranger, 1, HOUR);
      StartFailed failure = refused("lost", founder.bound().mesh(), token);
      assertEquals(StartFailed.REFUSED, failure.exitCode());
      assertTrue(
          said(failure).contains("belongs to mesh") || said(failure).contains("does not accept"),
          said(failure));
      awaitRefusal(Reason.OTHER_MESH, "", "belongs to mesh");
      mesh.await(
          "the founder tells as well",
          () -> log.warned(message -> message.contains("as a node of another mesh does")));
    }
  }

  @Test
  void aNodeOfThisMeshStaysInItWhateverTokenItIsGiven() throws Exception {
    Node second = mesh.join("us-3", founder, mesh.invite(founder, 1, HOUR));
    mesh.await("it is a member", () -> mesh.stateOf(founder, "us-3").equals("alive"));
    mesh.await("it is ready", () -> mesh.ready(second));
    mesh.stop(second);
    Map<String, Long> before = files(mesh.data("us-3"));

    try (MeshOfNodes elsewhere = new MeshOfNodes(folder.resolve("abroad"))) {
      Node stranger = elsewhere.start("asia-1", "--mesh-name=abroad");
      String token = elsewhere.invite(stranger, 1, HOUR);
      StartFailed failure = refused("us-3", stranger.bound().mesh(), token);
      assertEquals(StartFailed.USAGE, failure.exitCode());
      assertTrue(said(failure).contains("belongs to mesh"), said(failure));
      assertTrue(said(failure).contains("Nothing was changed"), said(failure));
    }
    assertEquals(before, files(mesh.data("us-3")));
  }

  @Test
  void aSeedWithoutATokenIsAMistakeInUsage() {
    StartFailed failure =
        assertThrows(
            StartFailed.class,
            () -> mesh.start("tokenless", "--seed=" + founder.bound().mesh()).stop());
    assertEquals(StartFailed.USAGE, failure.exitCode());
    assertTrue(said(failure).contains("needs a token"), said(failure));
  }

  @Test
  void aPeerThatSpeaksNoTlsGetsNowhere() throws Exception {
    HostPort port = founder.bound().mesh();
    try (Socket plain = new Socket(port.host(), port.port())) {
      plain.setSoTimeout(15_000);
      plain
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      plain.getOutputStream().flush();
      byte[] answer = plain.getInputStream().readNBytes(64);
      assertFalse(
          new String(answer, StandardCharsets.ISO_8859_1).contains("HTTP"), "no HTTP is spoken");
      assertTrue(answer.length < 64, "the connection is closed after an alert at most");
    } catch (IOException closedAtOnce) {
      assertFalse(
          closedAtOnce instanceof java.net.SocketTimeoutException, "it must not be kept open");
    }
    mesh.await("the node is well", () -> mesh.ready(founder));
    mesh.await("a warning", () -> log.warned(message -> message.contains("does not speak TLS")));
  }

  /// Tries to start a node that must not come up.
  private static StartFailed refused(String name, HostPort seed, String token) {
    StartFailed failure =
        assertThrows(StartFailed.class, () -> mesh.join(name, seed, token).stop());
    assertFalse(said(failure).contains(token), "a token must not be shown");
    assertFalse(said(failure).contains("Exception"), said(failure));
    return failure;
  }

  private static void assertRefusedByTheMesh(StartFailed failure) {
    assertEquals(StartFailed.REFUSED, failure.exitCode());
    assertTrue(said(failure).startsWith("the mesh refused this node: "), said(failure));
    assertTrue(said(failure).contains(founder.bound().mesh().toString()), said(failure));
  }

  /// One WARN line of the founder says who was refused and why, for people and for programs.
  private void awaitRefusal(Reason reason, String name, String sentence) throws Exception {
    mesh.await(
        "a warning about " + name + ": " + sentence,
        () ->
            log.events.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .filter(event -> event.getFormattedMessage().startsWith("connection refused: "))
                .filter(event -> event.getFormattedMessage().contains(sentence))
                .filter(event -> event.getFormattedMessage().contains("'" + name))
                .anyMatch(event ->
                    event.getKeyValuePairs() != null
                        && event.getKeyValuePairs().stream()
                            .anyMatch(pair -> reason.equals(pair.value))));
  }

  private static int usesLeft(String token) throws Exception {
    String key = token(token).inviteKey().publicKey().toString();
    return mesh.get(founder, "/v1/invites").orElseThrow().getJsonArray("invites").stream()
        .map(JsonObject.class::cast)
        .filter(invite -> invite.encode().contains(key))
        .mapToInt(invite -> invite.getInteger("uses") - invite.getInteger("used"))
        .findFirst()
        .orElseThrow();
  }

  private static JoinToken token(String text) {
    return assertInstanceOf(JoinToken.Parsed.Token.class, JoinToken.parse(text)).token();
  }

  private static String expiring(JoinToken token, long atMillis) {
    return new JoinToken(
            token.meshId(), token.inviteSeed(), token.issuer(), atMillis, token.meshName())
        .text();
  }

  /// Every file with its length and the hash of its bytes.
  private static Map<String, Long> files(Path directory) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(Files.readAllBytes(file));
        files.put(directory.relativize(file).toString(), crc.getValue());
      }
    }
    return files;
  }

  private static Logger skeinLog() {
    return (Logger) LoggerFactory.getLogger("io.skein");
  }

  private static String said(StartFailed failure) {
    return String.valueOf(failure.getMessage());
  }
}
