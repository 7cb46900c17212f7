package io.skein.ledger.admission;

import java.util.Optional;

/// A node was refused during a TLS handshake: what the refusing side logs.
///
/// @param side what this node was in the handshake
/// @param peerAddress from where or to where, as far as TLS knows
/// @param reason for programs
/// @param sentence for people
public record Refusal(
    Side side, Optional<String> peerAddress, Verdict.Reason reason, String sentence) {
  /// The role of the refusing node.
  public enum Side {
    /// The peer connected to this node.
    SERVER,
    /// This node connected to the peer.
    CLIENT
  }
}
