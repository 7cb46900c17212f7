package io.skein.app.config;

import io.skein.app.traffic.Protection;
import io.skein.proxy.resilience.RateLimit;
import io.skein.routing.candidate.PanicRule;
import io.skein.routing.concurrency.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Binds what keeps a service from harm: part of the traffic document.
final class ProtectionBinder {
  static final ValueType<String> HEADER =
      ValueType.text(text -> {
        if (text.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")) {
          return text.toLowerCase(Locale.ROOT);
        }
        throw new ConfigMistake(ConfigCode.BAD_NAME, "'" + text + "' is no name of a header");
      });

  static final ValueType<Double> HEDGE_BUDGET = ValueType.fraction(0.1);
  static final ValueType<Double> QUANTILE =
      new ValueType<>(
          text -> {
            double quantile = ValueType.fraction(0.999).parse().apply(text);
            if (quantile < 0.5) {
              throw new ConfigMistake(ConfigCode.BAD_NUMBER, quantile + "; expected 0.5 to 0.999");
            }
            return quantile;
          },
          value -> Double.toString(value));
  private static final Duration MOST_SILENCE = Duration.ofHours(24);
  private static final Duration MOST_LIFETIME = Duration.ofDays(30);

  private ProtectionBinder() {}

  static Protection protection(Section service) {
    return new Protection(
        service.section("hedging", ProtectionBinder::hedging),
        service.section("breaker", ProtectionBinder::breaker),
        service.section(
            "panic",
            section ->
                new PanicRule(
                    section.value("below", ValueType.fraction(1), PanicRule.DEFAULT.below()))),
        service.section("slow-start", ProtectionBinder::slowStart),
        service.section("concurrency", ProtectionBinder::concurrency),
        service.section("priority", ProtectionBinder::importance),
        service.sections(
            "rate-limits", Protection.MAX_LIMITS, ProtectionBinder::limit, Protection.Limit::name),
        service.section("relays", ProtectionBinder::relays));
  }

  private static Protection.Lasting relays(Section section) {
    Protection.Lasting usual = Protection.Lasting.DEFAULT;
    ValueType<Integer> count = ValueType.integer(0, 1_000_000);
    ValueType<Duration> silence = ValueType.duration(Duration.ZERO, MOST_SILENCE);
    return new Protection.Lasting(
        section.value("connections", count, usual.connections()),
        section.value("connections-per-address", count, usual.connectionsPerAddress()),
        section.value("idle", silence, usual.idle()),
        section.value("half-closed", silence, usual.halfClosed()),
        section.value(
            "lifetime", ValueType.duration(Duration.ZERO, MOST_LIFETIME), usual.lifetime()));
  }

  private static Protection.Hedging hedging(Section section) {
    Protection.Hedging usual = Protection.Hedging.DEFAULT;
    return new Protection.Hedging(
        section.value("enabled", ValueType.SWITCH, usual.enabled()),
        section.value("quantile", QUANTILE, usual.quantile()),
        section.value("budget", HEDGE_BUDGET, usual.budget()));
  }

  private static Protection.Breaker breaker(Section section) {
    Protection.Breaker usual = Protection.Breaker.DEFAULT;
    ValueType<Integer> count = ValueType.integer(1, 1_000_000);
    return new Protection.Breaker(
        section.value("connections", count, usual.connections()),
        section.value("pending", count, usual.pending()),
        section.value("requests", count, usual.requests()),
        section.value("failures", ValueType.integer(0, 1_000_000), usual.failures()),
        section.value(
            "open",
            ValueType.duration(Duration.ofMillis(10), Duration.ofSeconds(30)),
            usual.open()));
  }

  private static Protection.SlowStart slowStart(Section section) {
    Protection.SlowStart usual = Protection.SlowStart.DEFAULT;
    Duration window =
        section.value(
            "window", ValueType.duration(Duration.ZERO, Duration.ofHours(1)), usual.window());
    double least = section.value("least", ValueType.fraction(1), usual.least());
    return section.build(
        () -> {
          if (least < 0.01) {
            throw new ConfigMistake(ConfigCode.BAD_NUMBER, "least", least + "; expected 0.01 to 1");
          }
          return new Protection.SlowStart(window, least);
        },
        () -> usual);
  }

  private static Protection.Concurrency concurrency(Section section) {
    Protection.Concurrency usual = Protection.Concurrency.DEFAULT;
    boolean enabled = section.value("enabled", ValueType.SWITCH, usual.enabled());
    ValueType<Integer> count = ValueType.integer(1, 1_000_000);
    int least = section.value("least", count, usual.least());
    int most = section.value("most", count, usual.most());
    double tolerance = section.value("tolerance", ValueType.fraction(10), usual.tolerance());
    int waiting =
        section.value(
            "waiting", ValueType.integer(0, Protection.Concurrency.MOST_WAITING), usual.waiting());
    Duration patience =
        section.value(
            "patience",
            ValueType.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
            usual.patience());
    return section.build(
        () -> {
          if (most < least) {
            throw new ConfigMistake(
                ConfigCode.BAD_NUMBER,
                "most",
                most + " is below least; expected " + least + " or more");
          }
          if (tolerance < 1) {
            throw new ConfigMistake(
                ConfigCode.BAD_NUMBER, "tolerance", tolerance + "; expected 1 to 10");
          }
          return new Protection.Concurrency(enabled, least, most, tolerance, waiting, patience);
        },
        () -> usual);
  }

  private static Protection.Importance importance(Section section) {
    Protection.Importance usual = Protection.Importance.DEFAULT;
    return new Protection.Importance(
        section.value("usual", ValueType.word(Priority.values(), Priority::word), usual.usual()),
        section.optional("header", HEADER).orElse(usual.header()));
  }

  static Protection.Limit limit(Section section) {
    String name = section.required("name", ValueType.CATALOGUE_NAME, "unnamed");
    int requests = section.required("requests", ValueType.integer(1, 1_000_000), 1);
    Duration per =
        section.value(
            "per",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            Duration.ofSeconds(1));
    int burst = section.value("burst", ValueType.integer(1, 1_000_000), 1);
    RateLimit.By by =
        section.value(
            "by",
            ValueType.word(RateLimit.By.values(), each -> each.name().toLowerCase(Locale.ROOT)),
            RateLimit.By.SERVICE);
    String header = section.optional("header", HEADER).orElse("");
    boolean mesh =
        section
            .value("scope", ValueType.word(SCOPES.toArray(new String[0]), s -> s), "node")
            .equals("mesh");
    Protection.Limit limit = new Protection.Limit(name, requests, per, burst, by, header, mesh);
    return section.build(
        () -> {
          if (header.isEmpty() == (by == RateLimit.By.HEADER)) {
            throw new ConfigMistake(
                ConfigCode.EXCLUSIVE_KEYS, "header", "expected with 'by: header', and only there");
          }
          if (mesh && by != RateLimit.By.SERVICE) {
            throw new ConfigMistake(
                ConfigCode.EXCLUSIVE_KEYS, "scope", "mesh; expected only with 'by: service'");
          }
          return limit;
        },
        () -> limit);
  }

  private static final List<String> SCOPES = List.of("node", "mesh");
}
