package io.skein.gossip.transport.jgroups;

import java.io.DataInput;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCP;
import org.jspecify.annotations.Nullable;

/// JGroups' TCP, which hangs up on those that do not answer.
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
final class MeshTcp extends TCP {
  private static final int LOOKS = 4;

  private final Duration patience;
  private final Unanswered unanswered = new Unanswered();
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
            .scheduleWithFixedDelay(
                this::hangUp, pauseMillis, pauseMillis, TimeUnit.MILLISECONDS, false);
  }

  @Override
  public void stop() {
    if (looking != null) {
      looking.cancel(false);
    }
    super.stop();
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
