package io.skein.app.rumor;

import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import java.util.List;
import java.util.Optional;

/// Who stands in for a node.
public record Shadows(List<NodeId> nodes) implements Rumor {
  public static final String KEY = "shadows";
  private static final int MOST = 16;

  public Shadows {
    nodes = List.copyOf(nodes);
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public byte[] encode() {
    CborWriter out = Versioned.array(2).array(nodes.size());
    nodes.forEach(node -> out.bytes(node.toBytes()));
    return out.toBytes();
  }

  public static Optional<Shadows> decode(byte[] bytes) {
    return Versioned.read(
        bytes,
        2,
        in ->
            new Shadows(
                Versioned.list(in, MOST, each -> NodeId.fromBytes(each.bytesOf(NodeId.BYTES), 0))));
  }
}
