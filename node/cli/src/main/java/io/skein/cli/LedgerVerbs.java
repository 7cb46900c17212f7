package io.skein.cli;

import io.skein.cli.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Verbs that show the signed records.
final class LedgerVerbs {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  static final Verb HEAD =
      new Verb(
          "ledger head",
          "",
          0,
          0,
          "Shows the last record of each feed. Nodes with the same root hold the same records.",
          List.of(
              "skein ledger head                # one row a feed",
              "skein ledger head -o json        # with the root over all heads"),
          List.of(),
          (session, _) -> {
            ApiClient.Answer answer = session.api().get("/v1/ledger/heads");
            session.show(answer, LedgerVerbs::heads);
            if (session.form() == Session.Form.TABLE || session.form() == Session.Form.WIDE) {
              session.say("root " + Figures.text(answer.json().get("headsRoot")));
            }
            return ExitCode.OK;
          });

  static final Verb GET =
      new Verb(
          "ledger get",
          "HASH | AUTHOR",
          1,
          1,
          "Shows one record by its hash, or a stretch of an author's feed.",
          List.of(
              "skein ledger get 5f0c…           # 64 hexadecimal digits: one record",
              "skein ledger get AUTHOR --from 100 --limit 20",
              "skein ledger get AUTHOR --epoch 4294967296"),
          List.of(
              Option.of("--epoch", "E", "which epoch of the author (default: the newest)"),
              Option.of("--from", "SEQ", "first record"),
              new Option("--limit", "-n", "N", false, "how many, 1 to 1000")),
          LedgerVerbs::get);

  static final Verb VERIFY =
      new Verb(
          "ledger verify",
          "",
          0,
          0,
          "Verifies a data directory record by record, or a proof; neither needs a node.",
          List.of(
              "skein ledger verify --data ~/.local/share/skein/eu-1",
              "skein ledger verify --data DIR -o json   # exit 0: sound, 1: not",
              "skein ledger verify --proof proof.json --mesh MESH-ID",
              "skein ledger verify --proof proof.json --key KEY --witnesses 3"),
          List.of(
              Option.of("--data", "DIR", "a node's data directory; nothing in it is changed"),
              Option.of("--proof", "FILE", "what skein ledger prove printed; - for standard input"),
              Option.of("--mesh", "ID", "the mesh the proof must be of"),
              Option.of("--key", "KEY", "the founder's or the author's key that must stand behind"),
              Option.of("--witnesses", "N", "how many members must have cosigned (default 0)")),
          // No method references: only this verb shall load the ledger's classes.
          (session, arguments) ->
              arguments.has("--proof")
                  ? ProofVerification.verify(session, arguments)
                  : LedgerVerification.verify(session, arguments));

  private LedgerVerbs() {}

  private static Table heads(Json json, Session session) {
    Table table = new Table("AUTHOR", "EPOCH", "SEQ", "STATE", "HASH");
    for (Json head : json.get("heads").items()) {
      String name = head.get("name").text("");
      table.row(
          name.isEmpty() ? Figures.text(head.get("author")) : Figures.text(head.get("name")),
          Figures.text(head.get("epoch")),
          Figures.text(head.get("seq")),
          Figures.text(head.get("state")),
          session.hash(head.get("hash")));
    }
    return table;
  }

  static Table records(Json json, Session session) {
    Table table = new Table("AGO", "AUTHOR", "SEQ", "TYPE", "STATE", "HASH");
    for (Json record : json.get("records").items()) {
      String name = record.get("name").text("");
      table.row(
          ForesightVerbs.ago(record.get("at"), session),
          name.isEmpty() ? Figures.text(record.get("author")) : Figures.text(record.get("name")),
          Figures.text(record.get("seq")),
          Figures.text(record.get("type")),
          Figures.text(record.get("state")),
          session.hash(record.get("hash")));
    }
    return table;
  }

  private static ExitCode get(Session session, Arguments arguments) {
    String wanted = arguments.words().getFirst();
    if (HASH.matcher(wanted).matches()) {
      session.show(session.api().get("/v1/ledger/records/" + wanted), Json::yaml);
      return ExitCode.OK;
    }
    String author = "/v1/ledger/feeds/" + ApiClient.segment(wanted);
    Optional<Long> from = arguments.number("--from", 1, Long.MAX_VALUE);
    Optional<Long> limit = arguments.number("--limit", 1, 1_000);
    Optional<String> epoch = arguments.text("--epoch");
    if (epoch.isEmpty() && (from.isPresent() || limit.isPresent())) {
      // Only a feed has stretches; an author without an epoch stands for its newest feed.
      String newest = session.api().get(author).json().get("epoch").text("");
      epoch = Optional.of(newest).filter(text -> !text.isEmpty());
    }
    StringBuilder path = new StringBuilder(author);
    epoch.ifPresent(text -> path.append('/').append(ApiClient.segment(text)));
    from.ifPresent(seq -> path.append("?from=").append(seq));
    limit.ifPresent(n -> path.append(from.isPresent() ? "&" : "?").append("limit=").append(n));
    session.show(session.api().get(path.toString()), LedgerVerbs::records);
    return ExitCode.OK;
  }
}
