package io.skein.app.config;

import java.time.Duration;

/// Binds section `proxy`.
final class ProxyBinder {
  private ProxyBinder() {}

  static ProxyConfig proxy(Section section) {
    return new ProxyConfig(
        section.section("timeouts", ProxyBinder::timeouts),
        section.value("retry-budget", ValueType.fraction(1), ProxyConfig.DEFAULT_RETRY_BUDGET),
        section.section("locality", ProxyBinder::locality),
        section.section("clients", ProxyBinder::clients),
        section.section("http2", ProxyBinder::http2));
  }

  private static ProxyConfig.Clients clients(Section section) {
    ProxyConfig.Clients usual = ProxyConfig.Clients.DEFAULT;
    ValueType<Integer> rate = ValueType.integer(0, ProxyConfig.Clients.MOST_RATE);
    return new ProxyConfig.Clients(
        section.value(
            "connections",
            ValueType.integer(1, ProxyConfig.Clients.MOST_CONNECTIONS),
            usual.connections()),
        section.value(
            "connections-per-address",
            ValueType.integer(0, ProxyConfig.Clients.MOST_CONNECTIONS),
            usual.connectionsPerAddress()),
        section.value("body-rate", rate, usual.bodyRate()),
        section.value("answer-rate", rate, usual.answerRate()),
        section.value(
            "stretch",
            ValueType.duration(ProxyConfig.Clients.LEAST_STRETCH, ProxyConfig.Clients.MOST_STRETCH),
            usual.stretch()),
        section.value(
            "requests-per-connection",
            ValueType.integer(0, Integer.MAX_VALUE),
            usual.requestsPerConnection()),
        section.value(
            "connection-age",
            ValueType.duration(Duration.ZERO, ProxyConfig.Clients.MOST_AGE),
            usual.connectionAge()));
  }

  private static ProxyConfig.Http2 http2(Section section) {
    ProxyConfig.Http2 usual = ProxyConfig.Http2.DEFAULT;
    return new ProxyConfig.Http2(
        section.value(
            "streams", ValueType.integer(1, ProxyConfig.Http2.MOST_STREAMS), usual.streams()),
        (int)
            (long)
                section.value(
                    "stream-window",
                    ValueType.bytes(
                        ProxyConfig.Http2.LEAST_WINDOW, ProxyConfig.Http2.MOST_STREAM_WINDOW),
                    (long) usual.streamWindowBytes()),
        (int)
            (long)
                section.value(
                    "shared-window",
                    ValueType.bytes(0, ProxyConfig.Http2.MOST_SHARED_WINDOW),
                    (long) usual.sharedWindowBytes()),
        (int)
            (long)
                section.value(
                    "held",
                    ValueType.bytes(ProxyConfig.Http2.LEAST_HELD, ProxyConfig.Http2.MOST_HELD),
                    (long) usual.heldBytes()),
        (int)
            (long)
                section.value(
                    "header-list",
                    ValueType.bytes(
                        ProxyConfig.Http2.LEAST_HEADERS, ProxyConfig.Http2.MOST_HEADERS),
                    (long) usual.headerListBytes()),
        section.value(
            "resets",
            ValueType.integer(ProxyConfig.Http2.LEAST_RESETS, ProxyConfig.Http2.MOST_FRAMES),
            usual.resets()),
        section.value(
            "control-frames",
            ValueType.integer(1, ProxyConfig.Http2.MOST_FRAMES),
            usual.controlFrames()));
  }

  private static ProxyConfig.Timeouts timeouts(Section section) {
    ProxyConfig.Timeouts usual = ProxyConfig.Timeouts.DEFAULT;
    ValueType<Duration> type =
        ValueType.duration(ProxyConfig.Timeouts.LEAST, ProxyConfig.Timeouts.MOST);
    return new ProxyConfig.Timeouts(
        section.value("connect", type, usual.connect()),
        section.value("first-byte", type, usual.firstByte()),
        section.value("idle", type, usual.idle()));
  }

  private static ProxyConfig.Locality locality(Section section) {
    return new ProxyConfig.Locality(
        section.value(
            "probe-floor",
            ValueType.fraction(ProxyConfig.Locality.MOST_FLOOR),
            ProxyConfig.Locality.DEFAULT.probeFloor()),
        section.value("spill-over", ValueType.SWITCH, ProxyConfig.Locality.DEFAULT.spillOver()));
  }
}
