package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.MeshAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// How long a node waits for an answer before it founds a mesh of its own, which would have to be
/// merged with the others' as soon as they are heard.
///
/// Who knows nobody has nobody to wait for. Where a port is open there is somebody, if slow: two
/// nodes that start on a machine whose processors are taken were answered after two seconds,
/// handshakes included.
final class JoinPatience {
  private static final Duration NONE = Duration.ofMillis(1);
  private static final int WITH_THE_BUSY = 3;

  private JoinPatience() {}

  /// Dials all addresses that are known, side by side, until one of them is open. Blocks for at
  /// most about twice the time that a connection may take.
  ///
  /// @throws UnknownHostException if the address to listen at does not resolve
  static Duration of(JGroupsConfig config) throws UnknownHostException, InterruptedException {
    List<MeshAddress> others = config.others().stream().filter(other -> other.port() != 0).toList();
    if (others.isEmpty()) {
      return config.others().isEmpty() ? NONE : config.timers().join();
    }
    return anyListens(config, others)
        ? config.timers().join().multipliedBy(WITH_THE_BUSY)
        : config.timers().join();
  }

  private static boolean anyListens(JGroupsConfig config, Collection<MeshAddress> others)
      throws UnknownHostException, InterruptedException {
    InetAddress from = InetAddress.getByName(config.bind().host());
    List<Callable<PortState>> dials = new ArrayList<>();
    for (MeshAddress other : others) {
      dials.add(() -> open(new InetSocketAddress(other.host(), other.port()), from, config));
    }
    try (ExecutorService dialling = Executors.newVirtualThreadPerTaskExecutor()) {
      return dialling.invokeAny(dials) == PortState.OPEN;
    } catch (ExecutionException _) {
      return false;
    }
  }

  private static PortState open(InetSocketAddress at, InetAddress from, JGroupsConfig config)
      throws ConnectException {
    PortState state =
        at.isUnresolved()
            ? PortState.SILENT
            : PortState.ofMember(at, from, config.timers().connect());
    if (state != PortState.OPEN) {
      throw new ConnectException(at + ": " + state);
    }
    return state;
  }
}
