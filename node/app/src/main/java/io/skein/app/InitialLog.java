package io.skein.app;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;

/// What the node's log is until its configuration is read ([Logging]). Logback finds it as a
/// service and calls it once, before the first line.
///
/// In code: to read the same from XML took a start a parser, reflection and the classes it
/// generates. Who sets the system property `logback.configurationFile` gets what stands there.
public final class InitialLog extends ContextAwareBase implements Configurator {
  private static final String PATTERN =
      "%d{HH:mm:ss.SSS} %-5level %-14logger{0} %msg %kvp{NONE}%n%ex{short}";

  private static final Map<String, Level> LEVELS =
      Map.of(
          org.slf4j.Logger.ROOT_LOGGER_NAME,
          Level.WARN,
          "io.skein",
          Level.INFO,
          "org.jgroups",
          Level.ERROR,
          // JGroups' own words by classes of ours
          "io.skein.gossip.transport.jgroups.MeshMembership",
          Level.ERROR,
          "io.skein.gossip.transport.jgroups.MeshDetector",
          Level.ERROR,
          "io.skein.gossip.transport.jgroups.MeshTcp",
          Level.ERROR,
          "org.infinispan",
          Level.OFF);

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    PeerGone filter = new PeerGone();
    filter.setContext(context);
    filter.start();
    context.addTurboFilter(filter);
    LEVELS.forEach((name, level) -> context.getLogger(name).setLevel(level));
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern(PATTERN);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(Logging.console(context, encoder));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
