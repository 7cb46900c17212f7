package io.skein.app;

import io.skein.app.config.HostPort;
import io.skein.app.config.NodeConfig;
import io.skein.app.mesh.MeshCore;
import io.skein.gossip.transport.AddressBook;
import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.jgroups.JGroupsConfig;
import io.skein.gossip.transport.jgroups.JGroupsTimers;
import io.skein.gossip.transport.jgroups.JGroupsTransport;
import io.skein.gossip.transport.jgroups.PortInUseException;
import io.skein.gossip.transport.jgroups.TransportException;
import io.skein.ledger.key.SigningKey;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's transport: from configuration to an open mesh port.
final class MeshPort {
  private static final Logger LOG = LoggerFactory.getLogger(MeshPort.class);

  private MeshPort() {}

  static JGroupsConfig transportConfig(
      NodeConfig config,
      Belonging belonging,
      SigningKey key,
      HostPort bind,
      AddressBook addresses,
      io.skein.ledger.admission.MeshTls tls) {
    JGroupsTimers usual = JGroupsTimers.defaults();
    return new JGroupsConfig(
        belonging.ledger().meshId().toString(),
        new PeerId(key.nodeId().high(), key.nodeId().low()),
        config.node().name(),
        new MeshAddress(bind.host(), bind.port()),
        config.mesh().advertise().map(a -> new MeshAddress(a.host(), a.port())),
        config.mesh().seeds().stream().map(s -> new MeshAddress(s.host(), s.port())).toList(),
        addresses.addresses(),
        new JGroupsTimers(
            usual.connect(),
            usual.join(),
            usual.leave(),
            usual.viewAcknowledgement(),
            config.mesh().timers().heartbeat(),
            config.mesh().timers().suspect(),
            usual.verify(),
            config.mesh().timers().mergeMin(),
            config.mesh().timers().mergeMax()),
        Optional.of(tls.context()));
  }

  static void startTransport(MeshCore core, HostPort bind) throws StartFailed {
    try {
      core.start();
    } catch (PortInUseException e) {
      throw new StartFailed(
          StartFailed.USAGE, e.getMessage() + ". Choose another with --mesh HOST:PORT.", e);
    } catch (TransportException e) {
      throw new StartFailed(StartFailed.USAGE, "--mesh " + bind + ": " + e.getMessage(), e);
    }
  }

  /// Where the transport listens; empty before it has started.
  static Optional<HostPort> bound(JGroupsTransport transport) {
    return transport.address().map(address -> new HostPort(address.host(), address.port()));
  }

  /// Waits until there are routes: as long as it takes to go through what the ledger holds.
  static void awaitRoutes(MeshCore core) throws StartFailed {
    StartFailed.awaited(core.beginning().over().toCompletableFuture());
  }

  static void remember(JGroupsTransport transport, AddressBook addresses) {
    for (MeshAddress address : transport.addresses().values()) {
      try {
        addresses.add(address);
      } catch (IOException e) {
        LOG.warn("the address of a peer could not be kept: {}", e.getMessage());
      }
    }
  }
}
