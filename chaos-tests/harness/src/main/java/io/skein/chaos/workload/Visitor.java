package io.skein.chaos.workload;

import io.skein.chaos.driver.Endpoint;
import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.ProcessMesh;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Asks now this node, now that one, and brings the cookie that the last answer with one gave it.
/// After some fifty visits it forgets it, and is somebody else.
final class Visitor implements Client {
  private static final long PAUSE_MILLIS = 250;
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int FAREWELL_IN = 50;

  private final List<Session> everywhere;
  private final String name;
  private final SplittableRandom random;
  private String cookie = "";
  private String stays = "";
  private long lives;

  /// @param everywhere the same client at each node
  /// @param name of the run's visitors its own
  Visitor(List<Session> everywhere, String name, long seed) {
    this.everywhere = List.copyOf(everywhere);
    this.name = name;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void step() {
    if (lives == 0 || random.nextInt(FAREWELL_IN) == 0) {
      lives++;
      cookie = "";
      stays = "";
    }
    Session session = everywhere.get(random.nextInt(everywhere.size()));
    Json.Members visitor = Json.object().with("visitor", name + "-" + lives);
    session.invoke(Vocabulary.VISIT, visitor.with("stays", stays));
    Http.Outcome outcome =
        Http.get(
            session.target().traffic(), ProcessMesh.SESSIONS, Endpoint.WHO, cookie, TIMEOUT_MILLIS);
    String endpoint = outcome.json().text("endpoint").orElse("");
    if (outcome instanceof Http.Answer answer && answer.code() == 200 && !endpoint.isEmpty()) {
      Optional<String> given = answer.cookie(ProcessMesh.STAY);
      session.ok(
          Vocabulary.VISIT, visitor.with("endpoint", endpoint).with("told", given.isPresent()));
      given.ifPresent(pair -> {
        cookie = pair;
        stays = endpoint;
      });
    } else {
      session.undone(Vocabulary.VISIT, visitor, outcome);
    }
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}
