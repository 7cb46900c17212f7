package io.skein.gossip.transport.jgroups;

import static io.skein.gossip.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.TransportContract.Heard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("net")
final class MeshTlsIT {
  private static final PeerId A = new PeerId(0, 1);
  private static final PeerId B = new PeerId(0, 2);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir static Path directory;
  private static ThrowawayIdentity member;
  private static ThrowawayIdentity stranger;

  private final List<JGroupsTransport> nodes = new ArrayList<>();

  @BeforeAll
  static void makeIdentities() throws Exception {
    member = new ThrowawayIdentity(directory, "mesh-node");
    stranger = new ThrowawayIdentity(directory, "stranger");
  }

  @AfterEach
  void closeAll() {
    nodes.reversed().forEach(JGroupsTransport::close);
  }

  private JGroupsTransport open(
      PeerId peer, Heard heard, List<MeshAddress> seeds, Optional<SSLContext> tls) {
    JGroupsTransport node = new JGroupsTransport(LoopbackMesh.config(peer, 0, seeds, tls));
    nodes.add(node);
    node.start(heard);
    return node;
  }

  @Test
  void membersMeetAndStrangersStayAlone() throws Exception {
    Heard atA = new Heard();
    Heard atB = new Heard();
    JGroupsTransport a = open(A, atA, List.of(), Optional.of(member.context("mesh")));
    List<MeshAddress> seeds = List.of(a.address().orElseThrow());
    Heard atStranger = new Heard();
    open(new PeerId(0, 3), atStranger, seeds, Optional.of(stranger.context("mesh")));
    Heard atPlain = new Heard();
    open(new PeerId(0, 4), atPlain, seeds, Optional.empty());
    long start = System.nanoTime();
    JGroupsTransport b = open(B, atB, seeds, Optional.of(member.context("mesh")));
    assertTrue(await(() -> atA.view.equals(Set.of(B)) && atB.view.equals(Set.of(A))));
    System.out.println("joined by TLS after " + (System.nanoTime() - start) / 1_000_000 + " ms");
    b.send(A, 20, new byte[200_000]);
    assertTrue(await(() -> atA.messages.size() == 1));
    assertEquals(Set.of(B), atA.view);
    assertEquals(Set.of(), atStranger.view);
    assertEquals(Set.of(), atPlain.view);
  }

  /// A process that is stopped: the kernel takes the connection, nobody shakes hands.
  @Test
  void aPeerThatNeverShakesHandsHoldsUpNobodyElse() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      mute.setSoTimeout((int) LIMIT.toMillis());
      Heard atA = new Heard();
      Heard atB = new Heard();
      List<MeshAddress> seeds = List.of(new MeshAddress("127.0.0.1", mute.getLocalPort()));
      JGroupsTransport a = open(A, atA, seeds, Optional.of(member.context("mesh")));
      List<MeshAddress> atSeed = List.of(a.address().orElseThrow());
      open(B, atB, atSeed, Optional.of(member.context("mesh")));
      assertTrue(await(() -> atA.view.equals(Set.of(B)) && atB.view.equals(Set.of(A))));
      boolean heard = false;
      for (int tries = 0; tries < 4 && !heard; ) {
        try (Socket waiting = mute.accept()) {
          if (given(waiting)) {
            continue; // one from before they met
          }
          tries++;
          int before = atB.messages.size();
          a.send(B, 20, new byte[1]);
          heard = await(() -> atB.messages.size() > before) && !given(waiting);
        }
      }
      assertTrue(heard, "what A sends to B waits for a third");
    }
  }

  /// Whether the other side has given the connection up.
  private static boolean given(Socket waiting) throws IOException {
    waiting.setSoTimeout(1);
    try {
      return waiting.getInputStream().readAllBytes().length >= 0;
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  @Test
  void aKnockTellsWelcomeFromRefusalFromSilence() throws Exception {
    JGroupsTransport a = open(A, new Heard(), List.of(), Optional.of(member.context("mesh")));
    MeshAddress seed = a.address().orElseThrow();

    SSLContext accepted = member.context("mesh");
    int checked = member.clientChecks.get();
    long start = System.nanoTime();
    assertInstanceOf(KnockResult.Welcome.class, JoinKnock.knock(seed, accepted, LIMIT));
    System.out.println("knock answered after " + (System.nanoTime() - start) / 1_000_000 + " ms");
    for (int i = 0; i < 20; i++) {
      assertInstanceOf(KnockResult.Welcome.class, JoinKnock.knock(seed, accepted, LIMIT));
      KnockResult result = JoinKnock.knock(seed, stranger.context("mesh"), LIMIT);
      assertInstanceOf(KnockResult.Refused.class, result, result.toString());
    }
    assertEquals(checked + 41, member.clientChecks.get(), "no session is resumed unchecked");

    KnockResult notOurs = JoinKnock.knock(seed, member.context("other"), LIMIT);
    assertTrue(
        assertInstanceOf(KnockResult.Refused.class, notOurs).reason().contains("not invited"));

    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      MeshAddress at = new MeshAddress("127.0.0.1", socket.getLocalPort());
      KnockResult mute = JoinKnock.knock(at, accepted, Duration.ofMillis(200));
      assertInstanceOf(KnockResult.NoAnswer.class, mute, mute.toString());
    }
    try (Socket held = new Socket()) {
      held.bind(new InetSocketAddress("127.0.0.1", 0));
      MeshAddress at = new MeshAddress("127.0.0.1", held.getLocalPort());
      KnockResult nobody = JoinKnock.knock(at, accepted, LIMIT);
      assertInstanceOf(KnockResult.NoAnswer.class, nobody, nobody.toString());
    }

    JGroupsTransport plain = open(B, new Heard(), List.of(), Optional.empty());
    KnockResult noTls = JoinKnock.knock(plain.address().orElseThrow(), accepted, LIMIT);
    assertInstanceOf(KnockResult.NoAnswer.class, noTls, noTls.toString());
  }

  @Test
  void callersWhoDawdleKeepNobodyOut() throws Exception {
    Heard atA = new Heard();
    JGroupsTransport a = open(A, atA, List.of(), Optional.of(member.context("mesh")));
    MeshAddress seed = a.address().orElseThrow();
    List<Socket> dawdlers = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        dawdlers.add(new Socket(seed.host(), seed.port()));
      }
      open(B, new Heard(), List.of(seed), Optional.of(member.context("mesh")));
      assertTrue(await(() -> atA.view.equals(Set.of(B))));
    } finally {
      for (Socket socket : dawdlers) {
        closeQuietly(socket);
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // closed is closed
    }
  }
}
