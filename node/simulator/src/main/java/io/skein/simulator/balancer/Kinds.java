package io.skein.simulator.balancer;

import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.LatencyByClass;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.predict.ClassLearner;
import io.skein.routing.predict.Fingerprint;
import io.skein.routing.predict.Fingerprint.ClientKind;
import io.skein.routing.predict.Fingerprint.Credential;
import io.skein.routing.predict.Fingerprint.OriginKind;
import io.skein.routing.predict.Fingerprint.Payload;
import io.skein.routing.predict.SampleRing;
import io.skein.routing.predict.ServiceClasses;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a balancer learns of the kinds of its requests, by the classes that a node runs; each kind
/// has a path of its own.
final class Kinds {
  private static final String SERVICE = "simulated";
  private static final RequestClass UNLEARNED = new RequestClass(SERVICE, true);

  private final ClassLearner learner = new ClassLearner();
  private final SampleRing ring = learner.open();
  private final long[] hashes;
  private ServiceClasses classes = ServiceClasses.NONE;

  /// @param learned how many kinds; 0: none is learned
  Kinds(int learned) {
    hashes = new long[learned];
    for (int kind = 0; kind < learned; kind++) {
      hashes[kind] =
          Fingerprint.hash(
              "GET",
              path(kind),
              Payload.NONE,
              Credential.NONE,
              ClientKind.NONE,
              OriginKind.PRIVATE);
    }
  }

  private static String path(int kind) {
    return "/kind-" + kind;
  }

  /// The balancer has these targets now.
  void reach(List<Target> locals, List<Target> peers) {
    if (hashes.length > 0) {
      Map<String, EndpointLoad> loads = new TreeMap<>();
      locals.forEach(each -> loads.put(each.id, each.load));
      peers.forEach(each -> loads.put(each.id, each.load));
      classes = learner.learn(SERVICE, loads);
    }
  }

  /// The class of a request.
  RequestClass of(int kind) {
    if (hashes.length == 0) {
      return UNLEARNED;
    }
    RequestClass found = classes.classOf(hashes[kind], true);
    if (found.number() == RequestClass.OTHER && ring.takesNames()) {
      ring.name(
          classes,
          hashes[kind],
          new Fingerprint(
              "GET",
              path(kind),
              Payload.NONE,
              Credential.NONE,
              ClientKind.NONE,
              OriginKind.PRIVATE));
    }
    return found;
  }

  /// A request was answered; says how many times as long such requests take there as requests do.
  double answered(EndpointLoad load, int kind, boolean failed, long latencyNanos, int inFlight) {
    LatencyByClass learned = load.byClass();
    if (learned == null) {
      return 1;
    }
    ring.answered(learned.endpoint(), hashes[kind], latencyNanos, inFlight, failed, -1, 0);
    return learned.factor(classes.classOf(hashes[kind], true).number());
  }

  void turn(long nowNanos) {
    learner.turn(nowNanos);
  }
}
