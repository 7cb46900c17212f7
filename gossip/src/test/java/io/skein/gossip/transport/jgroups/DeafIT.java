package io.skein.gossip.transport.jgroups;

import static io.skein.gossip.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.Await;
import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.TransportContract.Heard;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jgroups.util.DefaultSocketFactory;
import org.jgroups.util.Util;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Connections that stand and lead nowhere, as after a cut that they lived through: what is written
/// to them arrives nowhere, or waits for ever, while any new one works.
@Tag("net")
final class DeafIT {
  private final List<Member> members = new ArrayList<>();

  private record Member(
      PeerId id, String host, JGroupsTransport transport, Heard heard, Lines lines) {
    void greet(Member other) {
      transport.send(other.id(), 1, new byte[1]);
    }

    long heardFrom(Member other) {
      return heard.messages.stream().filter(each -> each.from().equals(other.id())).count();
    }
  }

  /// The sockets of one member.
  private static final class Lines extends DefaultSocketFactory {
    final List<Line> all = new CopyOnWriteArrayList<>();

    @Override
    public Socket createSocket(String name) {
      Line line = new Line();
      all.add(line);
      return line;
    }

    @Override
    public ServerSocket createServerSocket(String name) throws IOException {
      return new ServerSocket() {
        @Override
        public Socket accept() throws IOException {
          Line line = new Line();
          implAccept(line);
          all.add(line);
          return line;
        }
      };
    }

    private Stream<Line> to(Member member) {
      return all.stream()
          .filter(line -> line.getInetAddress() != null)
          .filter(line -> line.getInetAddress().getHostAddress().equals(member.host()));
    }

    void cut(Member from) {
      to(from).forEach(line -> line.cut = true);
    }

    void fill(Member to) {
      to(to).forEach(line -> line.full = true);
    }

    boolean waitFor(Member other) {
      return to(other).anyMatch(line -> line.waiting);
    }
  }

  private static final class Line extends Socket {
    volatile boolean cut;
    volatile boolean full;
    volatile boolean waiting;

    private void untilClosed() throws IOException {
      waiting = true;
      Await.await(this::isClosed);
      throw new SocketException("closed");
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(int octet) throws IOException {
          if (full) {
            untilClosed();
          } else if (!cut) {
            out.write(octet);
          }
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
          if (full) {
            untilClosed();
          } else if (!cut) {
            out.write(octets, offset, length);
          }
        }
      };
    }
  }

  private void meet(int count) {
    List<MeshAddress> seeds = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String host = "127.0.0." + i;
      JGroupsConfig config =
          new JGroupsConfig(
              "test",
              new PeerId(0, i),
              "n" + i,
              new MeshAddress(host, 0),
              Optional.empty(),
              seeds,
              List.of(),
              LoopbackMesh.FAST,
              Optional.empty());
      JGroupsTransport transport = new JGroupsTransport(config);
      Lines lines = new Lines();
      transport.channel().getProtocolStack().getTransport().setSocketFactory(lines);
      Member member = new Member(config.self(), host, transport, new Heard(), lines);
      members.add(member);
      transport.start(member.heard());
      seeds.add(transport.address().orElseThrow());
    }
    assertTrue(
        await(() -> members.stream().allMatch(member -> member.heard().view.size() == count - 1)));
    members.forEach(from -> members.forEach(from::greet));
    assertTrue(
        await(() ->
            members.stream().allMatch(member -> member.heard().messages.size() == count - 1)));
  }

  @AfterEach
  void closeAll() {
    members.reversed().forEach(member -> member.transport().close());
  }

  /// The first leads the view and hears both others, so that the view stays as it is.
  @Test
  void twoThatAThirdHearsDialEachOtherAnew() {
    meet(3);
    Member one = members.get(1);
    Member other = members.get(2);
    List<Integer> views = members.stream().map(member -> member.heard().views).toList();
    one.lines().cut(other);
    other.lines().cut(one);
    one.greet(other);
    other.greet(one);
    assertTrue(await(() -> one.heardFrom(other) == 2), "the one hears the other");
    assertTrue(await(() -> other.heardFrom(one) == 2), "the other hears the one");
    assertEquals(views, members.stream().map(member -> member.heard().views).toList());
  }

  /// What waits is a sign of life for all.
  @Test
  void whoStandsStillKeepsNoViewFromTheOthers() throws Exception {
    meet(4);
    Member leader = members.get(0);
    Member still = members.get(1);
    Member other = members.get(2);
    Member gone = members.get(3);
    leader.lines().fill(still);
    assertTrue(await(() -> leader.lines().waitFor(still)));
    int views = other.heard().views;
    Util.shutdown(gone.transport().channel());
    assertTrue(await(() -> !other.heard().view.contains(gone.id())), "it is gone");
    assertTrue(other.heard().view.contains(leader.id()), "the leader is not");
    assertEquals(views + 1, other.heard().views);
  }
}
