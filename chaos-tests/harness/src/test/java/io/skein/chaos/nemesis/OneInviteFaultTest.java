package io.skein.chaos.nemesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.skein.chaos.driver.HostPort;
import io.skein.chaos.driver.Links;
import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.history.Event;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Recorder;
import io.skein.chaos.history.Vocabulary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneInviteFaultTest {
  @TempDir Path folder;

  private final Recorder recorder = new Recorder(() -> 0);
  private final List<HttpServer> servers = new ArrayList<>();
  private final Wires wires = new Wires();

  /// Links that remember what was cut.
  private static final class Wires implements Links {
    final List<OneWay> cut = new ArrayList<>();
    boolean healed;

    @Override
    public void cut(Collection<OneWay> directions) {
      cut.addAll(directions);
    }

    @Override
    public void lose(Collection<String> nodes, int percent) {}

    @Override
    public boolean canDelay() {
      return false;
    }

    @Override
    public void delay(Collection<String> nodes, int millis, int jitterMillis) {}

    @Override
    public boolean canLimit() {
      return false;
    }

    @Override
    public void limit(Collection<String> nodes, int kilobitsPerSecond) {}

    @Override
    public void unplug(Collection<String> nodes) {}

    @Override
    public void heal() {
      healed = true;
    }

    @Override
    public long touched() {
      return 7;
    }
  }

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
  }

  /// A node with an API of its own and a disk.
  private BareNode node(String name, boolean ready) throws IOException {
    HttpServer api =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    api.createContext(
        "/",
        exchange -> {
          String answer =
              switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
                case "POST /v1/invites" -> "{\"token\":\"t\",\"inviteKey\":\"k\"}";
                case "GET /v1/invites" -> "{\"invites\":[{\"inviteKey\":\"k\"}]}";
                default -> "{\"id\":\"id-" + name + "\",\"ready\":" + ready + "}";
              };
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    api.start();
    servers.add(api);
    return new BareNode(name, new HostPort("127.0.0.1", api.getAddress().getPort())) {
      @Override
      public Path disk() {
        return folder.resolve(name);
      }
    };
  }

  private Fault fault(List<NodeHandle> nodes, boolean replicated) {
    return new OneInviteFault(
        3, nodes, wires, _ -> new ReentrantLock(), _ -> replicated, recorder, 0);
  }

  @Test
  void twoJoinByOneInviteOnTwoSidesAndWhoWasNotAdmittedJoinsAnew() throws Exception {
    BareNode a = node("a", true);
    BareNode b = node("b", true);
    BareNode c = node("c", true);
    BareNode d = node("d", false);
    Fault fault = fault(List.of(a, b, c, d), true);
    FaultMark mark = fault.mark(FaultMark.begins(3, "one-invite", ""));
    assertEquals(List.of("a", "d"), mark.down());
    assertEquals(List.of("a", "d"), mark.forgets());
    fault.begin();
    fault.last(1);
    Fault.Proof proof = fault.proof();
    fault.end();

    assertTrue(proof.held(), proof::text);
    assertEquals("a and d joined by one invite; of them d not admitted in the end", proof.text());
    assertEquals(List.of("kill", "join by t", "ready"), a.done);
    assertEquals(List.of("kill", "join by t", "ready", "kill", "start", "ready"), d.done);
    assertEquals(List.of(), b.done);
    assertEquals(8, wires.cut.size(), wires.cut::toString);
    assertTrue(wires.cut.contains(new Links.OneWay("d", "a")), wires.cut::toString);
    assertFalse(wires.cut.contains(new Links.OneWay("a", "b")), wires.cut::toString);
    assertTrue(wires.healed);
    List<Event> events = recorder.events();
    assertEquals(
        List.of("split", Vocabulary.JOINED_TWICE, "split", Vocabulary.NOT_ADMITTED),
        events.stream().map(Event::function).toList());
    assertEquals(
        List.of(List.of("a", "b"), List.of("c", "d")),
        FaultMark.of(events.getFirst()).orElseThrow().sides());
    assertEquals("{\"invite\":\"k\",\"identities\":[\"id-a\",\"id-d\"]}", events.get(1).value());
    assertEquals("d", events.get(3).node());
    assertEquals("{\"identity\":\"id-d\",\"takes\":true}", events.get(3).value());
  }

  @Test
  void whoseRecordsNobodyElseHasAreLeftAlone() throws Exception {
    BareNode a = node("a", true);
    Fault fault = fault(List.of(a, node("b", true), node("c", true), node("d", true)), false);
    fault.last(1);
    assertFalse(fault.proof().held());
    fault.end();
    assertEquals(List.of(), a.done);
    assertEquals(List.of(), recorder.events());
  }
}
