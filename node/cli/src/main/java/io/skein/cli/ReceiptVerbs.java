package io.skein.cli;

import io.skein.cli.json.Json;
import java.util.List;
import java.util.regex.Pattern;

/// The verb that shows what a node did with one request.
final class ReceiptVerbs {
  private static final Pattern ID = Pattern.compile("[a-z2-7]{26}");

  static final Verb RECEIPT =
      new Verb(
          "receipt",
          "ID",
          1,
          1,
          "Shows what the node did with a request; with --verify also proves that it said so.",
          List.of(
              "skein receipt k5t2…              # 26 characters: Skein-Receipt of the answer",
              "skein receipt k5t2… --verify     # leaf, root, record, checkpoint",
              "skein receipt k5t2… --verify --mesh MESH-ID --wait"),
          List.of(
              new Option("--verify", "", "", false, "prove it down to the author's signature"),
              Option.of("--mesh", "ID", "the mesh the proof must be of"),
              Option.of("--key", "KEY", "the founder's or the author's key that must stand behind"),
              Option.of("--witnesses", "N", "how many members must have cosigned (default 0)"),
              new Option(
                  "--wait",
                  "",
                  "TIME",
                  true,
                  "with --verify: wait for record and checkpoint, 45s or TIME")),
          ReceiptVerbs::receipt);

  private ReceiptVerbs() {}

  private static ExitCode receipt(Session session, Arguments arguments) {
    String id = arguments.words().getFirst();
    if (!ID.matcher(id).matches()) {
      throw Failure.usage(
          "'"
              + id
              + "' is not a receipt's id (expected: 26 characters of a-z and 2-7, as in the"
              + " Skein-Receipt of an answer)");
    }
    if (arguments.has("--verify")) {
      // No import: only this way loads the ledger's classes.
      return ReceiptVerification.verify(session, arguments, id);
    }
    for (String option : List.of("--mesh", "--key", "--witnesses", "--wait")) {
      if (arguments.has(option) || arguments.text(option).isPresent()) {
        throw Failure.usage(option + ": only with --verify");
      }
    }
    session.show(session.api().get("/v1/receipts/" + id), ReceiptVerbs::text);
    return ExitCode.OK;
  }

  private static String text(Json json) {
    StringBuilder out = new StringBuilder();
    row(out, "request", Figures.text(json.get("id")) + ", " + Figures.text(json.get("start")));
    row(out, "service", Figures.text(json.get("service")) + ", method " + of(json, "method"));
    String peer = json.get("peer").text("");
    row(out, "served by", of(json, "endpoint") + (peer.isEmpty() ? "" : " by way of " + peer));
    row(
        out,
        "outcome",
        of(json, "reason")
            + ", status "
            + of(json, "status")
            + ", "
            + of(json, "tries")
            + " tries, "
            + of(json, "latencyMicros")
            + " µs");
    row(out, "bytes", of(json, "bytesIn") + " in, " + of(json, "bytesOut") + " out");
    switch (json.get("state").text("")) {
      case "open" -> row(out, "state", "open: window " + of(json, "window") + " has not ended yet");
      case "closed" -> row(out, "state", "closed: the record of its window is not durable yet");
      default -> {
        row(
            out,
            "state",
            "recorded, leaf "
                + of(json, "index")
                + " of "
                + of(json, "size")
                + " in window "
                + of(json, "window"));
        row(out, "root", of(json, "root"));
        row(out, "record", of(json, "record"));
      }
    }
    return out.toString();
  }

  private static String of(Json json, String member) {
    String text = Figures.text(json.get(member));
    return text.isEmpty() ? Figures.UNKNOWN : text;
  }

  private static void row(StringBuilder out, String name, String value) {
    out.append(name).append(':').append(" ".repeat(Math.max(1, 11 - name.length())));
    out.append(value).append('\n');
  }
}
