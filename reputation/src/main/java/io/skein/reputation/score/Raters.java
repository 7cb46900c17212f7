package io.skein.reputation.score;

import io.skein.ledger.key.NodeId;
import java.util.Collection;
import java.util.Optional;

/// Who is admitted, as the ledger tells it. Equal records must give equal answers on every node;
/// the answers must not change during one call of [Reputation].
public interface Raters {
  /// The standing of `node`; empty if it was never admitted.
  Optional<Standing> standing(NodeId node);

  /// Every node ever admitted, the forked and the revoked among them, each once, in any order.
  Collection<NodeId> members();
}
