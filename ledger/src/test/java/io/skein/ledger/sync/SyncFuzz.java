package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.fuzz.Allocation;
import io.skein.ledger.record.Hash;
import java.util.Optional;

/// Messages between reconcilers from any bytes. The mesh's id is all zeros.
public final class SyncFuzz {
  private static final SyncCodec CODEC = new SyncCodec(Hash.ZERO);

  private SyncFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Optional<SyncMessage> message = Allocation.bounded(input, 64, () -> decode(input));
    if (message.isPresent()) {
      assertArrayEquals(input, CODEC.encode(message.get()));
    }
  }

  private static Optional<SyncMessage> decode(byte[] input) {
    try {
      return Optional.of(CODEC.decode(input));
    } catch (CborException e) {
      assertFalse(String.valueOf(e.getMessage()).isBlank());
      return Optional.empty();
    }
  }
}
