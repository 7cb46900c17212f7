package io.skein.chaos.workload;

import io.skein.chaos.driver.Endpoint;
import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.ProcessMesh;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;

/// Sends requests through one node's balancer, every fourth one that must not be repeated. Each has
/// an id of its own, which the endpoint's answer names.
final class Requester implements Client {
  private static final long PAUSE_MILLIS = 100;
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int A_POST_IN = 4;

  private final Session session;
  private long number;

  Requester(Session session) {
    this.session = session;
  }

  @Override
  public void step() {
    number++;
    String id = session.target().name() + "-" + number;
    boolean repeatable = number % A_POST_IN != 0;
    Json.Members request =
        Json.object()
            .with("id", id)
            .with("service", ProcessMesh.SERVICE)
            .with("repeatable", repeatable);
    session.invoke(Vocabulary.REQUEST, request);
    Http.Outcome outcome =
        Http.send(
            session.target().traffic(),
            ProcessMesh.SERVICE,
            repeatable ? "GET" : "POST",
            Endpoint.PATH + id,
            "",
            TIMEOUT_MILLIS);
    if (outcome.status() == 200) {
      session.ok(Vocabulary.REQUEST, outcome.json());
    } else {
      session.undone(Vocabulary.REQUEST, request.with("why", why(outcome)), outcome);
    }
  }

  private static String why(Http.Outcome outcome) {
    return switch (outcome) {
      case Http.Answer(int code, String _, String body) -> code + " " + body.strip();
      case Http.NotSent(String reason) -> "not sent: " + reason;
      case Http.Unknown(String reason) -> reason;
    };
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}
