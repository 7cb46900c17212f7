package io.skein.app;

import io.skein.app.config.AccessLogConfig;
import io.skein.proxy.log.AccessFormat;
import io.skein.proxy.log.AccessLog;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Opens the access log as configured.
final class AccessLogs {
  /// Lines that may wait: about 8 MiB.
  private static final int CAPACITY = 8_192;

  private AccessLogs() {}

  /// Where lines are to go, opened already.
  ///
  /// @param to empty: nowhere
  record Prepared(Optional<Writer> to, AccessFormat format) {
    /// Turns a log to it; does not fail.
    void turn(AccessLog log) {
      to.ifPresentOrElse(writer -> log.turnTo(writer, format), log::turnOff);
    }

    /// Nothing comes of it.
    void giveUp() {
      try {
        if (to.isPresent()) {
          to.get().close();
        }
      } catch (IOException _) {
        // Nothing was written there.
      }
    }
  }

  static AccessLog open(AccessLogConfig config) throws StartFailed {
    AccessLog log = AccessLog.off(CAPACITY);
    try {
      prepare(config).turn(log);
    } catch (IOException e) {
      throw new StartFailed(
          StartFailed.USAGE,
          "access-log.file: "
              + config.file().map(String::valueOf).orElse("")
              + " cannot be written: "
              + e.getMessage(),
          e);
    }
    return log;
  }

  /// Opens what is wanted. The file is opened anew each time, so that a reload goes on in a new one
  /// after the old was moved away.
  static Prepared prepare(AccessLogConfig config) throws IOException {
    return switch (config.format()) {
      case OFF -> new Prepared(Optional.empty(), AccessFormat.JSON);
      case JSON -> new Prepared(Optional.of(writer(config)), AccessFormat.JSON);
      case COMMON -> new Prepared(Optional.of(writer(config)), AccessFormat.COMMON);
      case COMBINED -> new Prepared(Optional.of(writer(config)), AccessFormat.COMBINED);
    };
  }

  private static Writer writer(AccessLogConfig config) throws IOException {
    if (config.file().isEmpty()) {
      return new OutputStreamWriter(new Kept(System.out), StandardCharsets.UTF_8);
    }
    return Files.newBufferedWriter(
        config.file().get(),
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /// Standard output, which stays open when a log leaves it.
  private static final class Kept extends FilterOutputStream {
    Kept(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
