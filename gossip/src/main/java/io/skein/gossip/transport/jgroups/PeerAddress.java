package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.PeerId;
import java.util.Optional;
import org.jgroups.Address;
import org.jgroups.util.ExtendedUUID;

/// A JGroups address that carries a [PeerId]. Its own 128 bits are random, so that a restarted node
/// is a new member to JGroups, which keeps state for each address, and the same peer to us.
final class PeerAddress {
  private static final String KEY = "skein";

  private PeerAddress() {}

  static Address random(PeerId self, String name) {
    return ExtendedUUID.randomUUID(name).put(KEY, self.toBytes());
  }

  static Optional<PeerId> peer(Address address) {
    if (!(address instanceof ExtendedUUID extended)) {
      return Optional.empty();
    }
    byte[] bytes = extended.get(KEY);
    return bytes != null && bytes.length == PeerId.BYTES
        ? Optional.of(PeerId.fromBytes(bytes, 0))
        : Optional.empty();
  }
}
