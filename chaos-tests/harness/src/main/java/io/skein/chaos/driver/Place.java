package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where a node and the endpoint beside it run: how a process gets there, and what can be done to
/// it there. What is started ends when the process ends that stands for it here.
interface Place {
  /// Starts the node's program; flags follow.
  ///
  /// @param environment in addition to that of the place
  /// @param home the distribution
  List<String> node(Distribution home, Map<String, String> environment);

  /// Starts the endpoint; its arguments follow.
  List<String> endpoint(Distribution home);

  /// Words before any other program that is to run there.
  List<String> beside();

  /// What the last of these commands became.
  default void started(Process process) {}

  /// How the node there calls a file of its folder.
  String seen(Path file);

  /// SIGKILL to the node or to its endpoint, and waits until it is gone.
  void kill(Process process) throws IOException, InterruptedException;

  /// Stops the node or its endpoint by SIGSTOP or what is like it, or lets it run again.
  void pause(Process process, boolean paused) throws IOException, InterruptedException;

  /// Whether the kernel says that it stands still.
  boolean paused(Process process) throws IOException, InterruptedException;

  /// Limits the processor time of the node; 0 lifts the limit.
  void starve(Process node, int percent) throws IOException, InterruptedException;

  /// Whether the kernel has held it back.
  boolean starved() throws IOException, InterruptedException;

  /// Why the memory of a node cannot be limited there; empty if it can.
  String noMemoryLimits();

  /// Counts a node's memory, from its next start on.
  void countMemory() throws IOException;

  /// Leaves the node no more memory than it holds, so that it has to wait, or lifts the limit.
  void starveMemory(boolean starved) throws IOException;

  /// How often it has come up against that limit so far.
  long memoryShortages() throws IOException;

  /// Takes memory from the node until the kernel kills it for that, and lifts the limit.
  ///
  /// @return whether the kernel says that it did, within `limit`
  boolean killForMemory(Process node, Duration limit) throws IOException, InterruptedException;

  /// The library that makes its wall clock go wrong; empty if it is not there.
  Optional<String> clocks() throws InterruptedException;
}
