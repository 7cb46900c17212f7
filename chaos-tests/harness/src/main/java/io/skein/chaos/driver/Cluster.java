package io.skein.chaos.driver;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A mesh to be broken. [#close] removes whatever was made for it, also after a failure.
public interface Cluster extends AutoCloseable {
  /// What it is made of, for people: one line.
  String description();

  /// The name of its [Driver]; empty if nobody made it.
  String driver();

  /// Clients' view of the nodes, in order.
  List<Target> targets();

  /// The nodes, in the order of [#targets]; none if their machines are out of reach.
  List<NodeHandle> nodes();

  /// The network between them; empty if it cannot be broken.
  Optional<Links> links();

  /// Whether a node's processor time can be limited.
  boolean canStarve() throws InterruptedException;

  /// Whether the nodes were started with another build than the one under test.
  boolean canUpgrade();

  /// Whether a node can have a disk of its own.
  boolean canMount() throws InterruptedException;

  /// Why the nodes' memory cannot be limited; empty if it can.
  String noMemoryLimits();

  /// Why the nodes' wall clocks cannot be set wrong; empty if they can.
  String noClocks() throws InterruptedException;

  @Override
  void close() throws IOException;
}
