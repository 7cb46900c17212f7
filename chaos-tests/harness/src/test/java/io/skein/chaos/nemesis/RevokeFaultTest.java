package io.skein.chaos.nemesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.skein.chaos.driver.HostPort;
import io.skein.chaos.driver.Target;
import io.skein.chaos.history.Event;
import io.skein.chaos.history.Recorder;
import io.skein.chaos.history.Vocabulary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RevokeFaultTest {
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final Recorder recorder = new Recorder(() -> 0);
  private HttpServer api;
  private volatile String state = "revoked";

  @BeforeEach
  void serve() throws IOException {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    api.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.add(exchange.getRequestMethod() + " " + path);
          String member = "{\"id\":\"aaaa\",\"state\":\"" + state + "\"}";
          String answer = path.equals("/v1/members") ? "{\"members\":[" + member + "]}" : member;
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(path.endsWith("/revoke") ? 202 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    api.start();
  }

  @AfterEach
  void stop() {
    api.stop(0);
  }

  private Fault.Proof revoke(BareNode node, boolean replicated) throws Exception {
    HostPort at = node.target().api();
    RevokeFault fault =
        new RevokeFault(
            node,
            List.of(new Target("n2", at, at)),
            new ReentrantLock(),
            _ -> replicated,
            recorder,
            0);
    fault.begin();
    fault.last(1);
    Fault.Proof proof = fault.proof();
    fault.end();
    return proof;
  }

  private BareNode node() {
    return new BareNode("n1", new HostPort("127.0.0.1", api.getAddress().getPort()));
  }

  @Test
  void itIsRevokedByAnotherAndJoinsAnew() throws Exception {
    BareNode node = node();
    Fault.Proof proof = revoke(node, true);
    assertTrue(proof.held(), proof::text);
    assertEquals(List.of("kill", "start", "ready"), node.done);
    assertEquals("POST /v1/members/aaaa/revoke", asked.get(1));
    Event told = recorder.events().getFirst();
    assertEquals(Vocabulary.REVOKED + " n1", told.function() + " " + told.node());
    assertEquals("{\"identity\":\"aaaa\",\"by\":\"n2\"}", told.value());
  }

  @Test
  void whereNobodySaysSoItDidNotTakeHold() throws Exception {
    state = "alive";
    assertFalse(revoke(node(), true).held());
  }

  @Test
  void aNodeWhoseRecordsNobodyElseHasIsLeftAlone() throws Exception {
    BareNode node = node();
    assertFalse(revoke(node, false).held());
    assertEquals(List.of(), node.done);
    assertEquals(List.of(), recorder.events());
  }
}
