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

  /// Stops the clock of its process (SIGSTOP), or lets it run again (SIGCONT).
  ///
  /// @return whether the kernel says that it is so
  boolean pause(boolean paused) throws IOException, InterruptedException;

  /// Lets its process have that share of one processor, 1 to 100; 0 lifts the limit.
  ///
  /// @return whether this machine could do it
  boolean starve(int percent) throws IOException;

  /// Its data directory.
  Path disk();

  /// Its process, for those who want to look.
  long pid();

  /// SIGKILL of the endpoint beside it, or its start.
  ///
  /// @return whether it is as wanted
  boolean endpoint(boolean running) throws IOException, InterruptedException;

  /// The end of what it has said.
  String lastLog(int lines);
}
