package io.skein.healing.swarm;

import java.util.Optional;

/// What can be done about something. Each can be told to act or merely to observe; what ends an
/// action goes with it.
public enum ActionKind {
  /// No requests to an endpoint; ended by `restore`.
  SET_ASIDE("set-aside", "restore"),
  /// A quarter of its weight to an endpoint; ended by `unshift`.
  SHIFT("shift", "unshift"),
  /// The shadows of a lost node take its share; ended by `welcome`.
  COVER("cover", "welcome"),
  /// Nothing is forwarded to a node; ended by `readmit`.
  AVOID("avoid", "readmit"),
  /// Another node than its owner reaches an endpoint for all; ended by `give-back`.
  RE_HOME("re-home", "give-back"),
  /// A node serves on, and sends its own clients elsewhere; ended by `resume`.
  DRAIN("drain", "resume"),
  /// A node's unreadable records are pulled from peers; `rebuilt` says how that ended.
  REBUILD("rebuild", "rebuilt"),
  /// A node's forecasts come from a plainer model than the one preferred; ended by `return`.
  FALL_BACK("fall-back", "return"),
  /// A node refuses requests because it runs out of something; `relieved` says that it does not any
  /// more.
  SHED("shed", "relieved"),
  /// A node leaves its view of the mesh to be taken in anew; `rejoined` says how that ended.
  REJOIN("rejoin", "rejoined"),
  /// A service is as it was before a change that made its requests fail; `reinstate` takes the
  /// change in again.
  ROLL_BACK("roll-back", "reinstate");

  private final String word;
  private final String end;

  ActionKind(String word, String end) {
    this.word = word;
    this.end = end;
  }

  /// The word in records, metrics and configuration.
  public String word() {
    return word;
  }

  /// The word for the record that ends it.
  public String end() {
    return end;
  }

  /// The kind of a record's action, or of what it ends.
  public static Optional<ActionKind> of(String action) {
    for (ActionKind kind : values()) {
      if (kind.word.equals(action) || kind.end.equals(action)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
