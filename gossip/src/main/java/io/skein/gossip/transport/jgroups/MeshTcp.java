package io.skein.gossip.transport.jgroups;

import java.io.DataInput;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.View;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCP;
import org.jspecify.annotations.Nullable;

/// JGroups' TCP, which hangs up on those that do not answer and waits for nobody when it talks to
/// all.
///
/// TCP repeats what nobody acknowledges after ever longer waits (RFC 6298, §5.5), so a connection
/// that lived through a cut may lead nowhere for as long again, and for twice as long if another
/// cut falls on the moment of its next try. JGroups keeps it all that time, since it closes only
/// those of members who leave the view, and takes no other one from a peer of lower address: two
/// members that a third one holds in the same view stayed deaf to each other.
///
/// So who was sent to and has said nothing since then for the time of a silence is hung up on, and
/// whatever is sent next dials. Every member greets every other in its view, and who is asked from
/// outside of it answers; a peer without an answer to give costs a handshake for each such time.
///
/// JGroups sends what is for all members, views and signs of life most of all, to one after the
/// other on one thread. A member that stands still keeps it as soon as its connection is full or
/// has to be made, and then the others miss this node. Here each member has a thread of its own for
/// that, and up to [#MOST_WAITING] frames wait for it; JGroups repeats what is dropped.
final class MeshTcp extends TCP {
  private static final int LOOKS = 4;
  private static final int MOST_WAITING = 256;

  private final Duration patience;
  private final Unanswered unanswered = new Unanswered();
  private final Map<Address, ThreadPoolExecutor> lines = new ConcurrentHashMap<>();
  private @Nullable Future<?> looking;

  /// @param patience without an answer
  MeshTcp(Duration patience) {
    this.patience = patience;
    // messages are told apart by the protocol's number, which JGroups knows for its own class only
    setId(ClassConfigurator.getProtocolId(TCP.class));
  }

  @Override
  public void start() throws Exception {
    super.start();
    long pauseMillis = patience.toMillis() / LOOKS;
    looking =
        getTimer()
            .scheduleWithFixedDelay(this::hangUp, pauseMillis, pauseMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    if (looking != null) {
      looking.cancel(false);
    }
    super.stop();
    retainLines(Set.of());
  }

  @Override
  public @Nullable Object down(Event event) {
    Object answer = super.down(event);
    if (event.getType() == Event.VIEW_CHANGE) {
      View view = event.arg();
      retainLines(view.getMembers());
    }
    return answer;
  }

  private void retainLines(Collection<Address> members) {
    lines.forEach((member, line) -> {
      if (!members.contains(member) && lines.remove(member, line)) {
        line.shutdownNow();
      }
    });
  }

  @Override
  protected void sendToAll(byte[] data, int offset, int length) throws Exception {
    if (members.isEmpty()) {
      super.sendToAll(data, offset, length);
      return;
    }
    byte[] frame = Arrays.copyOfRange(data, offset, offset + length);
    for (Address member : members) {
      if (!member.equals(local_addr)) {
        lines.computeIfAbsent(member, MeshTcp::line).execute(() -> sendFrame(member, frame));
      }
    }
  }

  private static ThreadPoolExecutor line(Address member) {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(MOST_WAITING),
        Thread.ofVirtual().name("skein-line-" + member).factory(),
        new ThreadPoolExecutor.DiscardPolicy());
  }

  private void sendFrame(Address member, byte[] frame) {
    try {
      sendTo(member, frame, 0, frame.length);
    } catch (Exception e) {
      log.trace("%s: nothing goes to %s: %s", local_addr, member, e);
    }
  }

  @Override
  public void send(Address to, byte[] data, int offset, int length) throws Exception {
    unanswered.sent(to, System.nanoTime());
    super.send(to, data, offset, length);
  }

  @Override
  public void receive(Address from, DataInput in, int length) throws Exception {
    unanswered.heard(from);
    super.receive(from, in, length);
  }

  @Override
  public void connectionEstablished(Connection connection) {
    unanswered.heard(connection.peerAddress());
    super.connectionEstablished(connection);
  }

  private void hangUp() {
    for (Address silent : unanswered.takeSilent(patience, System.nanoTime())) {
      srv.forAllConnections((peer, connection) -> {
        if (peer.equals(silent)) {
          hangUp(connection);
        }
      });
    }
  }

  /// Without JGroups' goodbye, which would wait behind all that was not acknowledged.
  private static void hangUp(Connection connection) {
    try {
      connection.close(false);
    } catch (IOException _) {
      // closed is closed
    }
  }
}
