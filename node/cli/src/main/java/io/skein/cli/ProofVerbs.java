package io.skein.cli;

import io.skein.cli.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/// Verbs that prove.
final class ProofVerbs {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  static final Duration USUAL_WAIT = Duration.ofSeconds(45);
  private static final Duration PAUSE = Duration.ofMillis(500);

  static final Verb PROVE =
      new Verb(
          "ledger prove",
          "HASH",
          1,
          1,
          "Prints a proof that a record is in its author's feed. It needs no node to be verified.",
          List.of(
              "skein ledger prove 5f0c… > proof.json     # 64 hexadecimal digits",
              "skein ledger prove 5f0c… --wait           # until a checkpoint covers the record",
              "skein ledger verify --proof proof.json --mesh MESH-ID"),
          List.of(
              new Option(
                  "--wait",
                  "",
                  "TIME",
                  true,
                  "wait for a checkpoint that covers the record, 45s or TIME")),
          ProofVerbs::prove);

  private ProofVerbs() {}

  private static ExitCode prove(Session session, Arguments arguments) {
    String hash = arguments.words().getFirst();
    if (!HASH.matcher(hash).matches()) {
      throw Failure.usage(
          "'"
              + hash
              + "' is not a record's hash (expected: 64 hexadecimal digits, as skein ledger"
              + " tail -o json shows them)");
    }
    ApiClient.Answer answer = fetch(session, arguments, "/v1/ledger/proofs/inclusion?hash=" + hash);
    Json proof = answer.json();
    session.show(answer, json -> json.compact() + "\n");
    session.say(
        "record "
            + Figures.text(proof.get("seq"))
            + " of "
            + Figures.text(proof.get("size"))
            + " that the checkpoint covers, cosigned by "
            + proof.get("witnessKeys").items().size()
            + ", mesh "
            + Figures.text(proof.get("meshId")));
    return ExitCode.OK;
  }

  /// Fetches a proof; waits for a checkpoint if told to.
  static ApiClient.Answer fetch(Session session, Arguments arguments, String path) {
    boolean wait = arguments.has("--wait");
    Instant until = session.now().plus(arguments.duration("--wait", USUAL_WAIT));
    while (true) {
      ApiClient.Answer answer = session.api().exchange("GET", path, java.util.Optional.empty());
      if (answer.status() >= 200 && answer.status() < 300) {
        return answer;
      }
      boolean uncovered =
          answer.status() == 404 && answer.json().get("code").text("").equals("not-covered");
      if (!uncovered) {
        throw Problems.failure(answer, session.api().where());
      }
      if (!wait) {
        throw new Failure(
            ExitCode.NO,
            Problems.failure(answer, session.api().where()).text() + "\nTo wait for it: --wait");
      }
      if (!session.now().isBefore(until) || !session.terminal().pause().apply(PAUSE)) {
        throw new Failure(
            ExitCode.WAIT_TIMED_OUT,
            "no checkpoint covers the record yet. Does its author still write? See: skein members");
      }
    }
  }
}
