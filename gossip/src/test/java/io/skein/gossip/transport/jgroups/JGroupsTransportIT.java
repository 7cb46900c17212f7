package io.skein.gossip.transport.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.Await;
import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.Transport;
import io.skein.gossip.transport.TransportContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jgroups.JChannel;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.TP;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.Util;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Tag("net")
final class JGroupsTransportIT extends TransportContract {
  private final List<MeshAddress> addresses = new ArrayList<>();
  private final List<JGroupsTransport> nodes = new ArrayList<>();

  @Override
  protected Transport node(PeerId peer) {
    nodes.forEach(
        node -> node.address().filter(a -> !addresses.contains(a)).ifPresent(addresses::add));
    return remember(
        new JGroupsTransport(LoopbackMesh.config(peer, 0, addresses, Optional.empty())));
  }

  private JGroupsTransport remember(JGroupsTransport node) {
    nodes.add(node);
    return node;
  }

  @Override
  protected boolean await(BooleanSupplier condition) {
    return Await.await(condition);
  }

  private static long millisSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1_000_000;
  }

  @Test
  void seesAKilledNodeSoonAndLearnsAddresses() throws Exception {
    Heard atA = new Heard();
    Heard atB = new Heard();
    JGroupsTransport a = (JGroupsTransport) open(A, atA);
    long start = System.nanoTime();
    JGroupsTransport b = (JGroupsTransport) open(B, atB);
    assertTrue(await(() -> atA.view.contains(B) && atB.view.contains(A)));
    System.out.println("joined after " + millisSince(start) + " ms");
    assertTrue(await(() -> a.addresses().size() == 1));
    assertEquals(b.address().orElseThrow(), a.addresses().get(B));
    assertEquals("127.0.0.1", b.address().orElseThrow().host());

    start = System.nanoTime();
    Util.shutdown(b.channel());
    assertTrue(await(() -> atA.view.isEmpty()), "B is gone at A");
    System.out.println("kill noticed after " + millisSince(start) + " ms");
  }

  @Test
  void bothSidesOfASplitGoOnAndMerge() throws Exception {
    Heard atA = new Heard();
    Heard atB = new Heard();
    JGroupsTransport a = (JGroupsTransport) open(A, atA);
    JGroupsTransport b = (JGroupsTransport) open(B, atB);
    assertTrue(await(() -> atA.view.contains(B) && atB.view.contains(A)));
    long start = System.nanoTime();
    discard(a, true);
    discard(b, true);
    assertTrue(await(() -> atA.view.isEmpty() && atB.view.isEmpty()), "split");
    System.out.println("split noticed after " + millisSince(start) + " ms");
    start = System.nanoTime();
    discard(a, false);
    discard(b, false);
    assertTrue(await(() -> atA.view.contains(B) && atB.view.contains(A)), "merged");
    System.out.println("merged after " + millisSince(start) + " ms");
    a.send(B, 1, new byte[] {7});
    assertTrue(await(() -> atB.messages.size() == 1));
  }

  @Test
  void aSeedWhoseNameResolvesLaterIsFound() throws Exception {
    int port = freePort();
    Heard atA = new Heard();
    Heard atB = new Heard();
    MeshAddress seed = new MeshAddress("seed.invalid", port);
    JGroupsTransport a =
        remember(new JGroupsTransport(LoopbackMesh.config(A, 0, List.of(seed), Optional.empty())));
    MeshDiscovery discovery = a.channel().getProtocolStack().findProtocol(MeshDiscovery.class);
    try {
      a.start(atA);
      JGroupsTransport b =
          remember(new JGroupsTransport(LoopbackMesh.config(B, port, List.of(), Optional.empty())));
      try {
        b.start(atB);
        assertTrue(await(() -> atA.views > 0 && atB.views > 0));
        assertTrue(atA.view.isEmpty() && atB.view.isEmpty(), "neither knows the other");
        discovery.lookUp(_ -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        assertTrue(await(() -> atA.view.contains(B) && atB.view.contains(A)), "merged");
      } finally {
        b.close();
      }
    } finally {
      a.close();
    }
  }

  private static void discard(JGroupsTransport node, boolean all) throws Exception {
    ProtocolStack stack = node.channel().getProtocolStack();
    if (all) {
      DISCARD discard = new DISCARD().setAddress(node.channel().getAddress()).discardAll(true);
      stack.insertProtocol(discard, ProtocolStack.Position.ABOVE, TP.class);
    } else {
      stack.removeProtocol(DISCARD.class);
    }
  }

  @Test
  void aNodeWhoseSeedIsDownIsAMeshOfOneAndMergesLater() throws Exception {
    int port = freePort();
    Heard atA = new Heard();
    Heard atB = new Heard();
    MeshAddress seed = new MeshAddress("127.0.0.1", port);
    JGroupsTransport a =
        remember(new JGroupsTransport(LoopbackMesh.config(A, 0, List.of(seed), Optional.empty())));
    try {
      a.start(atA);
      assertTrue(await(() -> atA.views > 0 && atA.view.isEmpty()));
      JGroupsTransport b =
          remember(new JGroupsTransport(LoopbackMesh.config(B, port, List.of(), Optional.empty())));
      try {
        b.start(atB);
        assertTrue(await(() -> atA.view.contains(B) && atB.view.contains(A)), "merged");
      } finally {
        b.close();
      }
    } finally {
      a.close();
    }
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      JGroupsTransport a =
          new JGroupsTransport(
              LoopbackMesh.config(A, taken.getLocalPort(), List.of(), Optional.empty()));
      PortInUseException thrown =
          assertThrows(PortInUseException.class, () -> a.start(new Heard()));
      assertEquals(taken.getLocalPort(), thrown.address().port());
      assertTrue(thrown.getMessage().contains("127.0.0.1:" + taken.getLocalPort()));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void opensNoUdpSocket() throws IOException {
    Set<String> before = udpSockets();
    Heard heard = new Heard();
    open(A, heard);
    assertTrue(await(() -> heard.views > 0));
    Set<String> after = udpSockets();
    after.removeAll(before);
    assertEquals(Set.of(), after);
  }

  /// The inodes of this process's UDP sockets.
  private static Set<String> udpSockets() throws IOException {
    Set<String> inodes = new java.util.TreeSet<>();
    for (String table : List.of("udp", "udp6")) {
      Path path = Path.of("/proc/self/net", table);
      if (Files.exists(path)) {
        Files.readAllLines(path).stream()
            .skip(1)
            .map(l -> l.strip().split("\\s+")[9])
            .forEach(inodes::add);
      }
    }
    Set<String> own = new java.util.TreeSet<>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        try {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith("socket:[")) {
            own.add(target.substring(8, target.length() - 1));
          }
        } catch (IOException _) {
          // closed since it was listed
        }
      }
    }
    inodes.retainAll(own);
    return inodes;
  }

  @Test
  void theLaterOfTwoLivesIsThePeer() throws Exception {
    Heard atA = new Heard();
    Heard first = new Heard();
    Heard second = new Heard();
    JGroupsTransport a = (JGroupsTransport) open(A, atA);
    JGroupsTransport former = (JGroupsTransport) open(B, first);
    assertTrue(await(() -> atA.view.contains(B)));
    open(B, second);
    JChannel channel = a.channel();
    assertTrue(await(() -> channel.getView().size() == 3 && second.view.contains(A)));
    assertTrue(
        await(() -> {
          a.send(B, 1, new byte[1]);
          return !second.messages.isEmpty();
        }));
    assertEquals(Set.of(B), atA.view);
    former.close();
    assertTrue(await(() -> channel.getView().size() == 2));
    assertEquals(Set.of(B), atA.view);
  }

  /// A port that nobody is given unasked: it lies below those of outgoing connections.
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
        return port;
      } catch (IOException _) {
        // Taken: another.
      }
    }
  }
}
