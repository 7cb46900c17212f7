package io.skein.app;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// Measures the start of a node that holds many records, every fifth of them a repair. Arguments: a
/// directory to work in, and how many records. What the node logs goes to standard output too.
final class StartFigures {
  private StartFigures() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.err;
    Path folder = Files.createTempDirectory(Path.of(arguments[0]), "start");
    int records = Integer.parseInt(arguments[1]);
    try (MeshOfNodes mesh = new MeshOfNodes(folder)) {
      Node founded = mesh.start("eu-1");
      mesh.await("ready", () -> mesh.ready(founded));
      mesh.stop(founded);
      LongFeed.write(mesh.data("eu-1"), records, 5);
      for (int i = 0; i < 3; i++) {
        long start = System.nanoTime();
        long cpu = cpuNanos();
        Node node = mesh.start("eu-1");
        mesh.await("ready", () -> mesh.ready(node));
        out.printf(
            "ready with %,d records after %.2f s, %.2f s of processor time%n",
            records, (System.nanoTime() - start) / 1e9, (cpuNanos() - cpu) / 1e9);
        mesh.stop(node);
      }
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
