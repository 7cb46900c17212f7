package io.skein.healing.action;

import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.healing.swarm.Outcome;
import io.skein.routing.ejection.Ailment;
import java.util.List;

/// What a healer wants done. All but [ProbeDue] and [Observed] become records that the mesh shares.
public sealed interface Action {
  /// Take an endpoint out of use, everywhere.
  ///
  /// @param evidence the figures behind it, for people
  record SetAside(String endpoint, Ailment diagnosis, String evidence) implements Action {}

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

  /// Give an endpoint a part of its weight only, everywhere.
  ///
  /// @param evidence the figures behind it, for people
  record Shift(String endpoint, Ailment diagnosis, String evidence) implements Action {}

  /// Give an endpoint its whole weight again.
  ///
  /// @param cause id of the record that this ends
  /// @param evidence the figures behind it, for people
  record Unshift(String endpoint, String cause, String evidence) implements Action {}

  /// This node reaches an endpoint for all from now on.
  record ReHome(String endpoint, Diagnosis.EndpointStranded diagnosis) implements Action {}

  /// The owner of an endpoint, this node, reaches it for all again.
  ///
  /// @param cause id of the record that this ends
  /// @param evidence why, for people
  record GiveBack(String endpoint, String cause, String evidence) implements Action {}

  /// Forward nothing to a node.
  record Avoid(String node, Diagnosis diagnosis) implements Action {}

  /// Forward to a node again.
  ///
  /// @param cause id of the record that this ends
  record Readmit(String node, String cause) implements Action {}

  /// A node is to send its own clients elsewhere, and is forwarded nothing.
  record Drain(String node, Diagnosis diagnosis) implements Action {}

  /// A node that was drained takes traffic again.
  ///
  /// @param cause id of the record that this ends
  /// @param evidence why, for people
  record Resume(String node, String cause, String evidence) implements Action {}

  /// Pull what this node's store can no longer read from peers.
  ///
  /// @param evidence the figures behind it, for people
  record Rebuild(String node, String evidence) implements Action {}

  /// That is over: nothing is unreadable any more, or nobody sends it.
  ///
  /// @param mended records that were put back
  /// @param unreadable those that were not
  /// @param nanos how long it took
  record Rebuilt(String node, long mended, long unreadable, long nanos) implements Action {}

  /// Make a service what it was before a change.
  ///
  /// @param change names the change
  /// @param evidence the figures behind it, for people
  record RollBack(String service, String change, String evidence) implements Action {}

  /// What a node does about itself, which nobody else can do.
  sealed interface Own extends Action {
    /// What kind of thing it does.
    ActionKind kind();

    /// It begins.
    ///
    /// @param diagnosis its kind
    /// @param evidence the figures behind it, for people
    /// @param expected what it is to bring about, for people
    record Begun(ActionKind kind, String diagnosis, String evidence, String expected)
        implements Own {}

    /// It is over.
    ///
    /// @param why `recovered`, `worse` or `in-vain`
    /// @param evidence the figures behind it, for people
    record Ended(ActionKind kind, String why, String evidence) implements Own {}

    /// What came of it.
    ///
    /// @param diagnosis its kind
    /// @param seconds over which each side was measured
    record Measured(
        ActionKind kind,
        String diagnosis,
        Outcome outcome,
        int seconds,
        Figures before,
        Figures after)
        implements Own {}
  }

  /// What would have been done if it were not to be observed only; told once a minute.
  record Observed(ActionKind kind, String subject, String diagnosis, String evidence)
      implements Action {}

  /// Probe this endpoint now and report the result with the next facts.
  record ProbeDue(String endpoint) implements Action {}
}
