package io.skein.app.rumor;

import io.skein.ledger.record.Hash;
import java.util.Optional;

/// What a node holds and derives.
///
/// @param headsRoot root over its head vector
/// @param repRoot root over the scores computed from exactly that vector
/// @param records it holds
public record Roots(Hash headsRoot, Hash repRoot, long records) implements Rumor {
  public static final String KEY = "roots";

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public byte[] encode() {
    return Versioned.array(4)
        .bytes(headsRoot.toBytes())
        .bytes(repRoot.toBytes())
        .unsigned(records)
        .toBytes();
  }

  public static Optional<Roots> decode(byte[] bytes) {
    return Versioned.read(
        bytes,
        4,
        in ->
            new Roots(
                Hash.of(in.bytesOf(Hash.BYTES)),
                Hash.of(in.bytesOf(Hash.BYTES)),
                in.integer(0, Long.MAX_VALUE)));
  }
}
