package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.MeshAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.TP;
import org.jgroups.util.Responses;

/// TCPPING that allows binding to port 0: a node whose port nobody knows beforehand can still ask
/// the seeds, and they learn its port from the request.
///
/// Names are looked up again before each search, by whichever thread of JGroups searches: a name
/// that did not resolve at the start, or has another address now, would otherwise leave a node
/// alone until its restart. Java remembers addresses for 30 s, failures for 10.
final class MeshDiscovery extends TCPPING {
  private final Collection<MeshAddress> hosts;
  private final BiConsumer<Address, PhysicalAddress> onAsked;
  private final Map<MeshAddress, InetSocketAddress> known = new HashMap<>();
  private Function<MeshAddress, InetSocketAddress> lookUp =
      host -> new InetSocketAddress(host.host(), host.port());

  /// @param hosts whom to ask; those with port 0 are left out
  /// @param onAsked hears who looks for members, and where that one listens
  MeshDiscovery(Collection<MeshAddress> hosts, BiConsumer<Address, PhysicalAddress> onAsked) {
    this.onAsked = onAsked;
    // messages are told apart by the protocol's number, which JGroups knows for its own class only
    setId(ClassConfigurator.getProtocolId(TCPPING.class));
    this.hosts = new LinkedHashSet<>(hosts);
    lookUpAll();
  }

  /// Looks names up in another way, from now on.
  synchronized void lookUp(Function<MeshAddress, InetSocketAddress> by) {
    lookUp = by;
  }

  // What does not resolve now keeps the address that it had.
  private synchronized void lookUpAll() {
    for (MeshAddress host : hosts) {
      InetSocketAddress address = lookUp.apply(host);
      if (!address.isUnresolved() && host.port() != 0) {
        known.put(host, address);
      }
    }
    setInitialHosts(hosts.stream().filter(known::containsKey).map(known::get).toList());
  }

  @Override
  public void findMembers(List<Address> members, boolean initialDiscovery, Responses responses) {
    lookUpAll();
    super.findMembers(members, initialDiscovery, responses);
  }

  @Override
  public void discoveryRequestReceived(Address asker, String name, PhysicalAddress at) {
    super.discoveryRequestReceived(asker, name, at);
    if (at != null) {
      onAsked.accept(asker, at);
    }
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
