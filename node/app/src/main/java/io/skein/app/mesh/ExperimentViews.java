package io.skein.app.mesh;

import io.skein.api.view.ExperimentView;
import io.skein.app.mesh.Conclusions.Conclusion;
import io.skein.app.routes.Experiments.Running;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ExperimentArm;
import io.skein.ledger.record.Hash;
import io.skein.proxy.route.Split;
import io.skein.routing.experiment.ArmCounts;
import io.skein.routing.experiment.ExperimentRules.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/// The mesh's experiments for people: first those that run, then those that ended, newest first.
final class ExperimentViews {
  private ExperimentViews() {}

  static List<ExperimentView> of(
      List<Running> running, Laboratory laboratory, Conclusions conclusions) {
    List<ExperimentView> views = new ArrayList<>();
    Map<Hash, Running> known = new HashMap<>();
    for (Running each : running) {
      known.put(each.run(), each);
      if (each.on()) {
        laboratory.state(each).ifPresent(state -> views.add(running(each, state)));
      }
    }
    for (Conclusion each : conclusions.all()) {
      Optional<Running> still = Optional.ofNullable(known.get(each.result().run()));
      if (still.filter(Running::on).isEmpty()) {
        views.add(ended(each, still));
      }
    }
    return views;
  }

  private static ExperimentView running(Running each, Laboratory.State state) {
    Finding finding = state.finding();
    boolean compared = Double.isFinite(finding.latencyHalfWidth());
    return new ExperimentView(
        each.experiment().name(),
        each.route(),
        each.run().toString(),
        "running",
        "",
        share(each),
        TimeUnit.NANOSECONDS.toSeconds(state.ageNanos()),
        state.nodes(),
        arm(state.evidence().control()),
        arm(state.evidence().treatment()),
        change(compared, finding.latencyEffect(), finding.latencyHalfWidth()),
        finding.failureEffect(),
        new ExperimentView.Evidence(finding.harm(), finding.gain(), finding.enough()),
        Optional.empty());
  }

  private static ExperimentView ended(Conclusion each, Optional<Running> still) {
    Body.Experiment result = each.result();
    return new ExperimentView(
        result.name(),
        result.route(),
        result.run().toString(),
        "ended",
        result.verdict(),
        still.map(ExperimentViews::share).orElseGet(OptionalDouble::empty),
        result.seconds(),
        result.nodes(),
        arm(result.control()),
        arm(result.treatment()),
        change(
            result.latencyWidthMicros() >= 0,
            result.latencyMicros() / 1e6,
            result.latencyWidthMicros() / 1e6),
        share(result.treatment()) - share(result.control()),
        new ExperimentView.Evidence(
            result.harmMillis() / 1e3, result.gainMillis() / 1e3, result.enoughMillis() / 1e3),
        Optional.of(each.record().hash().toString()));
  }

  private static OptionalDouble share(Running each) {
    return OptionalDouble.of(each.experiment().share() / (double) Split.WHOLE);
  }

  private static double share(ExperimentArm arm) {
    return arm.requests() == 0 ? 0 : (double) arm.failed() / arm.requests();
  }

  private static ExperimentView.Arm arm(ArmCounts.Taken taken) {
    return new ExperimentView.Arm(
        taken.requests(),
        taken.failed(),
        taken.good() == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(Math.exp(taken.logSum() / taken.good()) / 1e6));
  }

  private static ExperimentView.Arm arm(ExperimentArm arm) {
    return new ExperimentView.Arm(
        arm.requests(),
        arm.failed(),
        arm.meanMicros() == 0 ? OptionalDouble.empty() : OptionalDouble.of(arm.meanMicros() / 1e3));
  }

  private static ExperimentView.Change change(boolean compared, double effect, double halfWidth) {
    return compared
        ? new ExperimentView.Change(
            OptionalDouble.of(Math.expm1(effect)),
            OptionalDouble.of(Math.expm1(effect - halfWidth)),
            OptionalDouble.of(Math.expm1(effect + halfWidth)))
        : new ExperimentView.Change(
            OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
  }
}
