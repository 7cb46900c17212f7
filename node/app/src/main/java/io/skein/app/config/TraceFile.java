package io.skein.app.config;

import io.skein.simulator.workload.Trace;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// A recording of requests that an experiment replays: comma-separated lines, the first column
/// seconds (ascending, decimals allowed), the second a count where lines are bins of time. A first
/// line without numbers is a heading.
final class TraceFile {
  private static final long MOST_BYTES = 256L << 20;
  private static final int MOST_ROWS = 20_000_000;
  private static final long SECOND = 1_000_000_000L;

  private final Path directory;

  TraceFile(Path directory) {
    this.directory = directory;
  }

  Trace bind(Section section) {
    Path file = section.required("file", ValueType.FILE, Path.of("trace.csv"));
    long bin = section.value("bin", SimulationValues.time(0, 86_400 * SECOND), 0L);
    long from = section.value("from", SimulationValues.time(0, 36_000_000 * SECOND), 0L);
    if (section.listing()) {
      return Trace.EMPTY;
    }
    return section.build(
        () -> {
          try {
            return read(directory.resolve(file), bin, from);
          } catch (IOException e) {
            throw new ConfigMistake(
                ConfigCode.REFERENCE_UNREADABLE, "file", "cannot be read: " + e.getMessage());
          }
        },
        () -> Trace.EMPTY);
  }

  private static Trace read(Path file, long binNanos, long fromNanos) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": there is no such file");
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("it is larger than 256 MiB");
    }
    long[] times = new long[1_024];
    double[] counts = new double[1_024];
    int rows = 0;
    double first = Double.NaN;
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        String[] cells = line.split(",", 3);
        double seconds = number(cells[0]);
        double count = binNanos == 0 ? 1 : cells.length > 1 ? number(cells[1]) : Double.NaN;
        if (Double.isNaN(seconds) || Double.isNaN(count)) {
          if (number == 1 || line.isBlank()) {
            continue;
          }
          throw new IOException("line " + number + ": expected seconds and a count");
        }
        first = Double.isNaN(first) ? seconds : first;
        long at = Math.round((seconds - first) * SECOND) - fromNanos;
        if (at < 0) {
          continue;
        }
        if (rows == MOST_ROWS) {
          throw new IOException("it has more than " + MOST_ROWS + " lines");
        }
        if (rows == times.length) {
          times = Arrays.copyOf(times, rows * 2);
          counts = Arrays.copyOf(counts, rows * 2);
        }
        times[rows] = at;
        counts[rows++] = count;
      }
    }
    return new Trace(Arrays.copyOf(times, rows), Arrays.copyOf(counts, rows), binNanos);
  }

  private static double number(String text) {
    try {
      double value = Double.parseDouble(text.strip());
      return Double.isFinite(value) ? value : Double.NaN;
    } catch (NumberFormatException _) {
      return Double.NaN;
    }
  }
}
