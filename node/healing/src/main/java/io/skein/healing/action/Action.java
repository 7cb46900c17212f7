package io.skein.healing.action;

import io.skein.routing.ejection.Diagnosis;
import java.util.List;

/// What a healer wants done. All but [ProbeDue] become records that the mesh shares.
public sealed interface Action {
  /// Take an endpoint out of use, everywhere.
  ///
  /// @param evidence the figures behind it, for people
  record SetAside(String endpoint, Diagnosis diagnosis, String evidence) implements Action {}

  /// Take an endpoint into use again, everywhere. Whoever learns of it forgets what it saw of the
  /// endpoint before.
  ///
  /// @param cause id of the record that this ends
  /// @param evidence the figures behind it, for people
  record Restore(String endpoint, String cause, String evidence) implements Action {}

  /// A node is gone; these take its share.
  ///
  /// @param shadows live nodes, best first; empty if there is nobody
  record CoverNode(String node, List<String> shadows) implements Action {
    public CoverNode {
      shadows = List.copyOf(shadows);
    }
  }

  /// A node that was covered is back and gets its share back.
  record WelcomeNode(String node) implements Action {}

  /// Probe this endpoint now and report the result with the next facts.
  record ProbeDue(String endpoint) implements Action {}
}
