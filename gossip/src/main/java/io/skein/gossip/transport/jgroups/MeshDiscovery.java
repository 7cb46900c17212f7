package io.skein.gossip.transport.jgroups;

import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.TP;

/// TCPPING that allows binding to port 0: a node whose port nobody knows beforehand can still ask
/// the seeds, and they learn its port from the request.
final class MeshDiscovery extends TCPPING {
  MeshDiscovery() {
    // messages are told apart by the protocol's number, which JGroups knows for its own class only
    setId(ClassConfigurator.getProtocolId(TCPPING.class));
  }

  @Override
  public void init() throws Exception {
    TP transport = getTransport();
    int port = transport.getBindPort();
    // it only looks whether this is 0, to warn; the socket is bound later
    transport.setBindPort(port == 0 ? 1 : port);
    try {
      super.init();
    } finally {
      transport.setBindPort(port);
    }
  }

  @Override
  public boolean isDynamic() {
    return true;
  }
}
