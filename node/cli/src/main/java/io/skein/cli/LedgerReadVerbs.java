package io.skein.cli;

import io.skein.cli.json.Json;
import io.skein.cli.json.JsonText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Verbs that read the ledger across its feeds.
final class LedgerReadVerbs {
  private static final List<Option> FILTERS =
      List.of(
          Option.of("--author", "NODE", "only what this node wrote, by name or id"),
          Option.of("--type", "TYPE", "only such records, as performance,heal; repeatable"),
          Option.of("--subject", "SUBJECT", "only about this endpoint, service or node"),
          Option.of("--since", "WHEN", "only from then on: an age as 10m, a time, or a cursor"),
          Option.of("--until", "WHEN", "only until then: an age as 10m, or a time"));

  static final Verb LEDGER =
      new Verb(
          "ledger",
          "",
          0,
          0,
          "Shows what is kept of the ledger and why, and what can be asked of it.",
          List.of(
              "skein ledger                     # what is kept, and these examples",
              "skein ledger tail -f --type heal # repairs as they happen",
              "skein ledger search --since 10m --type performance --author eu-1",
              "skein ledger digest --since 1h --step 10m   # to compare nodes",
              "skein ledger verify --data DIR   # offline, on a stopped node's directory"),
          List.of(),
          LedgerReadVerbs::ledger);

  static final Verb TAIL =
      new Verb(
          "ledger tail",
          "",
          0,
          0,
          "Shows the newest records of all feeds; with -f also those that come.",
          List.of(
              "skein ledger tail                # the last 20",
              "skein ledger tail -f --type heal,service",
              "skein ledger tail -n 100 -o json # with bodies and signatures"),
          with(
              FILTERS,
              new Option("--limit", "-n", "N", false, "how many, 1 to 500 (default 20)"),
              new Option("--follow", "-f", "", false, "go on with new ones, until interrupted")),
          LedgerReadVerbs::tail);

  static final Verb SEARCH =
      new Verb(
          "ledger search",
          "",
          0,
          0,
          "Finds records by author, type, subject and ledger time, newest first.",
          List.of(
              "skein ledger search --since 10m --type performance --author eu-1",
              "skein ledger search --subject orders/eu-1 --type heal -n 5",
              "skein ledger search --order oldest -n 1000 -o json   # 'next' is the next --cursor"),
          with(
              FILTERS,
              Option.of("--order", "ORDER", "newest (default) or oldest first"),
              new Option("--limit", "-n", "N", false, "how many, 1 to 1000 (default 50)"),
              Option.of("--cursor", "CURSOR", "go on after an earlier page")),
          LedgerReadVerbs::search);

  static final Verb DIGEST =
      new Verb(
          "ledger digest",
          "",
          0,
          0,
          "Sums up stretches of the ledger: equal on nodes that hold the same records.",
          List.of(
              "skein ledger digest              # every feed, all of it",
              "skein ledger digest --since 1h --step 10m",
              "skein ledger digest --with http://10.0.0.2:9700   # exit 1 if the two differ"),
          List.of(
              Option.of("--author", "NODE", "only what this node wrote, by name or id"),
              Option.of("--since", "WHEN", "from then on: an age as 10m, or a time"),
              Option.of("--until", "WHEN", "until then: an age as 10m, or a time"),
              Option.of("--step", "TIME", "in buckets of that length, 1s to 1d"),
              Option.of("--with", "URL", "another node's API to compare with")),
          LedgerReadVerbs::digest);

  private LedgerReadVerbs() {}

  private static List<Option> with(List<Option> some, Option... more) {
    List<Option> all = new ArrayList<>(some);
    all.addAll(List.of(more));
    return all;
  }

  private static ExitCode ledger(Session session, Arguments arguments) {
    if (session.form() == Session.Form.JSON || session.form() == Session.Form.YAML) {
      session.show(session.api().get("/v1/ledger"), Json::yaml);
      return ExitCode.OK;
    }
    session.out().print(LEDGER.summary() + "\n\n");
    for (Verb verb : Verbs.ALL) {
      if (verb.name().startsWith("ledger ")) {
        String name = "skein " + verb.name();
        session.out().print("  " + name + " ".repeat(Math.max(1, 24 - name.length())));
        session.out().print(verb.summary() + "\n");
      }
    }
    session.out().print("\nExamples:\n");
    LEDGER.examples().forEach(example -> session.out().print("  " + example + "\n"));
    session.out().flush();
    try {
      session.out().print("\n" + kept(session.api().get("/v1/ledger").json(), session));
    } catch (Failure failure) {
      session.say("skein: what is kept is not known: " + failure.text());
    }
    return ExitCode.OK;
  }

  private static String kept(Json json, Session session) {
    StringBuilder out = new StringBuilder();
    out.append("records:   ").append(Figures.text(json.get("records"))).append(" in ");
    out.append(Figures.text(json.get("feeds"))).append(" feeds of ");
    out.append(Figures.text(json.get("authors"))).append(" nodes, ");
    out.append(bytes(json.get("bytes").number())).append('\n');
    out.append("oldest:    ").append(ForesightVerbs.ago(json.get("oldest"), session));
    out.append(" ago, newest ").append(ForesightVerbs.ago(json.get("newest"), session));
    out.append(" ago\n");
    Json retention = json.get("retention");
    out.append("retention: ").append(Figures.text(retention.get("rule")));
    out.append(": ").append(Figures.text(retention.get("why"))).append('\n');
    retained(retention, out, session);
    if (json.get("frozenFeeds").number() > 0) {
      out.append("frozen:    ").append(Figures.text(json.get("frozenFeeds")));
      out.append(" feeds, forked by their authors; both branches are kept\n");
    }
    withheld(json, out);
    out.append("root:      ").append(session.hash(json.get("headsRoot"))).append("\n\n");
    Table table = new Table("TYPE", "RECORDS", "SIZE");
    for (Json type : json.get("types").items()) {
      table.row(
          Figures.text(type.get("type")),
          Figures.text(type.get("records")),
          bytes(type.get("bytes").number()));
    }
    return out.append(table.render(session.terminal().colour())).toString();
  }

  private static void withheld(Json json, StringBuilder out) {
    for (Json feed : json.get("withheld").items()) {
      out.append("withheld:  ").append(Figures.text(feed.get("name"))).append('/');
      out.append(Figures.text(feed.get("epoch"))).append(" goes on to ");
      out.append(Figures.text(feed.get("told"))).append(", held to ");
      out.append(Figures.text(feed.get("held"))).append(" for ");
      out.append(Figures.text(feed.get("forSeconds"))).append(" s: ");
      out.append(Figures.text(feed.get("claimedBy"))).append(" claim to have it, ");
      out.append(Figures.text(feed.get("missedBy"))).append(" wait for it too\n");
    }
  }

  private static void retained(Json retention, StringBuilder out, Session session) {
    if (Double.isNaN(retention.get("ageMillis").number())) {
      return; // a node of an older version
    }
    out.append("limits:    ").append(hours(retention.get("ageMillis").number()));
    out.append(", ").append(bytes(retention.get("sizeBytes").number()));
    out.append("; held ").append(bytes(retention.get("heldBytes").number()));
    out.append(", let go ").append(bytes(retention.get("freedBytes").number())).append('\n');
    for (Json cut : retention.get("cuts").items()) {
      out.append("cut:       ").append(Figures.text(cut.get("name"))).append(" at ");
      out.append(Figures.text(cut.get("size"))).append(" of ");
      out.append(Figures.text(cut.get("head"))).append(", root ");
      out.append(session.hash(cut.get("root"))).append('\n');
    }
  }

  private static String hours(double millis) {
    return String.format(Locale.ROOT, "%.1f h", millis / 3_600_000);
  }

  /// A size: `812 B`, `3.4 KiB`, `1.2 GiB`.
  static String bytes(double bytes) {
    if (Double.isNaN(bytes)) {
      return Figures.UNKNOWN;
    }
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double size = bytes;
    int unit = 0;
    while (size >= 1_023.95 && unit < units.length - 1) {
      size /= 1_024;
      unit++;
    }
    return unit == 0
        ? (long) bytes + " B"
        : String.format(Locale.ROOT, "%.1f %s", size, units[unit]);
  }

  /// The filters as a query, each behind an ampersand.
  private static String query(Arguments arguments, String... more) {
    StringBuilder query = new StringBuilder();
    List<String> names = new ArrayList<>(List.of("author", "type", "subject", "since", "until"));
    names.addAll(List.of(more));
    for (String name : names) {
      for (String value : arguments.texts("--" + name)) {
        query.append('&').append(name).append('=').append(ApiClient.segment(value));
      }
    }
    return query.toString();
  }

  private static ExitCode search(Session session, Arguments arguments) {
    long limit = arguments.number("--limit", 1, 1_000).orElse(50L);
    ApiClient.Answer answer =
        session.api().get("/v1/ledger/search?limit=" + limit + query(arguments, "order", "cursor"));
    session.show(answer, LedgerVerbs::records);
    if (session.form() == Session.Form.TABLE || session.form() == Session.Form.WIDE) {
      Json json = answer.json();
      String next = json.get("next").text("");
      if (!next.isEmpty()) {
        session.say(
            Figures.text(json.get("remaining"))
                + " more records to look at: --order "
                + (next.equals(json.get("since").text("")) ? "oldest" : order(arguments))
                + " --cursor "
                + Figures.printable(next, 20_000));
      }
    }
    return ExitCode.OK;
  }

  private static String order(Arguments arguments) {
    return arguments.text("--order").orElse("newest");
  }

  private static ExitCode tail(Session session, Arguments arguments) {
    long limit = arguments.number("--limit", 1, 500).orElse(20L);
    String filters = query(arguments);
    if (!arguments.has("--follow")) {
      session.show(
          session.api().get("/v1/ledger/tail?limit=" + limit + filters), LedgerVerbs::records);
      return ExitCode.OK;
    }
    if (session.form() == Session.Form.YAML) {
      throw Failure.usage("--follow: -o yaml has no end (expected: table, wide or json)");
    }
    RecordLines lines = new RecordLines(session);
    String from = "";
    if (!arguments.has("--since")) {
      Json newest = session.api().get("/v1/ledger/search?limit=" + limit + filters).json();
      List<Json> records = new ArrayList<>(newest.get("records").items());
      java.util.Collections.reverse(records);
      records.forEach(lines::show);
      from = newest.get("since").text("");
    }
    follow(session, filters, from, lines);
    return ExitCode.OK;
  }

  /// Until interrupted. When the stream ends it goes on where it ended, once the node answers.
  private static void follow(Session session, String filters, String from, RecordLines lines) {
    String[] last = {from};
    boolean[] begun = {false};
    String path = "/v1/ledger/tail" + (filters.isEmpty() ? "" : "?" + filters.substring(1));
    do {
      try {
        session.api().stream(
            path,
            last[0],
            event -> {
              begun[0] = true;
              last[0] = event.id().isEmpty() ? last[0] : event.id();
              event(session, event, lines);
              return true;
            });
      } catch (Failure failure) {
        if (!begun[0] || failure.code() != ExitCode.UNREACHABLE) {
          throw failure;
        }
        session.say("skein: " + failure.text());
      }
    } while (session.terminal().pause().apply(Duration.ofSeconds(2)));
  }

  private static void event(Session session, ApiClient.Event event, RecordLines lines) {
    Json data;
    try {
      data = JsonText.parse(event.data());
    } catch (IOException e) {
      throw new Failure(ExitCode.UNREACHABLE, "an event is not JSON");
    }
    switch (event.name()) {
      case "records" -> data.get("records").items().forEach(lines::show);
      case "gap" ->
          session.say(
              Figures.text(data.get("remaining"))
                  + " records are left out, for this reader is too slow; to read them: skein ledger"
                  + " search --since "
                  + Figures.printable(data.get("since").text(""), 20_000));
      default -> {
        // Where the stream begins, and whatever a later version tells.
      }
    }
  }

  private static ExitCode digest(Session session, Arguments arguments) {
    StringBuilder query = new StringBuilder();
    for (String name : List.of("author", "since", "until", "step")) {
      arguments
          .text("--" + name)
          .ifPresent(value ->
              query
                  .append(query.isEmpty() ? '?' : '&')
                  .append(name)
                  .append('=')
                  .append(ApiClient.segment(value)));
    }
    String path = "/v1/ledger/digest" + query;
    ApiClient.Answer answer = session.api().get(path);
    if (arguments.text("--with").isPresent()) {
      ApiClient other = new ApiClient(arguments.text("--with").get(), Optional.empty());
      return LedgerComparison.of(answer.json(), other.get(path).json()).show(session);
    }
    session.show(answer, LedgerReadVerbs::digests);
    if (session.form() == Session.Form.TABLE || session.form() == Session.Form.WIDE) {
      Json json = answer.json();
      session.say(
          Figures.text(json.get("records"))
              + " records, digest "
              + Figures.text(json.get("digest"))
              + "\nroot of all heads "
              + Figures.text(json.get("headsRoot")));
    }
    return ExitCode.OK;
  }

  private static Table digests(Json json, Session session) {
    if (!json.get("buckets").items().isEmpty()) {
      Table table = new Table("SINCE", "UNTIL", "RECORDS", "DIGEST");
      for (Json bucket : json.get("buckets").items()) {
        table.row(
            Figures.text(bucket.get("since")),
            Figures.text(bucket.get("until")),
            Figures.text(bucket.get("records")),
            session.hash(bucket.get("digest")));
      }
      return table;
    }
    Table table = new Table("AUTHOR", "EPOCH", "FIRST", "LAST", "RECORDS", "HASH");
    for (Json feed : json.get("feeds").items()) {
      String name = feed.get("name").text("");
      table.row(
          name.isEmpty() ? Figures.text(feed.get("author")) : Figures.text(feed.get("name")),
          Figures.text(feed.get("epoch")),
          Figures.text(feed.get("first")),
          Figures.text(feed.get("last")),
          Figures.text(feed.get("records")),
          session.hash(feed.get("hash")));
    }
    return table;
  }
}
