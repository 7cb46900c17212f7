package io.skein.app;

import io.skein.app.config.AccessLogConfig;
import io.skein.proxy.log.AccessFormat;
import io.skein.proxy.log.AccessLog;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/// Opens the access log as configured.
final class AccessLogs {
  /// Lines that may wait: about 8 MiB.
  private static final int CAPACITY = 8_192;

  private AccessLogs() {}

  static AccessLog open(AccessLogConfig config) throws StartFailed {
    return switch (config.format()) {
      case OFF -> AccessLog.off();
      case JSON -> AccessLog.to(writer(config), AccessFormat.JSON, CAPACITY);
      case COMMON -> AccessLog.to(writer(config), AccessFormat.COMMON, CAPACITY);
      case COMBINED -> AccessLog.to(writer(config), AccessFormat.COMBINED, CAPACITY);
    };
  }

  private static Writer writer(AccessLogConfig config) throws StartFailed {
    if (config.file().isEmpty()) {
      return new OutputStreamWriter(System.out, StandardCharsets.UTF_8);
    }
    try {
      return Files.newBufferedWriter(
          config.file().get(),
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new StartFailed(
          StartFailed.USAGE,
          "access-log.file: " + config.file().get() + " cannot be written: " + e.getMessage(),
          e);
    }
  }
}
