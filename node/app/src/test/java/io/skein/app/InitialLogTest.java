package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class InitialLogTest {
  private final LoggerContext context = new LoggerContext();
  private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

  private Level level(String logger) {
    return context.getLogger(logger).getEffectiveLevel();
  }

  @Test
  void logbackFindsItAndAsksNobodyElse() {
    assertEquals(
        List.of(InitialLog.class),
        ServiceLoader.load(Configurator.class).stream().map(ServiceLoader.Provider::type).toList());
    assertEquals(
        Configurator.ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY,
        new InitialLog().configure(context));
    LoggerContext ours = assertInstanceOf(LoggerContext.class, LoggerFactory.getILoggerFactory());
    assertInstanceOf(PeerGone.class, ours.getTurboFilterList().getFirst());
  }

  @Test
  void theNodeTellsWhatItDoesAndLibrariesWhatIsWrong() throws Exception {
    new InitialLog().configure(context);
    assertEquals(Level.INFO, level("io.skein.app.Node"));
    assertEquals(Level.WARN, level("io.netty.handler.ssl"));
    assertEquals(Level.ERROR, level("org.jgroups.protocols.TCP"));
    for (String ours : List.of("MeshMembership", "MeshDetector", "MeshTcp")) {
      String name = "io.skein.gossip.transport.jgroups." + ours;
      assertEquals(Level.ERROR, level(Class.forName(name).getName()));
    }
    assertEquals(Level.OFF, level("org.infinispan.CONTAINER"));
  }

  @Test
  void linesTellTimeLevelWhoWhatAndFields() {
    new InitialLog().configure(context);
    Appender<ILoggingEvent> first = root.iteratorForAppenders().next();
    if (!(first instanceof ConsoleAppender<ILoggingEvent> appender)) {
      throw new AssertionError(first);
    }
    assertEquals("System.err", appender.getTarget());
    LoggingEvent event =
        new LoggingEvent(
            "here", context.getLogger("io.skein.app.Node"), Level.INFO, "up", null, new Object[0]);
    event.setKeyValuePairs(List.of(new KeyValuePair("port", 7800)));

    String line = new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);

    assertTrue(
        line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  Node           up port=7800\\R"), line);
  }

  @Test
  void aFileThatTheOperatorNamesIsReadInstead() {
    System.setProperty("logback.configurationFile", "elsewhere.xml");
    try {
      assertEquals(
          Configurator.ExecutionStatus.INVOKE_NEXT_IF_ANY, new InitialLog().configure(context));
    } finally {
      System.clearProperty("logback.configurationFile");
    }
    assertEquals(Level.DEBUG, root.getLevel(), "left as it was");
  }
}
