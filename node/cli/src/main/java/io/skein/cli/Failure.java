package io.skein.cli;

/// Ends a command with an exit code and a message that says what to do next.
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final ExitCode code;

  Failure(ExitCode code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, message);
  }

  ExitCode code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
