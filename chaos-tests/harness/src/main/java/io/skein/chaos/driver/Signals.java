package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Stopping processes and letting them run again.
public final class Signals {
  private Signals() {}

  /// SIGSTOP, or SIGCONT.
  public static void stop(Process process, boolean stopped)
      throws IOException, InterruptedException {
    Command.must("kill", stopped ? "-STOP" : "-CONT", Long.toString(process.pid()));
  }

  /// Whether the kernel says that it is stopped.
  static boolean stopped(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("State:"))
        .anyMatch(line -> line.substring("State:".length()).strip().startsWith("T"));
  }
}
