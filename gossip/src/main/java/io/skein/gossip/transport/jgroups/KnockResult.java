package io.skein.gossip.transport.jgroups;

/// What came of a [JoinKnock].
public sealed interface KnockResult {
  /// The node there accepts this one as a peer.
  record Welcome() implements KnockResult {}

  /// Nobody there, or nobody who answers as a node does.
  ///
  /// @param reason for people
  record NoAnswer(String reason) implements KnockResult {}

  /// One side does not accept the other's certificate.
  ///
  /// @param reason for people; TLS lets the refusing side say no more than a code, the full reason
  ///   stands in its log
  record Refused(String reason) implements KnockResult {}
}
