package io.skein.ledger.log;

/// What a node that opened its ledger again learned from its peers about its own feed.
public enum Recovery {
  /// Peers told the heads of this node's feeds, and what they told has been accepted.
  ANSWERED,
  /// The same, but not every member could be asked, and one of the others may have more still.
  UNSURE,
  /// Nobody answered in time.
  NO_ANSWER,
  /// The node has never known a peer, so nobody knows more of its feed than itself.
  NO_PEERS
}
