package io.skein.chaos.history;

import java.util.List;

/// How a history came to be, and how to make it again.
///
/// @param seed what all chance of the run was drawn from
/// @param virtual whether its time is a simulation's
/// @param nodes the nodes' names, in the order of their numbers
/// @param plan what was to happen; JSON text, `null` for none
/// @param replay the command that runs it again; empty if there is none
public record Header(long seed, boolean virtual, List<String> nodes, String plan, String replay) {
  /// Copies the list.
  public Header {
    nodes = List.copyOf(nodes);
  }
}
