package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.jgroups.JGroupsTransport;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A node whose view nobody can merge hears of the others, leaves that view by itself, and is one
/// with them again.
@Tag("net")
@Timeout(900)
final class RejoiningIT {
  /// Found after half a minute, and after up to nine times as long by a node that finds itself
  /// starved.
  private static final Duration DECIDED_AFTER = Duration.ofMinutes(5);

  @TempDir Path folder;

  private MeshOfNodes mesh;

  @BeforeEach
  void begin() {
    mesh = new MeshOfNodes(folder);
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void aNodeThatIsKeptApartRejoinsByItself() throws Exception {
    Node one = mesh.start("eu-1");
    String token = mesh.invite(one, 2, Duration.ofMinutes(10));
    Node two = mesh.join("eu-2", one, token);
    List<String> flags = List.of("--seed=" + one.bound().mesh(), "--token=" + token);
    try (LyingPeer third =
        LyingPeer.join(
            mesh.config("us-1", flags.toArray(String[]::new)), System::currentTimeMillis)) {
      mesh.await("all are there", () -> alive(one) && alive(two));

      AtomicInteger left = new AtomicInteger();
      long start = System.nanoTime();
      partForGood(third.transport(), left);
      mesh.await("a merge was left", () -> left.get() > 0);
      mesh.await("it hears of both", () -> third.transport().parted().peers().size() == 2);
      mesh.await("it rejoins", DECIDED_AFTER, () -> rejoin(one).isPresent());
      System.out.println("rejoined after " + (System.nanoTime() - start) / 1_000_000 + " ms");
      JsonObject repair = rejoin(one).orElseThrow();
      assertEquals("us-1", repair.getString("by"));
      assertEquals("us-1", repair.getString("subjectName"));
      assertTrue(repair.getString("evidence").startsWith("2 heard of for "), repair::encode);
      String id = repair.getString("id");
      for (Node node : List.of(one, two)) {
        mesh.await("all are there again", () -> alive(node));
        mesh.await(
            "what came of it is known",
            () ->
                mesh.get(node, "/v1/healing/" + id)
                    .filter(it -> it.getString("outcome").equals("worked"))
                    .isPresent());
      }
      assertEquals(3, third.transport().channel().getView().size());
      assertEquals(1, rejoins(one));
    }
  }

  private boolean alive(Node node) throws Exception {
    for (String member : List.of("eu-1", "eu-2", "us-1")) {
      if (!mesh.stateOf(node, member).equals("alive")) {
        return false;
      }
    }
    return true;
  }

  private Optional<JsonObject> rejoin(Node node) throws Exception {
    return MeshOfNodes.find(actions(node), "action", "rejoin");
  }

  private long rejoins(Node node) throws Exception {
    return actions(node).stream()
        .filter(each -> ((JsonObject) each).getString("action").equals("rejoin"))
        .count();
  }

  private JsonArray actions(Node node) throws Exception {
    return mesh.get(node, "/v1/healing").orElseThrow().getJsonArray("actions");
  }

  /// Puts it into a view of itself that it merges with nothing.
  private static void partForGood(JGroupsTransport transport, AtomicInteger left) throws Exception {
    Address self = transport.channel().getAddress();
    View alone = View.create(self, transport.channel().getView().getViewId().getId() + 5, self);
    ProtocolStack stack = transport.channel().getProtocolStack();
    GMS membership = stack.findProtocol(GMS.class);
    stack.insertProtocol(
        new Deaf(membership, alone.getViewId(), left), ProtocolStack.Position.BELOW, GMS.class);
    membership.installView(alone);
  }

  /// Hears nothing of merges as long as the node is in one view.
  private static final class Deaf extends Protocol {
    private final GMS membership;
    private final ViewId in;
    private final AtomicInteger left;

    Deaf(GMS membership, ViewId in, AtomicInteger left) {
      this.membership = membership;
      this.in = in;
      this.left = left;
    }

    private boolean deaf() {
      return membership.getViewId() != null && membership.getViewId().equals(in);
    }

    @Override
    public @Nullable Object up(Event event) {
      if (event.getType() == Event.MERGE && deaf()) {
        left.incrementAndGet();
        return null;
      }
      return up_prot.up(event);
    }

    @Override
    protected boolean accept(Message message) {
      return message.getHeader(membership.getId()) != null;
    }

    @Override
    public @Nullable Object up(Message message) {
      return accept(message) && deaf() ? null : up_prot.up(message);
    }
  }
}
