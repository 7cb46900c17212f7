package io.skein.app.config;

import io.skein.routing.concurrency.AdaptiveLimitConfig;
import io.skein.routing.ejection.OutlierConfig;
import io.skein.routing.hedge.HedgeConfig;
import io.skein.simulator.balancer.Conduct;
import io.skein.simulator.endpoint.Capacity;
import io.skein.simulator.endpoint.Trouble;
import io.skein.simulator.experiment.Experiment;
import io.skein.simulator.workload.Demand;
import io.skein.simulator.workload.ServiceLaw;
import io.skein.simulator.workload.Trace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Binds an experiment for `skein simulate`: every key of its file, its type and its range stand
/// here and in [SimulationValues].
final class SimulationBinder {
  private static final String HERE = "here";
  private static final int MOST_ITEMS = 100;
  private static final int MOST_ENDPOINTS = 10_000;
  private static final int MOST_BALANCERS = 1_000;
  private static final long SECOND = 1_000_000_000L;

  private static final int MOST_KINDS = 60;

  private final Path directory;
  private List<Experiment.Kind> kinds = List.of();

  /// @param directory that a trace's file name starts from
  SimulationBinder(Path directory) {
    this.directory = directory;
  }

  Experiment bind(Section root) {
    String name = root.required("name", ValueType.NAME, "experiment");
    String about = root.value("about", SimulationValues.TEXT, "");
    int seed = root.value("seed", ValueType.integer(0, 999_999_999), 1);
    int runs = root.value("runs", ValueType.integer(1, 1_000), 1);
    long length =
        root.required("length", SimulationValues.time(1_000_000, 86_400 * SECOND), SECOND);
    long warmUp = root.value("warm-up", SimulationValues.time(0, 86_400 * SECOND), 0L);
    long within = root.value("within", SimulationValues.time(0, 3_600 * SECOND), 0L);
    List<String> policies = root.values("policies", SimulationValues.POLICY, MOST_ITEMS);
    Experiment.Workload workload = root.section("workload", this::workload);
    int balancers = root.value("balancers", ValueType.integer(1, MOST_BALANCERS), 1);
    List<Experiment.Region> regions =
        root.sections("regions", MOST_ITEMS, SimulationBinder::region, Experiment.Region::name);
    List<Experiment.Distance> distances =
        root.sections("distances", MOST_ITEMS, SimulationBinder::distance, unique());
    List<Experiment.Group> groups =
        root.sections("endpoints", MOST_ITEMS, this::group, Experiment.Group::name);
    Conduct conduct = conduct(root);
    Experiment.Variations vary = root.section("vary", SimulationBinder::variations);
    List<Experiment.Region> places =
        regions.isEmpty() ? List.of(new Experiment.Region(HERE, 1, balancers, 0)) : regions;
    List<Experiment.Group> placed = groups.stream().map(each -> placed(each, places)).toList();
    Experiment experiment =
        new Experiment(
            name,
            about,
            seed,
            runs,
            length,
            warmUp,
            within,
            policies.isEmpty() ? List.of("skein") : policies,
            workload,
            places,
            distances,
            placed,
            conduct,
            vary);
    return root.build(
        () -> {
          check(experiment);
          return experiment;
        },
        () -> experiment);
  }

  // One region needs no name.
  private static Experiment.Group placed(Experiment.Group group, List<Experiment.Region> places) {
    return group.region().isEmpty()
        ? new Experiment.Group(
            group.name(),
            places.getFirst().name(),
            group.count(),
            group.weight(),
            group.capacity(),
            group.troubles(),
            group.factors())
        : group;
  }

  private static void check(Experiment experiment) {
    if (experiment.groups().isEmpty()) {
      throw new ConfigMistake(
          ConfigCode.MISSING_KEY, "endpoints", "none; expected at least one group of them");
    }
    if (experiment.endpoints() > MOST_ENDPOINTS) {
      throw new ConfigMistake(
          ConfigCode.BAD_NUMBER,
          "endpoints",
          experiment.endpoints() + " in all; expected at most " + MOST_ENDPOINTS);
    }
    if (experiment.warmUpNanos() >= experiment.lengthNanos()) {
      throw new ConfigMistake(
          ConfigCode.CONTRADICTION, "warm-up", "not less than length; nothing would be counted");
    }
    List<String> names = experiment.regions().stream().map(Experiment.Region::name).toList();
    for (int i = 0; i < experiment.groups().size(); i++) {
      known(names, experiment.groups().get(i).region(), "endpoints[" + i + "].region");
    }
    for (int i = 0; i < experiment.distances().size(); i++) {
      known(names, experiment.distances().get(i).one(), "distances[" + i + "].from");
      known(names, experiment.distances().get(i).other(), "distances[" + i + "].to");
    }
  }

  private static void known(List<String> regions, String region, String key) {
    if (!regions.contains(region)) {
      throw new ConfigMistake(
          ConfigCode.UNKNOWN_WORD,
          key,
          "region '" + region + "' is unknown; expected one of " + String.join(", ", regions));
    }
  }

  private Experiment.Workload workload(Section section) {
    double rate = section.value("rate", SimulationValues.number(0.001, 1e7), 100.0);
    boolean even =
        section
            .value(
                "spacing", ValueType.word(SimulationValues.SPACINGS, Function.identity()), "random")
            .equals("even");
    List<Demand.Step> steps =
        section.sections(
            "steps",
            MOST_ITEMS,
            step ->
                new Demand.Step(
                    step.required("at", SimulationValues.time(0, 86_400 * SECOND), 0L),
                    step.required("factor", SimulationValues.number(0, 1e6), 1.0)),
            unique());
    Demand.Burst burst =
        section
            .optionalSection(
                "bursts",
                each ->
                    new Demand.Burst(
                        each.required("every", SimulationValues.SPAN, SECOND),
                        each.required("for", SimulationValues.SPAN, SECOND),
                        each.required("factor", SimulationValues.number(0, 1e6), 1.0)))
            .orElse(Demand.Burst.NONE);
    Demand.Wave day =
        section
            .optionalSection(
                "day",
                each ->
                    new Demand.Wave(
                        each.required("period", SimulationValues.SPAN, SECOND),
                        each.required("depth", ValueType.fraction(1), 0.0)))
            .orElse(Demand.Wave.NONE);
    double factor = section.value("trace-factor", SimulationValues.number(0.0001, 1e6), 1.0);
    Optional<Trace> trace =
        section.optionalSection("trace", each -> new TraceFile(directory).bind(each));
    kinds = section.sections("classes", MOST_KINDS, SimulationBinder::kind, Experiment.Kind::name);
    return new Experiment.Workload(
        new Demand(rate, steps, burst, day),
        even,
        trace,
        factor,
        kinds,
        section.value("predict", ValueType.SWITCH, true));
  }

  private static Experiment.Kind kind(Section section) {
    return new Experiment.Kind(
        section.required("name", ValueType.NAME, "class"),
        section.value("share", SimulationValues.number(0.0001, 1e6), 1.0),
        section.value("factor", SimulationValues.number(0.001, 1e6), 1.0));
  }

  // A class that the workload does not have is a mistake of its own.
  private int kindNamed(String name) {
    return kinds.stream().map(Experiment.Kind::name).toList().indexOf(name);
  }

  private String someKind(String name) {
    if (kindNamed(name) < 0) {
      throw new ConfigMistake(
          ConfigCode.UNKNOWN_WORD,
          "class '"
              + name
              + "' is not of the workload; expected one of "
              + String.join(", ", kinds.stream().map(Experiment.Kind::name).toList()));
    }
    return name;
  }

  private List<Double> factors(Section section) {
    record Factor(String name, double factor) {}
    List<Factor> said =
        section.sections(
            "classes",
            MOST_KINDS,
            each ->
                new Factor(
                    each.required("name", kindName(), ""),
                    each.required("factor", SimulationValues.number(0.001, 1e6), 1.0)),
            Factor::name);
    double[] factors = new double[kinds.size()];
    Arrays.fill(factors, 1);
    for (Factor each : said) {
      int kind = kindNamed(each.name());
      if (kind >= 0) {
        factors[kind] = each.factor();
      }
    }
    return Arrays.stream(factors).boxed().toList();
  }

  private ValueType<String> kindName() {
    return new ValueType<>(
        text -> someKind(ValueType.NAME.parse().apply(text)), Function.identity());
  }

  private static Experiment.Region region(Section section) {
    return new Experiment.Region(
        section.required("name", ValueType.NAME, HERE),
        section.value("share", ValueType.fraction(1), 1.0),
        section.value("balancers", ValueType.integer(0, MOST_BALANCERS), 1),
        section.value("round-trip", SimulationValues.time(0, 10 * SECOND), 0L));
  }

  private static Experiment.Distance distance(Section section) {
    return new Experiment.Distance(
        section.required("from", ValueType.NAME, HERE),
        section.required("to", ValueType.NAME, HERE),
        section.required("round-trip", SimulationValues.time(0, 10 * SECOND), 0L));
  }

  private Experiment.Group group(Section section) {
    return new Experiment.Group(
        section.required("name", ValueType.NAME, "endpoint"),
        section.optional("region", ValueType.NAME).orElse(""),
        section.value("count", ValueType.integer(1, MOST_ENDPOINTS), 1),
        section.value("weight", ValueType.integer(1, 1_000), 1),
        capacity(section),
        section.sections("troubles", MOST_ITEMS, this::trouble, unique()),
        factors(section));
  }

  private static Capacity capacity(Section section) {
    ServiceLaw service = section.section("service", SimulationBinder::service);
    Capacity.Antagonist antagonist =
        section
            .optionalSection(
                "antagonist",
                each ->
                    new Capacity.Antagonist(
                        each.required("every", SimulationValues.SPAN, SECOND),
                        each.required("least", SimulationValues.number(0.01, 1_000), 1.0),
                        each.required("most", SimulationValues.number(0.01, 1_000), 1.0)))
            .orElse(Capacity.Antagonist.NONE);
    return new Capacity(
        service,
        section.value("slots", ValueType.integer(0, 100_000), 0),
        section.value("queue", ValueType.integer(0, 100_000_000), 100_000_000),
        section.value("cores", SimulationValues.number(0, 10_000), 0.0),
        antagonist,
        section.value("stops-when-cancelled", ValueType.SWITCH, false));
  }

  private static ServiceLaw service(Section section) {
    String law =
        section.value(
            "law", ValueType.word(SimulationValues.LAWS, Function.identity()), "constant");
    long mean = section.value("mean", SimulationValues.SPAN, SECOND / 100);
    long deviation = section.value("deviation", SimulationValues.time(0, 3_600 * SECOND), 0L);
    double sigma = section.value("sigma", SimulationValues.number(0, 5), 0.5);
    long rare = section.value("rare-mean", SimulationValues.SPAN, SECOND / 10);
    double share = section.value("rare-share", ValueType.fraction(1), 0.01);
    return switch (law) {
      case "normal" -> new ServiceLaw.Normal(mean, deviation);
      case "exponential" -> new ServiceLaw.Exponential(mean);
      case "log-normal" ->
          new ServiceLaw.LogNormal((long) (mean / Math.exp(sigma * sigma / 2)), sigma);
      case "two-modes" ->
          new ServiceLaw.TwoModes(
              new ServiceLaw.Exponential(mean), new ServiceLaw.Exponential(rare), share);
      default -> new ServiceLaw.Constant(mean);
    };
  }

  private Trouble trouble(Section section) {
    long from = section.value("from", SimulationValues.time(0, 86_400 * SECOND), 0L);
    long to = section.value("to", SimulationValues.time(0, 86_400 * SECOND), 86_400 * SECOND);
    long every = section.value("every", SimulationValues.time(0, 86_400 * SECOND), 0L);
    long lasts = section.value("for", SimulationValues.time(0, 86_400 * SECOND), 0L);
    int only =
        section.optional("class", kindName()).map(this::kindNamed).orElse(Trouble.EVERY_KIND);
    List<Trouble.Effect> effects = new ArrayList<>();
    section
        .optional("takes", SimulationValues.SPAN)
        .map(Trouble.Takes::new)
        .ifPresent(effects::add);
    section
        .optional("slower", SimulationValues.number(0.001, 1e6))
        .map(Trouble.Slower::new)
        .ifPresent(effects::add);
    section
        .optional("warms-up", SimulationValues.number(0.001, 1e6))
        .map(Trouble.WarmsUp::new)
        .ifPresent(effects::add);
    long after = section.value("after", SimulationValues.time(0, 3_600 * SECOND), SECOND / 1_000);
    section
        .optional("fails", ValueType.fraction(1))
        .map(share -> new Trouble.Fails(share, after))
        .ifPresent(effects::add);
    if (section.value("down", ValueType.SWITCH, false)) {
      effects.add(new Trouble.Down());
    }
    if (section.value("paused", ValueType.SWITCH, false)) {
      effects.add(new Trouble.Paused());
    }
    Trouble none = new Trouble(0, 1, 0, 0, new Trouble.Slower(1));
    return section.build(
        () -> {
          if (effects.size() != 1 && !section.listing()) {
            throw new ConfigMistake(
                ConfigCode.EXCLUSIVE_KEYS,
                "",
                effects.size()
                    + " effects; expected one of takes, slower, warms-up, fails, down, paused");
          }
          return effects.isEmpty()
              ? none
              : new Trouble(from, to, every, lasts, effects.getFirst(), only);
        },
        () -> none);
  }

  private static Conduct conduct(Section root) {
    Conduct usual = Conduct.PLAIN;
    long deadline = root.value("deadline", SimulationValues.time(0, 3_600 * SECOND), 0L);
    record Retries(int tries, double budget) {}
    Retries retries =
        root.section(
            "retries",
            each ->
                new Retries(
                    each.value("tries", ValueType.integer(1, 10), usual.tries()),
                    each.value("budget", ValueType.fraction(1), usual.retryBudget())));
    boolean countsLost = root.value("count-lost-races", ValueType.SWITCH, true);
    Optional<HedgeConfig> hedging = root.optionalSection("hedging", SimulationBinder::hedging);
    Optional<Conduct.Ejection> ejection =
        root.optionalSection("ejection", SimulationBinder::ejection);
    return new Conduct(
        deadline,
        retries.tries(),
        retries.budget(),
        hedging,
        countsLost,
        ejection,
        root.value("reports", SimulationValues.time(0, 3_600 * SECOND), 0L),
        root.value("gossip", SimulationValues.time(0, 3_600 * SECOND), 0L),
        root.value("feedback", ValueType.SWITCH, false),
        root.value("probes", ValueType.word(SimulationValues.PROBES, Function.identity()), "node")
            .equals("endpoint"),
        root.value("polls", SimulationValues.SPAN, usual.pollNanos()),
        root.value("spill-over", ValueType.SWITCH, usual.spillsOver()),
        root.optionalSection("concurrency", SimulationBinder::concurrency));
  }

  private static AdaptiveLimitConfig concurrency(Section section) {
    AdaptiveLimitConfig usual = AdaptiveLimitConfig.DEFAULT;
    ValueType<Integer> count = ValueType.integer(1, 1_000_000);
    int least = section.value("least", count, usual.least());
    int most = section.value("most", count, usual.most());
    double tolerance = section.value("tolerance", ValueType.fraction(10), usual.tolerance());
    int waiting = section.value("waiting", ValueType.integer(0, 1_000_000), usual.waiting());
    long patience = section.value("patience", SimulationValues.SPAN, usual.patienceNanos());
    return section.build(
        () ->
            new AdaptiveLimitConfig(
                least,
                most,
                Math.clamp(waiting > 0 ? least : usual.initial(), least, Math.max(least, most)),
                tolerance,
                1,
                1,
                usual.windowNanos(),
                usual.probeNanos(),
                waiting,
                patience),
        () -> usual);
  }

  private static HedgeConfig hedging(Section section) {
    HedgeConfig usual = HedgeConfig.DEFAULT;
    double quantile = section.value("quantile", ValueType.fraction(1), usual.quantile());
    double budget = section.value("budget", ValueType.fraction(1), usual.budget());
    long least = section.value("least-delay", SimulationValues.SPAN, usual.leastDelayNanos());
    long most = section.value("most-delay", SimulationValues.SPAN, usual.mostDelayNanos());
    int answers = section.value("min-answers", ValueType.integer(1, 100_000), usual.minAnswers());
    return section.build(
        () -> new HedgeConfig(quantile, budget, least, most, answers), () -> usual);
  }

  private static Conduct.Ejection ejection(Section section) {
    long lasts = section.value("for", SimulationValues.SPAN, 30 * SECOND);
    Optional<Long> spread = section.optional("spread", SimulationValues.time(0, 60 * SECOND));
    return new Conduct.Ejection(OutlierConfig.DEFAULT, lasts, spread.orElse(-1L));
  }

  private static Experiment.Variations variations(Section section) {
    return new Experiment.Variations(
        section.values("balancers", ValueType.integer(1, MOST_BALANCERS), MOST_ITEMS),
        section.values("load", SimulationValues.number(0.0001, 1e6), MOST_ITEMS),
        section.values("reports", SimulationValues.time(0, 3_600 * SECOND), MOST_ITEMS),
        section.values("gossip", SimulationValues.time(0, 3_600 * SECOND), MOST_ITEMS),
        section.values("hedging", ValueType.SWITCH, 2),
        section.values("spill-over", ValueType.SWITCH, 2),
        section.values("predict", ValueType.SWITCH, 2));
  }

  // For lists whose items have no names.
  private static <T> Function<T, String> unique() {
    AtomicInteger next = new AtomicInteger();
    return _ -> Integer.toString(next.getAndIncrement());
  }
}
