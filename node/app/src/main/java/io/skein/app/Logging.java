package io.skein.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.skein.app.config.LogConfig;
import org.slf4j.LoggerFactory;

/// Level and form of the node's own log, on standard error.
final class Logging {
  private Logging() {}

  /// From now on.
  static void level(LogConfig.Level level) {
    Logger skein = (Logger) LoggerFactory.getLogger("io.skein");
    skein.setLevel(Level.toLevel(level.name()));
  }

  static void apply(LogConfig config) {
    level(config.level());
    boolean json =
        switch (config.format()) {
          case JSON -> true;
          case TEXT -> false;
          case AUTO -> System.console() == null || !System.console().isTerminal();
        };
    if (json && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      root.detachAndStopAllAppenders();
      root.addAppender(console(context, new JsonLines()));
    }
  }

  /// Writes to standard error from now on.
  static ConsoleAppender<ILoggingEvent> console(
      LoggerContext context, Encoder<ILoggingEvent> encoder) {
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }
}
