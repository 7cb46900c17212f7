package io.skein.proxy.http;

import io.netty.util.AsciiString;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.LatencyByClass;
import io.skein.routing.candidate.LoadReport;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.predict.Fingerprint;
import io.skein.routing.predict.Fingerprint.ClientKind;
import io.skein.routing.predict.Fingerprint.Credential;
import io.skein.routing.predict.Fingerprint.OriginKind;
import io.skein.routing.predict.Fingerprint.Payload;
import io.skein.routing.predict.SampleRing;
import io.skein.routing.predict.ServiceClasses;

/// Which class of its service a request falls into, and what each try of it took: for services
/// whose policy predicts latency by class, and at no cost for others. A class that is known costs
/// one pass over the path and the names of the fields, and no object. Reused from request to
/// request; event loop only.
final class Classing {
  private static final long NOT_YET = 0;

  private final Worker worker;
  private final Downstream client;
  private final RequestFacts facts;
  private long hash = NOT_YET;
  private Payload payload = Payload.NONE;
  private Credential credential = Credential.NONE;
  private ClientKind program = ClientKind.NONE;

  Classing(Worker worker, Downstream client, RequestFacts facts) {
    this.worker = worker;
    this.client = client;
    this.facts = facts;
  }

  void clear() {
    hash = NOT_YET;
  }

  /// The class of the request.
  RequestClass of(ServiceRoute service) {
    ServiceClasses classes = service.selector().classes();
    if (classes == ServiceClasses.NONE) {
      return facts.idempotent ? service.safe() : service.unsafe();
    }
    RequestClass found = classes.classOf(hash(), facts.idempotent);
    if (found.number() == RequestClass.OTHER) {
      introduce(classes);
    }
    return found;
  }

  /// A try is over.
  ///
  /// @param inFlight other requests in flight there when it began
  /// @param toldSince when it began: what the endpoint said of its load since came with the answer
  /// @return how many times as long requests of the class take there as requests do
  double tried(
      ServiceRoute service, Candidate candidate, OutcomeKind kind, int inFlight, long toldSince) {
    ServiceClasses classes = service.selector().classes();
    LatencyByClass learned = candidate.load().byClass();
    if (classes == ServiceClasses.NONE
        || learned == null
        || kind == OutcomeKind.CLIENT_GONE
        || facts.websocket) {
      return 1;
    }
    LoadReport told = candidate.load().reportSince(toldSince);
    worker
        .samples(classes)
        .answered(
            learned.endpoint(),
            hash(),
            System.nanoTime() - toldSince,
            inFlight,
            kind != OutcomeKind.OK,
            told == null ? -1 : (float) told.cpu(),
            told == null ? 0 : (float) told.memory());
    return learned.factor(classes.classOf(hash, facts.idempotent).number());
  }

  private long hash() {
    if (hash == NOT_YET) {
      look();
      hash =
          Fingerprint.hash(
              facts.method.name(), facts.target, payload, credential, program, origin());
    }
    return hash;
  }

  private void introduce(ServiceClasses classes) {
    SampleRing ring = worker.samples(classes);
    if (ring.takesNames()) {
      ring.name(
          classes,
          hash,
          Fingerprint.of(
              facts.method.name(), facts.target, payload, credential, program, origin()));
    }
  }

  private OriginKind origin() {
    return client.mesh() ? OriginKind.PEER : client.origin().kind();
  }

  private void look() {
    payload =
        switch (facts.framing) {
          case NONE -> Payload.NONE;
          case LENGTH -> Payload.of(facts.length);
          case CHUNKED -> Payload.STREAM;
          case UNTIL_CLOSE -> Payload.NONE;
        };
    program = ClientKind.NONE;
    boolean cookie = false;
    CharSequence authorization = "";
    Fields fields = facts.fields;
    for (int i = 0; i < fields.count(); i++) {
      CharSequence name = fields.name(i);
      switch (name.length()) {
        case 6 -> cookie |= AsciiString.contentEqualsIgnoreCase(name, "cookie");
        case 10 -> {
          if (AsciiString.contentEqualsIgnoreCase(name, "user-agent")) {
            program = ClientKind.of(fields.value(i));
          }
        }
        case 13 -> {
          if (AsciiString.contentEqualsIgnoreCase(name, "authorization")) {
            authorization = fields.value(i);
          }
        }
        default -> {}
      }
    }
    credential =
        !authorization.isEmpty()
            ? Credential.of(authorization)
            : client.origin().certified()
                ? Credential.CERTIFICATE
                : cookie ? Credential.COOKIE : Credential.NONE;
  }
}
