package io.skein.app.mesh;

import io.skein.gossip.state.StateEntry;
import io.skein.gossip.state.StateExchange;
import io.skein.ledger.key.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What the nodes say of one thing, each saying read once: it is asked for many times a second and
/// changes seldom. Confined to the mesh thread.
final class Sayings<T> {
  private static final int MOST = 1_024;

  private final String key;
  private final Function<byte[], Optional<T>> decode;
  private final Map<NodeId, Read<T>> read = new HashMap<>();

  private record Read<T>(StateEntry entry, Optional<T> value) {}

  /// @param key by which it is told
  /// @param decode empty if it is not in form
  Sayings(String key, Function<byte[], Optional<T>> decode) {
    this.key = key;
    this.decode = decode;
  }

  /// What `node` said last.
  Optional<T> of(StateExchange exchange, NodeId node) {
    Optional<StateEntry> entry = exchange.entry(Peers.peerId(node), key);
    if (entry.isEmpty()) {
      read.remove(node);
      return Optional.empty();
    }
    Read<T> known = read.get(node);
    if (known == null || known.entry() != entry.get()) {
      if (read.size() >= MOST) {
        read.clear();
      }
      known = new Read<>(entry.get(), decode.apply(entry.get().value()));
      read.put(node, known);
    }
    return known.value();
  }
}
