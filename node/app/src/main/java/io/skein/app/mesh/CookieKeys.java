package io.skein.app.mesh;

import io.skein.app.rumor.CookieKey;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.proxy.route.StickyKeys;
import java.util.HashMap;
import java.util.Map;

/// Lets every node of the mesh honour the cookies that any of them gave: tells this node's key and
/// learns the others'. A node's key follows from its identity, so that its cookies outlive a
/// restart, and changes with it; the identity does not follow from the key. It is in no record:
/// rumors pass between admitted nodes only, in mutual TLS. On the mesh thread.
final class CookieKeys {
  private static final long REPEAT_SECONDS = 60;

  private final byte[] own;
  private final StickyKeys keys;
  private final Map<NodeId, CookieKey> learnt = new HashMap<>();
  private long seconds;

  CookieKeys(SigningKey identity) {
    this.own = identity.derive("skein cookie key 1");
    this.keys = new StickyKeys(own);
  }

  StickyKeys keys() {
    return keys;
  }

  /// A second has passed.
  void second(Peers peers, long nowNanos) {
    if (seconds++ % REPEAT_SECONDS == 0) {
      peers.tell(CookieKey.of(own), nowNanos);
    }
    for (Peers.Peer peer : peers.all()) {
      peers
          .cookieKey(peer.id())
          .filter(told -> !told.equals(learnt.put(peer.id(), told)))
          .ifPresent(told -> keys.learn(told.bytes()));
    }
    learnt.keySet().removeIf(node -> peers.cookieKey(node).isEmpty());
  }
}
