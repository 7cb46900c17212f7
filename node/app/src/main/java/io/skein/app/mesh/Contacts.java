package io.skein.app.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.ContactAcknowledgement;
import io.skein.ledger.record.Hash;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Hands out and collects acknowledgements of contact: a bad count about a peer is void without the
/// peer's own word that it was in contact in that window. Confined to the mesh thread.
final class Contacts {
  /// Message: the window, then the signature.
  static final int MESSAGE_BYTES = Long.BYTES + PublicKey.SIGNATURE_BYTES;

  private static final int KEPT_WINDOWS = 3;
  private static final int MAX_PEERS = 4_096;
  private static final byte[] NONE = new byte[0];

  private final SigningKey key;
  private final Hash meshId;
  private final Map<NodeId, Map<Long, byte[]>> received = new HashMap<>();
  private final Map<NodeId, Long> sent = new HashMap<>();

  Contacts(SigningKey key, Hash meshId) {
    this.key = key;
    this.meshId = meshId;
  }

  /// Where a message goes.
  interface Outbox {
    void send(NodeId to, byte[] message);
  }

  /// Acknowledges contact in `window` to every peer that was not told yet.
  void acknowledge(Set<NodeId> peers, long window, Outbox outbox) {
    sent.keySet().retainAll(peers);
    for (NodeId peer : peers) {
      Long last = sent.get(peer);
      if (last == null || last != window) {
        byte[] word = ContactAcknowledgement.sign(key, meshId, peer, window);
        outbox.send(peer, ByteBuffer.allocate(MESSAGE_BYTES).putLong(window).put(word).array());
        sent.put(peer, window);
      }
    }
  }

  /// Keeps a peer's word; whether it is true is checked by whoever uses it. Returns false for what
  /// is no such message.
  boolean receive(NodeId from, byte[] message, long currentWindow) {
    if (message.length != MESSAGE_BYTES) {
      return false;
    }
    ByteBuffer in = ByteBuffer.wrap(message);
    long window = in.getLong();
    if (window < 0
        || window < currentWindow - KEPT_WINDOWS
        || window > currentWindow + KEPT_WINDOWS) {
      return false;
    }
    if (received.size() >= MAX_PEERS && !received.containsKey(from)) {
      received
          .values()
          .removeIf(
              words -> words.keySet().stream().allMatch(old -> old < currentWindow - KEPT_WINDOWS));
      if (received.size() >= MAX_PEERS) {
        return false;
      }
    }
    byte[] word = new byte[PublicKey.SIGNATURE_BYTES];
    in.get(word);
    Map<Long, byte[]> words = received.computeIfAbsent(from, _ -> new HashMap<>());
    words.put(window, word);
    words.keySet().removeIf(old -> old < currentWindow - KEPT_WINDOWS);
    return true;
  }

  /// The peer's word for a window; empty if it gave none.
  byte[] wordOf(NodeId peer, long window) {
    return received.getOrDefault(peer, Map.of()).getOrDefault(window, NONE);
  }
}
