package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.PeerId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/// What a [JGroupsTransport] is made from.
///
/// @param meshName nodes with different names never form one mesh, 1–64 characters
/// @param self this node's identity
/// @param name how JGroups' log calls this node
/// @param bind where to listen. The failure detector listens 100 ports higher. Port 0 takes a free
///   one and is for tests
/// @param advertise where peers reach this node if that is not `bind`, behind NAT or in a container
/// @param seeds whom to ask for the mesh
/// @param known further addresses at which peers were seen earlier
/// @param timers how soon things are noticed
/// @param tls key and trust of this node. With it peers must prove themselves by certificate, TLS
///   1.3 only; without it anybody who reaches the port is a peer. The failure detector's port is
///   never encrypted: it carries signs of life only
public record JGroupsConfig(
    String meshName,
    PeerId self,
    String name,
    MeshAddress bind,
    Optional<MeshAddress> advertise,
    List<MeshAddress> seeds,
    List<MeshAddress> known,
    JGroupsTimers timers,
    Optional<SSLContext> tls) {
  /// Copies the lists and checks the names.
  ///
  /// @throws IllegalArgumentException if a name is empty or too long
  public JGroupsConfig {
    checkName("meshName", meshName);
    checkName("name", name);
    seeds = List.copyOf(seeds);
    known = List.copyOf(known);
  }

  /// Where other nodes may listen, seeds first.
  Set<MeshAddress> others() {
    Set<MeshAddress> others = new LinkedHashSet<>(seeds);
    others.addAll(known);
    return others;
  }

  private static void checkName(String what, String value) {
    if (value.isBlank() || value.length() > 64) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: 1 to 64 characters)");
    }
  }
}
