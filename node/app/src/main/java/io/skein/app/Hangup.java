package io.skein.app;

import sun.misc.Signal;

/// SIGHUP, by which daemons are told to read their configuration again. The one use of
/// `sun.misc.Signal`: the JDK has no other way to hear a signal, and the launcher cannot hear it in
/// its place, since it becomes the node's process, whose id supervisors know.
///
/// Without this the runtime ends the process at a hangup; it stays so for a node without a
/// configuration file, and for one at a terminal, which hangs up when it is closed.
final class Hangup {
  private Hangup() {}

  /// Runs `reload` at each SIGHUP from now on, on a thread of the runtime; it must not block.
  ///
  /// @return whether it will; not where the runtime leaves signals alone (`-Xrs`)
  static boolean means(Runnable reload) {
    try {
      Signal.handle(new Signal("HUP"), _ -> reload.run());
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// Whether the node runs at a terminal.
  static boolean atTerminal() {
    return System.console() != null && System.console().isTerminal();
  }
}
