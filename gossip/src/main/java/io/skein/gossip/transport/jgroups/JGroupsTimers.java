package io.skein.gossip.transport.jgroups;

import java.time.Duration;

/// How soon JGroups notices things. Shorter means sooner and more false alarms on a busy machine.
///
/// @param connect until an attempt to open a connection is given up
/// @param join until a node that finds nobody forms a mesh of its own
/// @param leave until a closing node stops waiting for the others' acknowledgement
/// @param viewAcknowledgement until a member that does not confirm a view is passed over
/// @param heartbeat between signs of life
/// @param silence without a sign of life until a member is suspected; at least 3 heartbeats
/// @param verify until a suspected member has to answer whose ports do not refuse
/// @param mergeLeast shortest time between looks for other parts of the mesh, and the time between
///   comparisons of what was found
/// @param mergeMost longest
public record JGroupsTimers(
    Duration connect,
    Duration join,
    Duration leave,
    Duration viewAcknowledgement,
    Duration heartbeat,
    Duration silence,
    Duration verify,
    Duration mergeLeast,
    Duration mergeMost) {
  /// Checks that each is between 1 ms and 10 minutes and that they fit together.
  ///
  /// @throws IllegalArgumentException if not
  public JGroupsTimers {
    positive("connect", connect);
    positive("join", join);
    positive("leave", leave);
    positive("viewAcknowledgement", viewAcknowledgement);
    positive("heartbeat", heartbeat);
    positive("silence", silence);
    positive("verify", verify);
    positive("mergeLeast", mergeLeast);
    positive("mergeMost", mergeMost);
    if (silence.compareTo(heartbeat.plus(heartbeat).plus(heartbeat)) < 0) {
      throw new IllegalArgumentException("silence: " + silence + " (expected: >= 3 heartbeats)");
    }
    if (mergeMost.compareTo(mergeLeast) <= 0) {
      throw new IllegalArgumentException("mergeMost: " + mergeMost + " (expected: > mergeLeast)");
    }
  }

  private static void positive(String name, Duration value) {
    if (value.toMillis() < 1 || value.toMinutes() > 10) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 ms .. 10 min)");
    }
  }

  /// A killed member is seen in under half a second, a silent one in about five, a healed split in
  /// five.
  public static JGroupsTimers defaults() {
    return new JGroupsTimers(
        Duration.ofMillis(300),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(1),
        Duration.ofSeconds(4),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3));
  }
}
