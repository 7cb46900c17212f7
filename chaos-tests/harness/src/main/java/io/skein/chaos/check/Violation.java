package io.skein.chaos.check;

/// The sorts of wrong.
public enum Violation {
  /// An acknowledged element is missing for good; a line of a connection that goes on.
  LOST,
  /// An element, or a line of a connection, came more than once.
  DUPLICATED,
  /// An element that nobody appended, or that certainly failed.
  UNEXPECTED,
  /// A reader saw less than it had seen.
  WENT_BACK,
  /// A later element of an author shows, an earlier one does not.
  GAP,
  /// Two contents in one place of a feed.
  FORK,
  /// Not everywhere in time after the faults.
  NOT_CONVERGED,
  /// Fewer operations succeeded than have to.
  UNAVAILABLE,
  /// Equal heads, different reputations.
  REPUTATION_DIFFERS,
  /// Equal heads and minute, different strengths of repairs.
  STRENGTHS_DIFFER,
  /// Two owners of one key.
  TWO_OWNERS,
  /// No owner of a key, nobody who stands in for a node.
  NO_OWNER,
  /// An honest node is accused.
  HONEST_ACCUSED,
  /// An endpoint or a node that nobody touched is accused in calm, or a change is undone.
  FALSE_REPAIR,
  /// A fork that shows, and somebody does not accuse its author in the end.
  FORK_NOT_PROVEN,
  /// Lines of a connection came in another order.
  REORDERED,
  /// The answer is another request's, another service's, or another connection's.
  WRONG_ANSWER,
  /// A client was sent away from the endpoint it was to stay with, which was well and reached.
  MOVED,
  /// An answer that no endpoint gave.
  INVENTED,
  /// A request that must not be repeated was.
  REPEATED,
  /// A request that is said not to have happened was served.
  NOT_FAILED,
  /// An answer older than one that came before the request.
  STALE,
  /// Nodes hold different values of one key.
  DISAGREE,
  /// An answer that is not what its sender promises, or a client that broke off.
  AMISS,
  /// A checked system's own invariant, as it words it.
  INVARIANT
}
