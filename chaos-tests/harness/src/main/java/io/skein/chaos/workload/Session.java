package io.skein.chaos.workload;

import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.Target;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Recorder;
import io.skein.chaos.history.Vocabulary;
import java.util.Optional;

/// Who does an operation, where, and where it is written down.
///
/// @param recorder takes events
/// @param process the client's number in the history
/// @param target the node it uses
record Session(Recorder recorder, int process, Target target) {
  private static final int TIMEOUT_MILLIS = 5_000;
  // A node that comes back asks its peers for its own head first, for 10 s at most.
  private static final int WRITE_TIMEOUT_MILLIS = 15_000;

  void invoke(String function, Json value) {
    recorder.invoke(process, target.name(), function, value.toString());
  }

  void ok(String function, Json value) {
    recorder.ok(process, target.name(), function, value.toString());
  }

  void fail(String function, Json value) {
    recorder.fail(process, target.name(), function, value.toString());
  }

  void unsure(String function, Json value) {
    recorder.unsure(process, target.name(), function, value.toString());
  }

  /// Writes down the end of an operation that changes something and was not done: whether it
  /// certainly was not, or may have been.
  void undone(String function, Json value, Http.Outcome outcome) {
    boolean refused =
        outcome instanceof Http.NotSent || outcome.status() / 100 == 4 || outcome.status() == 503;
    if (refused) {
      fail(function, value);
    } else {
      unsure(function, value);
    }
  }

  Http.Outcome get(String path) {
    return Http.get(target.api(), path, TIMEOUT_MILLIS);
  }

  /// What the node tells at `path`, with all these members. An answer with status 200 that has them
  /// not is written down as amiss, beside the failure that the caller makes of it.
  Optional<Json> ask(String path, String... members) {
    Http.Outcome outcome = get(path);
    Optional<Json> told = outcome.told(members);
    if (told.isEmpty() && outcome.status() == 200) {
      amiss("GET " + path + ": 200 without " + String.join(", ", members));
    }
    return told;
  }

  private void amiss(String what) {
    recorder.info(target.name(), Vocabulary.AMISS, Json.of(what).toString());
  }

  Http.Outcome put(String path, Json body) {
    return Http.send(target.api(), "PUT", path, body.toString(), WRITE_TIMEOUT_MILLIS);
  }
}
