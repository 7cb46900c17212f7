package io.skein.cli;

import io.skein.cli.json.Json;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.proof.InclusionProof;
import io.skein.ledger.receipt.Receipt;
import io.skein.ledger.receipt.ReceiptId;
import io.skein.ledger.receipt.ReceiptProof;
import io.skein.ledger.receipt.ReceiptProof.Judgement;
import io.skein.ledger.record.Hash;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Verifies a receipt: what it says is read from the leaf, nothing else the node tells is believed.
/// A class of its own, so that other verbs do not load the ledger.
final class ReceiptVerification {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private ReceiptVerification() {}

  static ExitCode verify(Session session, Arguments arguments, String text) {
    ReceiptId id =
        ReceiptId.parse(text)
            .orElseThrow(() -> Failure.usage("'" + text + "' is not the id of a receipt"));
    Json receipt = recorded(session, arguments, text);
    String record = receipt.get("record").text("");
    if (!record.matches("[0-9a-f]{64}")) {
      throw malformed("no record is named");
    }
    Json proof =
        ProofVerbs.fetch(session, arguments, "/v1/ledger/proofs/inclusion?hash=" + record).json();
    Judgement judgement;
    try {
      judgement =
          new ReceiptProof(
                  Base64.getDecoder().decode(receipt.get("leaf").text("")),
                  inclusion(receipt),
                  ProofVerification.proof(proof))
              .judge(id, ProofVerification.trust(arguments));
    } catch (IllegalArgumentException e) {
      throw malformed(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    switch (session.form()) {
      case JSON -> session.out().print(json(judgement).compact() + "\n");
      case YAML -> session.out().print(json(judgement).yaml());
      case TABLE, WIDE -> session.out().print(text(judgement));
    }
    return judgement instanceof Judgement.Proven ? ExitCode.OK : ExitCode.NO;
  }

  private static Failure malformed(String why) {
    return new Failure(ExitCode.NO, "INVALID: the node's answer is no receipt: " + why);
  }

  private static Json recorded(Session session, Arguments arguments, String id) {
    Instant until = session.now().plus(arguments.duration("--wait", ProofVerbs.USUAL_WAIT));
    while (true) {
      Json receipt = session.api().get("/v1/receipts/" + id).json();
      String state = receipt.get("state").text("");
      if (state.equals("recorded")) {
        return receipt;
      }
      if (!arguments.has("--wait")) {
        throw new Failure(
            ExitCode.NO,
            "the receipt is not recorded yet: its window "
                + (state.equals("open") ? "has not ended" : "has no durable record")
                + "\nTo wait for it: --wait");
      }
      if (!session.now().isBefore(until) || !session.terminal().pause().apply(PAUSE)) {
        throw new Failure(
            ExitCode.WAIT_TIMED_OUT, "the receipt is not recorded yet. Does its node still write?");
      }
    }
  }

  private static InclusionProof inclusion(Json receipt) {
    List<Hash> hashes = new ArrayList<>();
    for (Json hash : receipt.get("hashes").items()) {
      hashes.add(Hash.parse(hash.text("")));
    }
    return new InclusionProof(
        ProofVerification.number(receipt.get("index")),
        ProofVerification.number(receipt.get("size")),
        hashes);
  }

  private static String text(Judgement judgement) {
    return switch (judgement) {
      case Judgement.Failed(ReceiptProof.Step step, String reason) ->
          "INVALID at " + step.name().toLowerCase(Locale.ROOT) + ": " + reason + "\n";
      case Judgement.Proven proven -> {
        Receipt receipt = proven.receipt();
        yield String.format(
            Locale.ROOT,
            "valid: node %s of mesh \"%s\" states for window %d, in record %s:%n"
                + "  %s, service %s, served by %s%s, outcome %d, status %d, %d tries, %d µs,"
                + " %d bytes in, %d out%n"
                + "  The checkpoint over that record bears the signatures of its author and %d"
                + " others%n",
            proven.record().record().author(),
            Figures.printable(proven.record().mesh().name(), 100),
            proven.body().window(),
            proven.record().record().hash(),
            start(receipt),
            Figures.printable(receipt.service(), 255),
            receipt.endpoint().isEmpty() ? "nobody" : Figures.printable(receipt.endpoint(), 255),
            receipt.peer().isEmpty() ? "" : " by way of " + Figures.printable(receipt.peer(), 255),
            receipt.outcome(),
            receipt.status(),
            receipt.tries(),
            receipt.latencyMicros(),
            receipt.bytesIn(),
            receipt.bytesOut(),
            proven.record().witnesses().size());
      }
    };
  }

  private static Instant start(Receipt receipt) {
    return Instant.EPOCH.plus(receipt.startMicros(), ChronoUnit.MICROS);
  }

  private static Json json(Judgement judgement) {
    Map<String, Json> out = new LinkedHashMap<>();
    out.put("valid", Json.of(judgement instanceof Judgement.Proven));
    switch (judgement) {
      case Judgement.Failed(ReceiptProof.Step step, String reason) -> {
        out.put("step", Json.of(step.name().toLowerCase(Locale.ROOT)));
        out.put("reason", Json.of(reason));
      }
      case Judgement.Proven proven -> {
        Receipt receipt = proven.receipt();
        out.put("meshId", Json.of(proven.record().mesh().meshId().toString()));
        out.put("author", Json.of(proven.record().record().author().toString()));
        out.put("record", Json.of(proven.record().record().hash().toString()));
        out.put("window", Json.of(proven.body().window()));
        out.put("size", Json.of(proven.body().count()));
        out.put("root", Json.of(proven.body().root().toString()));
        out.put("id", Json.of(receipt.id().toString()));
        out.put("start", Json.of(start(receipt).toString()));
        out.put("service", Json.of(receipt.service()));
        out.put("method", Json.of(receipt.method().name().toLowerCase(Locale.ROOT)));
        out.put("endpoint", Json.of(receipt.endpoint()));
        out.put("peer", Json.of(receipt.peer()));
        out.put("outcome", Json.of((long) receipt.outcome()));
        out.put("status", Json.of((long) receipt.status()));
        out.put("latencyMicros", Json.of(receipt.latencyMicros()));
        out.put("tries", Json.of((long) receipt.tries()));
        out.put("bytesIn", Json.of(receipt.bytesIn()));
        out.put("bytesOut", Json.of(receipt.bytesOut()));
        out.put(
            "witnesses",
            Json.texts(proven.record().witnesses().stream().map(NodeId::toString).toList()));
      }
    }
    return Json.of(out);
  }
}
