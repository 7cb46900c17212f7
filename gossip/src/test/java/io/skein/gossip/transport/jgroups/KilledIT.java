package io.skein.gossip.transport.jgroups;

import static io.skein.gossip.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.TransportContract.Heard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.TP;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.Util;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Only ports that refuse tell of a death here: a silence, and the wait for a suspect's answer,
/// last longer than any test waits.
@Tag("net")
final class KilledIT {
  private static final JGroupsTimers PATIENT =
      new JGroupsTimers(
          Duration.ofMillis(500),
          Duration.ofMillis(400),
          Duration.ofMillis(500),
          Duration.ofMinutes(1),
          Duration.ofSeconds(1),
          Duration.ofMinutes(10),
          Duration.ofMinutes(10),
          Duration.ofMillis(300),
          Duration.ofMillis(800));

  @TempDir static Path directory;
  private static ThrowawayIdentity identity;

  private final List<Member> members = new ArrayList<>();

  private record Member(PeerId id, JGroupsTransport transport, Heard heard) {
    ProtocolStack stack() {
      return transport.channel().getProtocolStack();
    }

    MeshVerification verification() {
      return stack().findProtocol(MeshVerification.class);
    }
  }

  @BeforeAll
  static void makeIdentity() throws Exception {
    identity = new ThrowawayIdentity(directory, "mesh-node");
  }

  private void join(int count, Optional<SSLContext> tls) {
    List<MeshAddress> seeds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      PeerId id = new PeerId(0, i + 1);
      JGroupsTransport transport =
          new JGroupsTransport(LoopbackMesh.config(id, 0, seeds, PATIENT, tls));
      Member member = new Member(id, transport, new Heard());
      members.add(member);
      transport.start(member.heard());
      seeds.add(transport.address().orElseThrow());
    }
    assertTrue(await(() -> members.stream().allMatch(this::seesAllOthers)), "they have met");
    // All greet each other, as nodes do: so all are connected.
    for (Member from : members) {
      members.forEach(to -> from.transport().send(to.id(), 1, new byte[1]));
    }
    assertTrue(
        await(() -> members.stream().allMatch(each -> each.heard().messages.size() == count - 1)));
  }

  private boolean seesAllOthers(Member member) {
    Set<PeerId> others =
        members.stream()
            .filter(other -> other != member)
            .map(Member::id)
            .collect(Collectors.toSet());
    return member.heard().view.equals(others);
  }

  private void kill(Member member) throws Exception {
    members.remove(member);
    Util.shutdown(member.transport().channel());
    member.transport().close();
  }

  @AfterEach
  void closeAll() {
    members.reversed().forEach(member -> member.transport().close());
  }

  @Test
  void aKilledNodeIsNotWaitedFor() throws Exception {
    join(3, Optional.empty());
    kill(members.get(1));
    assertTrue(await(() -> members.stream().allMatch(this::seesAllOthers)));
  }

  @Test
  void norIsOneThatWasReachedByTls() throws Exception {
    join(3, Optional.of(identity.context("mesh")));
    kill(members.get(1));
    assertTrue(await(() -> members.stream().allMatch(this::seesAllOthers)));
  }

  /// The first leads the view, and the next one in turn goes with it.
  @Test
  void norAreTheLeadersOfTheView() throws Exception {
    join(5, Optional.empty());
    kill(members.get(0));
    kill(members.get(0));
    assertTrue(await(() -> members.stream().allMatch(this::seesAllOthers)));
  }

  @Test
  void aConnectionThatBreaksIsNoDeath() throws Exception {
    join(2, Optional.of(identity.context("mesh")));
    Member one = members.get(0);
    Member other = members.get(1);
    int views = one.heard().views;
    assertTrue(other.transport().disconnectUnless(_ -> false) > 0);
    assertTrue(await(() -> one.verification().cleared() > 0), "looked at, and found alive");
    one.transport().send(other.id(), 1, new byte[2]);
    assertTrue(await(() -> other.heard().messages.size() == 2), "connected again");
    assertEquals(views, one.heard().views);
    assertTrue(seesAllOthers(one));
  }

  /// A node that is too busy to answer its neighbour and the question whether it lives.
  @Test
  void whoIsSlowToAnswerAndListensIsNotGone() throws Exception {
    join(2, Optional.empty());
    Member one = members.get(0);
    Member other = members.get(1);
    int views = one.heard().views;
    one.verification().setTimeout(1);
    DISCARD deaf = new DISCARD().setAddress(other.transport().channel().getAddress());
    other.stack().insertProtocol(deaf.discardAll(true), ProtocolStack.Position.ABOVE, TP.class);
    FD_SOCK2 detector = other.stack().findProtocol(FD_SOCK2.class);
    detector.stop();
    assertTrue(await(() -> one.verification().cleared() > 0), "suspected, and found there");
    assertEquals(views, one.heard().views);
    assertTrue(seesAllOthers(one));
  }
}
