package io.skein.ledger.log;

/// What a node that opened its ledger again learned from its peers about its own feed.
public enum Recovery {
  /// At least one peer told the heads of this node's feeds, and what it told has been accepted.
  ANSWERED,
  /// Nobody answered in time.
  NO_ANSWER,
  /// The node has never known a peer, so nobody knows more of its feed than itself.
  NO_PEERS
}
