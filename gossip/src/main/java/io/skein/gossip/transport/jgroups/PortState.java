package io.skein.gossip.transport.jgroups;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/// What comes of dialling a port.
enum PortState {
  /// Somebody listens, or a process that stands still did: its machine takes the connection.
  OPEN,
  /// The machine answers that nobody listens, or a packet filter says so in its place.
  REFUSED,
  /// Nothing came in time, or there is no way there, or this node could not dial.
  SILENT;

  /// Dials once and hangs up. Blocks for at most about `limit`.
  ///
  /// @param from the address to dial from, as all connections of the mesh
  /// @param limit well below a second: a connection that the system itself gives up looks refused
  static PortState of(InetSocketAddress port, InetAddress from, Duration limit) {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(port, Math.toIntExact(limit.toMillis()));
      return OPEN;
    } catch (ConnectException _) {
      return REFUSED;
    } catch (IOException _) {
      return SILENT;
    }
  }

  /// What comes of dialling a member: its failure detector, and the mesh port only if that refuses,
  /// since the detector takes a connection for no more than that. Blocks for at most about twice
  /// `limit`.
  static PortState ofMember(InetSocketAddress meshPort, InetAddress from, Duration limit) {
    int detector = MeshStack.detectorPort(meshPort.getPort());
    PortState state = of(new InetSocketAddress(meshPort.getAddress(), detector), from, limit);
    return state == REFUSED ? of(meshPort, from, limit) : state;
  }
}
