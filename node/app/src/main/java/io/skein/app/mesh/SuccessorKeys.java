package io.skein.app.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import java.io.IOException;

/// Where the key is kept that this node's identity is handed on to. Blocks on the disk: not for the
/// mesh thread.
public interface SuccessorKeys {
  /// A key that is on disk and takes no effect yet; the same one until [#complete].
  SigningKey prepare() throws IOException;

  /// Makes the prepared key the one the node starts with, and keeps the old one under another name.
  /// Only after the rotation was recorded. Nothing was lost if it fails: the next start does it.
  ///
  /// @param old whose key it follows
  void complete(NodeId old) throws IOException;
}
