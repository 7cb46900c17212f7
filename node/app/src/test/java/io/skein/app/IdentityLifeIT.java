package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.sun.net.httpserver.HttpServer;
import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.jgroups.JoinKnock;
import io.skein.gossip.transport.jgroups.KnockResult;
import io.skein.ledger.admission.Credential;
import io.skein.ledger.admission.MeshTls;
import io.skein.ledger.admission.MeshTrust;
import io.skein.ledger.admission.Verdict;
import io.skein.ledger.key.KeyFile;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Hash;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Two nodes: one gets a new key and comes back with it, or is revoked.
@Tag("net")
@Timeout(120)
final class IdentityLifeIT {
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.skein");

  @TempDir Path folder;

  private MeshOfNodes mesh;
  private HttpServer endpoint;
  private Node one;
  private Node two;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          log.add(event.getFormattedMessage());
        }
      };

  @BeforeEach
  void begin() throws Exception {
    appender.start();
    LOGGER.addAppender(appender);
    LOGGER.setLevel(Level.INFO);
    mesh = new MeshOfNodes(folder);
    endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    endpoint.start();
    one = mesh.start("eu-1", "--mesh-name=pair");
    two = mesh.join("us-1", one, mesh.invite(one, 1, Duration.ofHours(1)));
    mesh.await(
        "both see each other",
        () ->
            mesh.stateOf(one, "us-1").equals("alive") && mesh.stateOf(two, "eu-1").equals("alive"));
    mesh.put(two, "/v1/services/web", new JsonObject());
    mesh.put(
        two,
        "/v1/services/web/endpoints/a",
        new JsonObject().put("url", "http://127.0.0.1:" + endpoint.getAddress().getPort()));
    mesh.await("both serve", () -> serves(one) && serves(two));
  }

  @AfterEach
  void end() {
    LOGGER.detachAppender(appender);
    LOGGER.setLevel(null);
    mesh.close();
    endpoint.stop(0);
  }

  @Test
  void aNodeComesBackWithANewKey() throws Exception {
    String old = id(two);
    HttpResponse<String> answer = mesh.send(two, "POST", "/v1/node/rotate", new JsonObject());
    assertEquals(202, answer.statusCode(), answer.body());
    JsonObject rotated = new JsonObject(answer.body());
    String fresh = rotated.getString("to");
    assertEquals(old, rotated.getString("from"));
    assertEquals(1, rotated.getInteger("replicas"));
    assertEquals(409, mesh.send(two, "POST", "/v1/node/rotate", new JsonObject()).statusCode());

    // Until it is restarted it balances, says so, and writes nothing.
    mesh.await("it balances", () -> serves(two));
    mesh.await("it says so", () -> checks(two).contains("rotated to " + fresh));
    assertEquals(503, mesh.send(two, "PUT", "/v1/services/late", new JsonObject()).statusCode());
    assertEquals(old, id(two));

    mesh.stop(two);
    two = mesh.start("us-1", "--seed=" + one.bound().mesh());
    assertEquals(fresh, id(two));
    mesh.await(
        "both see each other again",
        () ->
            mesh.stateOf(one, "us-1").equals("alive") && mesh.stateOf(two, "eu-1").equals("alive"));
    assertEquals(
        1,
        mesh.get(one, "/v1/members").orElseThrow().getJsonArray("members").stream()
            .filter(member -> ((JsonObject) member).getString("name").equals("us-1"))
            .count());

    // The endpoint that the old identity owned is the new one's; its words count.
    mesh.await("both serve", () -> serves(one) && serves(two));
    mesh.put(two, "/v1/services/late", new JsonObject());
    mesh.await(
        "its record counts on the other",
        () -> mesh.get(one, "/v1/services").orElseThrow().encode().contains("\"late\""));
    mesh.await("both hold the same records", () -> mesh.headsRoot(one).equals(mesh.headsRoot(two)));

    Path retired = mesh.data("us-1").resolve("identity." + old + ".retired");
    SigningKey oldKey = KeyFile.load(retired);
    assertInstanceOf(KnockResult.Refused.class, knock(oldKey));
    mesh.await(
        "the refusal is told",
        () ->
            log.stream()
                .anyMatch(line -> line.contains(old) && line.contains("was rotated to " + fresh)));

    // A backup of the old key does not start.
    mesh.stop(two);
    Path key = mesh.data("us-1").resolve("identity.key");
    Files.delete(key);
    Files.copy(retired, key);
    StartFailed failure =
        assertThrows(StartFailed.class, () -> mesh.start("us-1", "--seed=" + one.bound().mesh()));
    assertEquals(StartFailed.REFUSED, failure.exitCode());
    assertTrue(String.valueOf(failure.getMessage()).contains("rotated to " + fresh));
  }

  @Test
  void aRevokedNodeIsCutOffAndToldWhy() throws Exception {
    String id = id(two);
    HttpResponse<String> answer =
        mesh.send(
            one, "POST", "/v1/members/us-1/revoke", new JsonObject().put("reason", "disk stolen"));
    assertEquals(202, answer.statusCode(), answer.body());
    assertEquals(id, new JsonObject(answer.body()).getString("id"));
    mesh.await("it is told", () -> checks(two).contains("disk stolen"));
    mesh.await(
        "it is cut off",
        () ->
            !mesh.stateOf(one, "us-1").equals("alive")
                && !mesh.stateOf(two, "eu-1").equals("alive"));
    mesh.await(
        "connections were closed",
        () -> log.stream().anyMatch(line -> line.contains("that are no members any more")));
    assertFalse(mesh.ready(two));
    assertEquals(503, mesh.send(two, "PUT", "/v1/services/late", new JsonObject()).statusCode());
    assertTrue(serves(two), "its clients are still served from what it knew");

    HttpResponse<String> again =
        mesh.send(one, "POST", "/v1/members/" + id + "/revoke", new JsonObject());
    assertEquals(409, again.statusCode());
    assertTrue(again.body().contains("already-revoked"), again.body());
    assertEquals(
        404, mesh.send(one, "POST", "/v1/members/nobody/revoke", new JsonObject()).statusCode());

    mesh.stop(two);
    StartFailed failure =
        assertThrows(StartFailed.class, () -> mesh.start("us-1", "--seed=" + one.bound().mesh()));
    assertEquals(StartFailed.REFUSED, failure.exitCode());
    assertTrue(String.valueOf(failure.getMessage()).contains("disk stolen"));
  }

  private String id(Node node) throws Exception {
    return mesh.get(node, "/v1/node").orElseThrow().getString("id");
  }

  private boolean serves(Node node) throws Exception {
    return mesh.request(node, "/x").statusCode() == 200;
  }

  private String checks(Node node) throws Exception {
    return mesh.send(node, "GET", "/readyz?verbose", new JsonObject()).body();
  }

  private KnockResult knock(SigningKey key) throws Exception {
    Hash meshId =
        Hash.parse(mesh.get(one, "/v1/node").orElseThrow().getJsonObject("mesh").getString("id"));
    Credential claim = Credential.ofFounder(key.publicKey(), meshId, "us-1");
    assertNotEquals(id(two), key.nodeId().toString());
    MeshTls tls =
        new MeshTls(
            key,
            Certificates.of(claim, key, Instant.now()),
            new MeshTrust(it -> Verdict.provisional(meshId, it), _ -> {}));
    return JoinKnock.knock(
        new MeshAddress(one.bound().mesh().host(), one.bound().mesh().port()),
        tls.context(),
        Duration.ofSeconds(30));
  }
}
