package io.skein.app.mesh;

import io.skein.api.view.ClassesView;
import io.skein.routing.candidate.LatencyByClass.Basis;
import io.skein.routing.predict.ClassAtEndpoint;
import io.skein.routing.predict.ClassLearner;
import io.skein.routing.predict.ClassSeen;
import io.skein.routing.predict.Fingerprint;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// The classes of a service's requests, for people.
final class ClassViews {
  private static final double MILLI = 1e6;

  private ClassViews() {}

  static ClassesView of(ClassLearner learner, String service) {
    return new ClassesView(
        service,
        learner.learns(service),
        learner.lost(),
        learner.view(service).stream()
            .map(ClassViews::kind)
            .sorted(Comparator.comparingDouble(ClassesView.Kind::requestsPerSecond).reversed())
            .toList());
  }

  private static ClassesView.Kind kind(ClassSeen seen) {
    Optional<Fingerprint> print = seen.fingerprint();
    return new ClassesView.Kind(
        seen.number(),
        print.map(Fingerprint::method).orElse(""),
        print.map(Fingerprint::template).orElse(""),
        print.map(each -> word(each.payload())).orElse(""),
        print.map(each -> word(each.credential())).orElse(""),
        print.map(each -> word(each.client())).orElse(""),
        print.map(each -> word(each.origin())).orElse(""),
        round(seen.requestsPerSecond(), 1e3),
        seen.endpoints().stream().map(ClassViews::at).toList());
  }

  private static ClassesView.At at(ClassAtEndpoint seen) {
    return new ClassesView.At(
        seen.endpoint(),
        round(seen.requestsPerSecond(), 1e3),
        round(seen.latencyNanos() / MILLI, 1e3),
        seen.predictedNanos() > 0
            ? Optional.of(round(seen.predictedNanos() / MILLI, 1e3))
            : Optional.empty(),
        word(seen.basis()),
        seen.basis() == Basis.NOTHING ? Optional.empty() : Optional.of(round(seen.error(), 1e4)),
        seen.samples(),
        seen.told() ? Optional.of(round(seen.cpu(), 1e4)) : Optional.empty(),
        seen.told() ? Optional.of(round(seen.memory(), 1e4)) : Optional.empty());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static double round(double value, double to) {
    return Math.round(value * to) / to;
  }
}
