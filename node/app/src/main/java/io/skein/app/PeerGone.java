package io.skein.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/// Leaves out what JGroups says of the sockets of a peer that goes away: the node tells that
/// itself, in one line. Everything else that JGroups reports as an error stays.
final class PeerGone extends TurboFilter {
  // JGroups, and JGroups by classes of ours
  private static final List<String> SPEAKERS =
      List.of("org.jgroups.", "io.skein.gossip.transport.jgroups.");

  private static final List<String> PHRASES =
      List.of(
          "graceful close",
          "Socket is closed",
          "Socket closed",
          "Broken pipe",
          "Connection reset",
          "Connection refused",
          "connection was closed");

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String text,
      Object @Nullable [] values,
      @Nullable Throwable failure) {
    if (text == null
        || SPEAKERS.stream().noneMatch(logger.getName()::startsWith)
        || !level.isGreaterOrEqual(Level.WARN)) {
      return FilterReply.NEUTRAL;
    }
    String all = failure == null ? text : text + " " + failure;
    return PHRASES.stream().anyMatch(all::contains) ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
