package io.skein.app.mesh;

import io.skein.api.MeshView.Question;
import io.skein.api.view.ExplanationView;
import io.skein.proxy.route.RequestKey;
import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.hash.KeyHash;
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.predict.Fingerprint;
import io.skein.routing.predict.Fingerprint.ClientKind;
import io.skein.routing.predict.Fingerprint.Credential;
import io.skein.routing.predict.Fingerprint.OriginKind;
import io.skein.routing.predict.Fingerprint.Payload;
import io.skein.routing.predict.ServiceClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// How a service's policy would choose for a request now, for people.
final class Choices {
  private static final double Q30 = 1L << 30;

  private Choices() {}

  static Optional<ExplanationView.Choice> of(ServiceRoute route, Question question, String target) {
    long now = System.nanoTime();
    RandomGenerator random = new SplittableRandom(now);
    RequestKey wanted = route.selector().key();
    Optional<Long> key = key(wanted, question, target);
    return route
        .selector()
        .explain(kind(route, question, target), key.orElseGet(random::nextLong), now, random)
        .map(explained -> {
          List<ExplanationView.Candidate> all = new ArrayList<>();
          add(all, explained.local(), now);
          add(all, explained.peers(), now);
          return new ExplanationView.Choice(
              route.service(),
              rule(explained),
              shown(wanted, key.isPresent()),
              explained.local().unit(),
              explained.toPeers(),
              all);
        });
  }

  /// The class of such a request from this machine.
  private static RequestClass kind(ServiceRoute route, Question question, String target) {
    boolean idempotent = !question.method().equals("POST") && !question.method().equals("PATCH");
    ServiceClasses classes = route.selector().classes();
    if (classes == ServiceClasses.NONE) {
      return idempotent ? route.safe() : route.unsafe();
    }
    Credential credential =
        first(question, "authorization")
            .map(Credential::of)
            .orElse(first(question, "cookie").isPresent() ? Credential.COOKIE : Credential.NONE);
    return classes.classOf(
        Fingerprint.hash(
            question.method(),
            target,
            first(question, "content-length").map(Payload::of).orElse(Payload.NONE),
            credential,
            first(question, "user-agent").map(ClientKind::of).orElse(ClientKind.NONE),
            OriginKind.LOOPBACK),
        idempotent);
  }

  private static Optional<String> first(Question question, String field) {
    return question.fields().getOrDefault(field, List.of()).stream().findFirst();
  }

  private static String rule(LocalFirst.Explained explained) {
    return explained.local().lines().isEmpty()
        ? explained.peers().rule()
        : explained.local().rule();
  }

  private static Optional<Long> key(RequestKey wanted, Question question, String target) {
    return switch (wanted.by()) {
      case NOTHING -> Optional.of(0L);
      case ADDRESS -> Optional.empty();
      case TARGET -> Optional.of(KeyHash.of(target));
      case HEADER ->
          question.fields().getOrDefault(wanted.name(), List.of()).stream()
              .findFirst()
              .map(KeyHash::of);
    };
  }

  private static String shown(RequestKey wanted, boolean known) {
    return switch (wanted.by()) {
      case NOTHING -> "";
      case ADDRESS -> "the client's address, here an imagined one";
      case TARGET -> "path and query";
      case HEADER ->
          "the header " + wanted.name() + (known ? "" : ", which is missing: drawn by chance");
    };
  }

  private static void add(
      List<ExplanationView.Candidate> all, Explanation explanation, long nowNanos) {
    double weights =
        explanation.lines().stream().mapToDouble(line -> line.candidate().weight()).sum();
    for (Explanation.Line line : explanation.lines()) {
      Candidate candidate = line.candidate();
      double latency = candidate.load().latencyNanos(nowNanos);
      double busy = candidate.load().pressingUtilisation(nowNanos);
      all.add(
          new ExplanationView.Candidate(
              candidate.id(),
              candidate.kind().name().toLowerCase(Locale.ROOT),
              candidate.weight() / weights,
              candidate.availability().word(),
              line.eligible(),
              candidate.load().inFlight(),
              candidate.load().rif(nowNanos),
              latency > 0 ? Optional.of(latency / 1e6) : Optional.empty(),
              candidate.reputationQ30() / Q30,
              candidate.price(),
              busy > 0 ? Optional.of(Math.max(0, 1 - busy)) : Optional.empty(),
              boxed(line.cost()),
              boxed(line.share()),
              boxed(line.confidence())));
    }
  }

  private static Optional<Double> boxed(OptionalDouble value) {
    return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
  }
}
