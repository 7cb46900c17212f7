package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A node that can be broken, and the endpoint beside it. Not safe for use by several threads at
/// once: the nemesis's thread uses it.
public interface NodeHandle {
  /// How clients reach it; stays the same over restarts.
  Target target();

  /// Its name.
  default String name() {
    return target().name();
  }

  /// Whether its process is there, paused or not.
  boolean running();

  /// SIGKILL, and waits until it is gone.
  void kill() throws IOException, InterruptedException;

  /// SIGTERM, and waits until it is gone; SIGKILL after `limit`.
  void terminate(Duration limit) throws IOException, InterruptedException;

  /// Starts it again on its disk and its ports; does not wait.
  void start() throws IOException;

  /// Starts it without the addresses by which it joined: only what its disk remembers.
  void startWithoutSeed() throws IOException;

  /// Starts it on an empty disk: it joins by another node, with a new identity.
  void startAsNewcomer() throws IOException;

  /// Starts it on an empty disk: it joins by that address of the mesh, with that token and a new
  /// identity.
  void startAsNewcomer(HostPort seed, String token) throws IOException;

  /// Where others join by it.
  HostPort meshAt();

  /// Starts it on an empty disk with an invite that has expired, and waits for its end.
  ///
  /// @return its exit code; -1 if it runs on after `limit`
  int startWithExpiredInvite(Duration limit) throws IOException, InterruptedException;

  /// Waits until it says that it is ready and, if it is a newcomer, brings its endpoint back into
  /// the catalogue. If it ends before, it is started again.
  ///
  /// @throws IOException if it took longer
  void awaitReady(Duration limit) throws IOException, InterruptedException;

  /// Stops its process (SIGSTOP), or lets it run again (SIGCONT).
  void pause(boolean paused) throws IOException, InterruptedException;

  /// Whether the kernel says that its process is stopped.
  boolean paused() throws IOException, InterruptedException;

  /// Lets its process have that share of one processor, 1 to 100; 0 lifts the limit.
  void starve(int percent) throws IOException, InterruptedException;

  /// Whether the kernel has held its process back.
  boolean starved() throws IOException, InterruptedException;

  /// Leaves it no more memory than it holds, so that its threads have to wait for more, or lifts
  /// the limit. Only in a mesh that was started with memory that is counted.
  void starveMemory(boolean starved) throws IOException;

  /// How often it has come up against that limit so far.
  long memoryShortages() throws IOException;

  /// Takes memory from it until the kernel kills it for that. Only in a mesh that was started with
  /// memory that is counted.
  ///
  /// @return whether the kernel says that it did, within `limit`
  boolean killForMemory(Duration limit) throws IOException, InterruptedException;

  /// Sets its wall clock wrong by that much, 0: right again. Only in a mesh that was started with
  /// clocks that can be set. Takes hold within a second.
  void skew(int seconds) throws IOException;

  /// Lets each of its syncs, fsync and fdatasync, wait that long before it begins; 0: none. Only in
  /// a mesh that was started with syncs that can be delayed.
  void delaySyncs(int millis) throws IOException;

  /// How many of its syncs have waited since its process began.
  long delayedSyncs();

  /// Lets it be of the build under test, from its next start on.
  void upgrade();

  /// Whether the kernel says that its process is of the build under test.
  boolean upgraded() throws IOException;

  /// Its data directory.
  Path disk();

  /// Moves its disk to one of its own that has only that much room left, or back. It must not run.
  ///
  /// @param freeMebibytes room beside what it holds, at least 1; 0: back
  void smallDisk(int freeMebibytes) throws IOException, InterruptedException;

  /// Its process, for those who want to look.
  long pid();

  /// Whether the endpoint beside it is there.
  boolean endpointRunning();

  /// Starts the endpoint beside it, or kills it with SIGKILL.
  void endpoint(boolean running) throws IOException, InterruptedException;

  /// Where the endpoint beside it listens.
  HostPort endpointAt();

  /// Stops the endpoint's process (SIGSTOP), or lets it run again (SIGCONT).
  void pauseEndpoint(boolean paused) throws IOException, InterruptedException;

  /// Whether the kernel says that the endpoint's process is stopped.
  boolean endpointPaused() throws IOException, InterruptedException;

  /// The end of what it has said.
  String lastLog(int lines);
}
