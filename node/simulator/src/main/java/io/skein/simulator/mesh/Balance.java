package io.skein.simulator.mesh;

/// What was acknowledged, and in how many places that is not what is held.
///
/// @param acknowledged honest nodes' records acknowledged
/// @param lost acknowledged, and some node does not hold it; counted once for each such node
/// @param duplicated held twice by a node, or acknowledged twice
/// @param unexpected held by a node, and nobody acknowledged it
record Balance(long acknowledged, long lost, long duplicated, long unexpected) {
  static final Balance NOTHING = new Balance(0, 0, 0, 0);

  Balance plus(Balance other) {
    return new Balance(
        acknowledged + other.acknowledged,
        lost + other.lost,
        duplicated + other.duplicated,
        unexpected + other.unexpected);
  }
}
