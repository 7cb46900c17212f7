package io.skein.simulator.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The contacts a node acknowledges, as it hands them out through the state exchange: those of this
/// window and of the one before. Rows of window (8 bytes), rater (16) and signature (64).
final class Acknowledgements {
  private static final int ROW_BYTES = Long.BYTES + NodeId.BYTES + PublicKey.SIGNATURE_BYTES;

  private final TreeMap<Long, Map<NodeId, byte[]>> byWindow = new TreeMap<>();

  void put(long window, Map<NodeId, byte[]> signatures) {
    byWindow.put(window, new TreeMap<>(signatures));
    byWindow.headMap(window - 1).clear();
  }

  byte[] encoded() {
    int rows = byWindow.values().stream().mapToInt(Map::size).sum();
    ByteBuffer out = ByteBuffer.allocate(rows * ROW_BYTES);
    byWindow.forEach((window, signatures) ->
        signatures.forEach(
            (rater, signature) -> out.putLong(window).put(rater.toBytes()).put(signature)));
    return out.array();
  }

  static Optional<byte[]> find(byte[] encoded, NodeId rater, long window) {
    ByteBuffer in = ByteBuffer.wrap(encoded);
    while (in.remaining() >= ROW_BYTES) {
      long ofWindow = in.getLong();
      NodeId of = new NodeId(in.getLong(), in.getLong());
      byte[] signature = new byte[PublicKey.SIGNATURE_BYTES];
      in.get(signature);
      if (ofWindow == window && of.equals(rater)) {
        return Optional.of(signature);
      }
    }
    return Optional.empty();
  }
}
