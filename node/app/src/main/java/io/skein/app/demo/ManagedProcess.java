package io.skein.app.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A child process that the demo starts, kills with SIGKILL and starts again. Its output goes to a
/// log file. Whatever happens, it ends with the demo.
final class ManagedProcess {
  private final String name;
  private final List<String> command;
  private final Path log;
  private Process process;
  private boolean over;

  private ManagedProcess(String name, List<String> command, Path log, Process process) {
    this.name = name;
    this.command = command;
    this.log = log;
    this.process = process;
  }

  static ManagedProcess start(String name, List<String> command, Path log) throws IOException {
    return new ManagedProcess(name, List.copyOf(command), log, launch(command, log));
  }

  private static Process launch(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .start();
  }

  /// SIGKILL, and waits until it is gone.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(5, TimeUnit.SECONDS);
  }

  /// SIGTERM, then SIGKILL after `limitSeconds`. Returns the exit code.
  int stop(long limitSeconds) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
      kill();
    }
    return process.isAlive() ? -1 : process.exitValue();
  }

  /// SIGTERM; it is not started again.
  synchronized void terminate() {
    over = true;
    process.destroy();
  }

  /// Runs the same command again, unless [#terminate] was called.
  synchronized void restart() throws IOException {
    if (!over) {
      process = launch(command, log);
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  String name() {
    return name;
  }

  Path log() {
    return log;
  }
}
