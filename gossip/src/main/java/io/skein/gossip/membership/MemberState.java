package io.skein.gossip.membership;

/// What a node thinks of another.
public enum MemberState {
  /// In the view, and heard of lately.
  ALIVE,
  /// In the view, but silent for longer than [MembershipConfig#suspectAfter].
  SUSPECT,
  /// Gone from the view without a word.
  DEAD,
  /// Gone from the view after it had announced so.
  LEFT
}
