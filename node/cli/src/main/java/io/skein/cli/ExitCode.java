package io.skein.cli;

/// How a command ends.
public enum ExitCode {
  /// Done, or the answer is yes.
  OK(0),
  /// The answer is no: unhealthy, invalid, not found, a proof fails.
  NO(1),
  /// The command line or the configuration is wrong.
  USAGE(2),
  /// No node answers.
  UNREACHABLE(3),
  /// The node refused.
  REFUSED(4),
  /// The change contradicts the state of the mesh.
  CONFLICT(5),
  /// The change was accepted but did not show, or did not reach as many nodes as wanted, in time.
  WAIT_TIMED_OUT(6);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /// The process's exit status.
  public int number() {
    return number;
  }
}
