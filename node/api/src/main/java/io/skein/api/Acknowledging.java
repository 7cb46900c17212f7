package io.skein.api;

import io.skein.api.MeshControl.Fault;
import io.skein.api.MeshControl.Result;
import io.skein.api.view.Ladder;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Answers changes once their record stands as high as the writer wants: `?ack=replicated:2` waits
/// at most `timeout` (or `Prefer: wait=SECONDS`, RFC 7240 §4.3).
///
/// A record that does not come so far in time is kept all the same: the answer is a problem that
/// says so, with the record's hash, where it stands, and everything else the answer would have had.
final class Acknowledging {
  /// The query parameters of a change that leaves a record.
  static final String[] PARAMETERS = {"ack", "timeout"};

  private static final Duration USUAL = Duration.ofSeconds(5);
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration MOST = Duration.ofSeconds(60);
  private static final Pattern PREFERENCE =
      Pattern.compile("(?:^|.*,)\\s*wait\\s*=\\s*\"?(\\d{1,6})\"?\\s*(?:[,;].*|$)");

  private final MeshControl control;
  private final Answers answers;

  /// What a writer waits for.
  record Wait(Acknowledgement wanted, Duration timeout) {}

  Acknowledging(MeshControl control, Answers answers) {
    this.control = control;
    this.answers = answers;
  }

  /// What this request waits for. To be read before anything is written.
  static Wait of(RoutingContext context) {
    Acknowledgement wanted =
        Parameters.query(context, "ack")
            .map(text ->
                Acknowledgement.parse(text)
                    .orElseThrow(() -> Parameters.invalid("ack", text, Acknowledgement.FORM)))
            .orElse(Acknowledgement.LOCAL);
    Duration timeout =
        Parameters.duration(context, "timeout", LEAST, MOST)
            .or(() -> preferred(context))
            .orElse(USUAL);
    return new Wait(wanted, timeout);
  }

  /// A preference that cannot be met is met as far as it can be.
  private static Optional<Duration> preferred(RoutingContext context) {
    String preferences = String.join(",", context.request().headers().getAll("Prefer"));
    Matcher form = PREFERENCE.matcher(preferences);
    return form.matches()
        ? Optional.of(
            Duration.ofSeconds(Math.clamp(Long.parseLong(form.group(1)), 1, MOST.toSeconds())))
        : Optional.empty();
  }

  /// Answers with what a change did, when its record stands where it shall, or says why it was
  /// refused.
  void answer(RoutingContext context, Wait wait, CompletionStage<Result> change) {
    Answers.onContext(context, change, result -> answer(context, wait, result));
  }

  /// As the other, of a change that is made only if nothing is wrong with the document in its body.
  void answer(
      RoutingContext context,
      Wait wait,
      BodyReader body,
      CompletionStage<List<Fault>> faults,
      Supplier<CompletionStage<Result>> change) {
    Answers.onContext(
        context,
        faults,
        found -> {
          found.forEach(fault -> body.fault(fault.pointer(), fault.detail()));
          body.done();
          answer(context, wait, change.get());
        });
  }

  private void answer(RoutingContext context, Wait wait, Result result) {
    switch (result) {
      case Result.Accepted(String record) ->
          answer(context, wait, 202, record, Answers.named("record", record));
      case Result.Applied() -> answers.change(context, 202, new LinkedHashMap<>());
      case Result.Revoked revoked ->
          answer(context, wait, 202, revoked.record(), Answers.flat(revoked));
      case Result.Rotated rotated -> answers.change(context, 202, Answers.flat(rotated));
      case Result.Invited invited ->
          answer(context, wait, 201, invited.record(), Answers.flat(invited));
      case Result.Refused(
              int status,
              String code,
              String detail,
              String pointer,
              OptionalInt retrySeconds) -> {
        retrySeconds.ifPresent(
            seconds -> context.response().putHeader("Retry-After", Integer.toString(seconds)));
        throw new Problem.Found(
            new Problem(
                status,
                code,
                detail,
                pointer.isEmpty() ? List.of() : List.of(new Problem.FieldError(pointer, detail))));
      }
    }
  }

  /// Answers with the members and the ladder, when the record stands where it shall.
  private void answer(
      RoutingContext context, Wait wait, int status, String record, Map<String, Object> members) {
    if (wait.wanted().equals(Acknowledgement.LOCAL)) {
      done(context, wait, status, members, Ladder.LOCAL);
      return;
    }
    Answers.onContext(
        context,
        control.await(record, wait.wanted(), wait.timeout()),
        ladder -> {
          if (wait.wanted().reachedBy(ladder)) {
            done(context, wait, status, members, ladder);
          } else {
            members.put("ladder", ladder);
            throw new Problem.Found(
                new Problem(
                    504,
                    ProblemCode.NOT_ACKNOWLEDGED.code(),
                    "record "
                        + record
                        + " is kept, but it is "
                        + ladder.text()
                        + " after "
                        + wait.timeout().toMillis()
                        + " ms (wanted: "
                        + wait.wanted().text()
                        + ")",
                    List.of(),
                    members));
          }
        });
  }

  private void done(
      RoutingContext context, Wait wait, int status, Map<String, Object> members, Ladder ladder) {
    members.put("ack", wait.wanted().text());
    members.put("ladder", ladder);
    answers.change(context, status, members);
  }
}
