package io.skein.ledger.record;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import java.util.Arrays;

/// Requests forwarded to one peer in one window. Counts are 0 or more.
///
/// @param peer to whom
/// @param good answered
/// @param bad refused, reset or timed out
/// @param acknowledgement the peer's [ContactAcknowledgement] for this author and window, 64 bytes;
///   empty if it gave none, and then `bad` counts for nothing
public record PeerOutcome(NodeId peer, int good, int bad, byte[] acknowledgement) {
  public PeerOutcome {
    Checks.notNegative("good", good);
    Checks.notNegative("bad", bad);
    if (acknowledgement.length != 0) {
      Checks.length("acknowledgement", acknowledgement, PublicKey.SIGNATURE_BYTES);
    }
    acknowledgement = acknowledgement.clone();
  }

  @Override
  public byte[] acknowledgement() {
    return acknowledgement.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PeerOutcome that
        && peer.equals(that.peer)
        && good == that.good
        && bad == that.bad
        && Arrays.equals(acknowledgement, that.acknowledgement);
  }

  @Override
  public int hashCode() {
    return (peer.hashCode() * 31 + good) * 31 + bad;
  }
}
