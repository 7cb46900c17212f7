package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import io.vertx.core.json.JsonObject;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {
  private final Logger logger = new LoggerContext().getLogger("org.jgroups.protocols.TCP");

  @Test
  void writesOneObjectOfFieldsALine() {
    LoggingEvent event =
        new LoggingEvent("here", logger, Level.INFO, "peer is {}", null, new Object[] {"dead"});
    event.setInstant(Instant.parse("2026-11-01T10:00:00.250123Z"));
    event.setKeyValuePairs(
        List.of(
            new KeyValuePair("peer", "eu-1\n"),
            new KeyValuePair("port", 7800),
            new KeyValuePair("level", "high")));

    String line = new String(new JsonLines().encode(event), StandardCharsets.UTF_8);

    assertEquals(line.length() - 1, line.indexOf('\n'));
    assertEquals(
        new JsonObject()
            .put("time", "2026-11-01T10:00:00.250Z")
            .put("level", "INFO")
            .put("logger", "org.jgroups.protocols.TCP")
            .put("message", "peer is dead")
            .put("peer", "eu-1\n")
            .put("port", 7800)
            .put("field.level", "high"),
        new JsonObject(line));
  }

  @Test
  void writesTheStackOfAFailure() {
    LoggingEvent event =
        new LoggingEvent("here", logger, Level.ERROR, "odd", new SocketException("why"), null);

    JsonObject line =
        new JsonObject(new String(new JsonLines().encode(event), StandardCharsets.UTF_8));

    assertTrue(line.getString("error").startsWith("java.net.SocketException: why"), line::encode);
  }

  @Test
  void leavesOutOnlyTheSocketsOfAPeerThatWent() {
    assertEquals(FilterReply.DENY, decide(logger, "eu-1: failed sending graceful close"));
    assertEquals(
        FilterReply.DENY,
        decide(
            logger.getLoggerContext().getLogger("io.skein.gossip.transport.jgroups.MeshTcp"),
            "eu-1: failed sending message to eu-2: Socket is closed"));
    assertEquals(FilterReply.NEUTRAL, decide(logger, "JGRP000027: failed passing message up"));
    assertEquals(
        FilterReply.NEUTRAL,
        decide(logger.getLoggerContext().getLogger("io.skein.app.Node"), "Socket is closed"));
  }

  private static FilterReply decide(Logger logger, String text) {
    return new PeerGone().decide(null, logger, Level.ERROR, text, null, null);
  }
}
