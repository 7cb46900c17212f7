package io.skein.healing;

import java.util.Optional;

/// Who decides about one subject, as one node's facts have it.
///
/// @param kind what the subject is
/// @param subject its id, or a service's name
/// @param able how many live nodes may decide about it
/// @param owner who decides at once; empty if nobody may
/// @param next who decides if the owner does not; empty if nobody else may
public record Ownership(
    Kind kind, String subject, int able, Optional<String> owner, Optional<String> next) {
  /// What is owned.
  public enum Kind {
    /// Set aside, shifted and brought back by one of the live nodes that reach it.
    ENDPOINT,
    /// Rolled back by any live node.
    SERVICE,
    /// Covered, and welcomed when it is back, by any live node but itself.
    NODE;

    /// As in records of repairs.
    public String word() {
      return switch (this) {
        case ENDPOINT -> "endpoint";
        case SERVICE -> "service";
        case NODE -> "node";
      };
    }
  }
}
