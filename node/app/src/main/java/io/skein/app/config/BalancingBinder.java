package io.skein.app.config;

import io.skein.app.traffic.Balancing;
import io.skein.proxy.route.RequestKey;
import io.skein.routing.c3.C3Config;
import io.skein.routing.hash.LoadBound;
import io.skein.routing.maglev.MaglevConfig;
import io.skein.routing.p2c.P2cConfig;
import io.skein.routing.prequal.PrequalConfig;
import io.skein.routing.ringhash.RingHashConfig;
import io.skein.routing.skein.SkeinConfig;
import io.skein.routing.swarm.SwarmConfig;
import io.skein.routing.weighted.WeightedConfig;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoublePredicate;

/// Binds the knobs of the policies: part of the traffic document, and of a route's.
final class BalancingBinder {
  static final ValueType<RoutingPolicy> POLICY =
      ValueType.word(RoutingPolicy.values(), RoutingPolicy::word);

  private static final List<RequestKey.By> PARTS =
      List.of(RequestKey.By.ADDRESS, RequestKey.By.HEADER, RequestKey.By.TARGET);

  private static final ValueType<Integer> PRIME =
      new ValueType<>(
          text -> {
            int size =
                ValueType.integer(MaglevConfig.LEAST_SIZE, MaglevConfig.MOST_SIZE)
                    .parse()
                    .apply(text);
            if (!MaglevConfig.validSize(size)) {
              throw new ConfigMistake(
                  ConfigCode.BAD_NUMBER, size + " is no prime; expected one such as 65537");
            }
            return size;
          },
          value -> Integer.toString(value));

  private static final ValueType<Double> BOUND =
      number(LoadBound.MOST, LoadBound::valid, "0, or 1 to 100");

  private static final ValueType<Duration> MEASURED =
      ValueType.duration(Duration.ofNanos(1_000), Duration.ofMinutes(1));

  private BalancingBinder() {}

  static Balancing bind(Section section) {
    return new Balancing(
        section.section("key", BalancingBinder::key),
        section.section(
            "weighted",
            each ->
                new WeightedConfig(
                    each.value(
                        "most-turns",
                        ValueType.integer(1 << 10, 1 << 20),
                        WeightedConfig.DEFAULT.mostTurns()))),
        section.section(
            "least-request",
            each ->
                new P2cConfig(
                    each.value("choices", ValueType.integer(2, 16), P2cConfig.DEFAULT.choices()))),
        section.section(
            "c3",
            each ->
                new C3Config(
                    each.value("exponent", ValueType.integer(1, 8), C3Config.DEFAULT.exponent()))),
        section.section("prequal", BalancingBinder::prequal),
        section.section(
            "ring-hash",
            each ->
                new RingHashConfig(
                    each.value(
                        "points", ValueType.integer(1, 10_000), RingHashConfig.DEFAULT.points()),
                    each.value("load-bound", BOUND, RingHashConfig.DEFAULT.loadBound()))),
        section.section(
            "maglev",
            each ->
                new MaglevConfig(
                    each.value("table-size", PRIME, MaglevConfig.DEFAULT.tableSize()),
                    each.value("load-bound", BOUND, MaglevConfig.DEFAULT.loadBound()))),
        section.section("swarm", BalancingBinder::swarm),
        section.section("skein", BalancingBinder::skein),
        section.value("predict", ValueType.SWITCH, Balancing.DEFAULT.predict()));
  }

  private static RequestKey key(Section section) {
    RequestKey.By by =
        section.value(
            "by",
            ValueType.word(
                PARTS.toArray(new RequestKey.By[0]), each -> each.name().toLowerCase(Locale.ROOT)),
            RequestKey.By.ADDRESS);
    Optional<String> name = section.optional("name", ProtectionBinder.HEADER);
    return section.build(
        () -> {
          if (name.isPresent() != (by == RequestKey.By.HEADER) && !section.listing()) {
            throw new ConfigMistake(
                ConfigCode.CONTRADICTION, "name", "the header's name belongs to by: header");
          }
          return new RequestKey(by, name.orElse(""));
        },
        Balancing.DEFAULT::key);
  }

  private static PrequalConfig prequal(Section section) {
    PrequalConfig usual = PrequalConfig.DEFAULT;
    return new PrequalConfig(
        section.value("probes", ValueType.integer(1, 16), usual.probes()),
        section.value("pool", ValueType.integer(2, PrequalConfig.MOST_POOL), usual.pool()),
        section
            .value(
                "max-age",
                ValueType.duration(Duration.ofMillis(1), Duration.ofMinutes(1)),
                Duration.ofNanos(usual.maxAgeNanos()))
            .toNanos(),
        section.value("hot-quantile", ValueType.fraction(1), usual.hotQuantile()),
        section.value("removals", ValueType.integer(0, 8), usual.removals()),
        section.value("max-uses", ValueType.integer(1, 64), usual.maxUses()));
  }

  private static SwarmConfig swarm(Section section) {
    SwarmConfig usual = SwarmConfig.DEFAULT;
    return new SwarmConfig(
        section.value("floor", number(1, x -> x >= 0.001, "0.001 to 1"), usual.floor()),
        section.value("ceiling", number(100, x -> x >= 1, "1 to 100"), usual.ceiling()),
        section.value("pheromone", ValueType.integer(0, 4), usual.pheromone()),
        section.value("load", ValueType.integer(0, 8), usual.load()));
  }

  private static SkeinConfig skein(Section section) {
    SkeinConfig usual = SkeinConfig.DEFAULT;
    return new SkeinConfig(
        section.value("choices", ValueType.integer(2, SkeinConfig.MOST_CHOICES), usual.choices()),
        section.value("probes", ValueType.integer(1, 8), usual.probes()),
        section.value("tolerance", ValueType.fraction(4), usual.tolerance()),
        section.value("crowding", ValueType.integer(1, 8), usual.crowding()),
        section.value("floor", MEASURED, Duration.ofNanos(usual.floorNanos())).toNanos(),
        section
            .value("initial-latency", MEASURED, Duration.ofNanos(usual.initialLatencyNanos()))
            .toNanos(),
        section.value(
            "reputation-floor", number(1, x -> x >= 0.001, "0.001 to 1"), usual.reputationFloor()),
        section.value("probe-floor", number(0.5, x -> x >= 0, "0 to 0.5"), usual.probeFloor()),
        section
            .value(
                "probe-age",
                ValueType.duration(Duration.ofMillis(1), Duration.ofMinutes(10)),
                Duration.ofNanos(usual.probeAgeNanos()))
            .toNanos(),
        section.value("price", ValueType.fraction(4), usual.price()),
        section.value("headroom", ValueType.fraction(4), usual.headroom()));
  }

  private static ValueType<Double> number(double most, DoublePredicate valid, String expected) {
    return new ValueType<>(
        text -> {
          double value = ValueType.fraction(most).parse().apply(text);
          if (!valid.test(value)) {
            throw new ConfigMistake(ConfigCode.BAD_NUMBER, text + "; expected " + expected);
          }
          return value;
        },
        value -> Double.toString(value));
  }
}
