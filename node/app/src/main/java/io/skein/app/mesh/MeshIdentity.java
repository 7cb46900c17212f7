package io.skein.app.mesh;

import io.skein.app.rumor.Who;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;

/// Who this node is.
///
/// @param key its key
/// @param who what it says of itself at the start
public record MeshIdentity(SigningKey key, Who who) {
  /// Its identity.
  public NodeId id() {
    return key.nodeId();
  }
}
