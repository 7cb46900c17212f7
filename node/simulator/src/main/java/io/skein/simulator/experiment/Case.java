package io.skein.simulator.experiment;

import io.skein.routing.hedge.HedgeConfig;
import io.skein.simulator.balancer.Conduct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/// One combination of an experiment's variations, for one policy.
///
/// @param policy its name
/// @param varied what was varied, by the variation's name, such as `balancers` → `10`
/// @param experiment with the variation put in
public record Case(String policy, Map<String, String> varied, Experiment experiment) {
  private static final long MILLI = 1_000_000;

  private record Setting(Map<String, String> varied, Experiment experiment) {}

  public Case {
    varied = java.util.Collections.unmodifiableMap(new TreeMap<>(varied));
  }

  /// All of an experiment's, the policies of one combination side by side.
  public static List<Case> of(Experiment experiment) {
    List<Setting> settings = List.of(new Setting(Map.of(), experiment));
    Experiment.Variations vary = experiment.variations();
    settings = each(settings, "balancers", vary.balancers(), Case::balancers);
    settings = each(settings, "load", vary.load(), Case::load);
    settings = each(settings, "reports", vary.reportNanos(), Case::reports);
    settings = each(settings, "gossip", vary.gossipNanos(), Case::gossip);
    settings = each(settings, "hedging", vary.hedging(), Case::hedging);
    settings = each(settings, "spill-over", vary.spillOver(), Case::spillOver);
    settings = each(settings, "predict", vary.predict(), Case::predict);
    List<Case> cases = new ArrayList<>();
    for (Setting setting : settings) {
      for (String policy : experiment.policies()) {
        cases.add(new Case(policy, setting.varied, setting.experiment));
      }
    }
    return cases;
  }

  /// What was varied, for people; empty if nothing.
  public String label() {
    StringBuilder out = new StringBuilder();
    varied.forEach((name, value) ->
        out.append(out.isEmpty() ? "" : ", ").append(name).append(' ').append(value));
    return out.toString();
  }

  private static <T> List<Setting> each(
      List<Setting> settings,
      String name,
      List<T> values,
      BiFunction<Experiment, T, Experiment> put) {
    if (values.isEmpty()) {
      return settings;
    }
    List<Setting> out = new ArrayList<>();
    for (Setting setting : settings) {
      for (T value : values) {
        Map<String, String> varied = new TreeMap<>(setting.varied);
        varied.put(name, shown(value));
        out.add(new Setting(varied, put.apply(setting.experiment, value)));
      }
    }
    return out;
  }

  private static String shown(Object value) {
    return switch (value) {
      case Long nanos -> nanos == 0 ? "never" : nanos / MILLI + "ms";
      case Boolean on -> on ? "on" : "off";
      default -> String.valueOf(value);
    };
  }

  private static Experiment balancers(Experiment of, int count) {
    return with(
        of,
        of.workload(),
        of.regions().stream()
            .map(each ->
                new Experiment.Region(each.name(), each.share(), count, each.roundTripNanos()))
            .toList(),
        of.conduct());
  }

  private static Experiment load(Experiment of, double factor) {
    Experiment.Workload was = of.workload();
    return with(
        of,
        new Experiment.Workload(
            was.demand().times(factor),
            was.even(),
            was.trace(),
            was.traceFactor() * factor,
            was.kinds(),
            was.predict()),
        of.regions(),
        of.conduct());
  }

  private static Experiment predict(Experiment of, boolean on) {
    Experiment.Workload was = of.workload();
    return with(
        of,
        new Experiment.Workload(
            was.demand(), was.even(), was.trace(), was.traceFactor(), was.kinds(), on),
        of.regions(),
        of.conduct());
  }

  private static Experiment reports(Experiment of, long everyNanos) {
    Conduct was = of.conduct();
    return with(
        of,
        of.workload(),
        of.regions(),
        conduct(was, was.hedging(), everyNanos, was.gossipNanos()));
  }

  private static Experiment gossip(Experiment of, long everyNanos) {
    Conduct was = of.conduct();
    return with(
        of,
        of.workload(),
        of.regions(),
        conduct(was, was.hedging(), was.reportNanos(), everyNanos));
  }

  private static Experiment hedging(Experiment of, boolean on) {
    Conduct was = of.conduct();
    Optional<HedgeConfig> hedging =
        on ? Optional.of(was.hedging().orElse(HedgeConfig.DEFAULT)) : Optional.empty();
    return with(
        of,
        of.workload(),
        of.regions(),
        conduct(was, hedging, was.reportNanos(), was.gossipNanos()));
  }

  private static Experiment spillOver(Experiment of, boolean on) {
    Conduct was = of.conduct();
    return with(
        of,
        of.workload(),
        of.regions(),
        conduct(was, was.hedging(), was.reportNanos(), was.gossipNanos(), on));
  }

  private static Conduct conduct(
      Conduct was, Optional<HedgeConfig> hedging, long reportNanos, long gossipNanos) {
    return conduct(was, hedging, reportNanos, gossipNanos, was.spillsOver());
  }

  private static Conduct conduct(
      Conduct was,
      Optional<HedgeConfig> hedging,
      long reportNanos,
      long gossipNanos,
      boolean spillsOver) {
    return new Conduct(
        was.deadlineNanos(),
        was.tries(),
        was.retryBudget(),
        hedging,
        was.countsLostRaces(),
        was.ejection(),
        reportNanos,
        gossipNanos,
        was.feedback(),
        was.probesEndpoints(),
        was.pollNanos(),
        spillsOver,
        was.concurrency());
  }

  private static Experiment with(
      Experiment of,
      Experiment.Workload workload,
      List<Experiment.Region> regions,
      Conduct conduct) {
    return new Experiment(
        of.name(),
        of.about(),
        of.seed(),
        of.runs(),
        of.lengthNanos(),
        of.warmUpNanos(),
        of.withinNanos(),
        of.policies(),
        workload,
        regions,
        of.distances(),
        of.groups(),
        conduct,
        of.variations());
  }
}
