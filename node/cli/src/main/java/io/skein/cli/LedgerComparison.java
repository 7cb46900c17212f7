package io.skein.cli;

import io.skein.cli.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Two nodes' digests of one stretch, side by side.
///
/// @param equal whether both hold the same records there
/// @param mine the one's feeds or buckets, by name
/// @param others the other's
/// @param left the one's name
/// @param right the other's name
record LedgerComparison(
    boolean equal, Map<String, Json> mine, Map<String, Json> others, String left, String right) {
  static LedgerComparison of(Json one, Json other) {
    boolean inBuckets = !one.get("buckets").items().isEmpty();
    String list = inBuckets ? "buckets" : "feeds";
    Function<Json, String> key =
        inBuckets
            ? item -> item.get("since").text("")
            : item -> item.get("author").text("") + "/" + item.get("epoch").text("");
    String digest = one.get("digest").text("");
    return new LedgerComparison(
        !digest.isEmpty() && digest.equals(other.get("digest").text("")),
        byKey(one.get(list), key),
        byKey(other.get(list), key),
        one.get("asSeenBy").text("this"),
        other.get("asSeenBy").text("other"));
  }

  private static Map<String, Json> byKey(Json items, Function<Json, String> key) {
    Map<String, Json> byKey = new TreeMap<>();
    items.items().forEach(item -> byKey.put(key.apply(item), item));
    return byKey;
  }

  /// What differs, as a table or as JSON; the exit code says whether anything does.
  ExitCode show(Session session) {
    Map<String, Json> all = new TreeMap<>(others);
    all.putAll(mine);
    Table table = new Table("WHERE", upper(left), upper(right));
    List<Json> rows = new ArrayList<>();
    for (String where : all.keySet()) {
      Json one = mine.getOrDefault(where, Json.NOTHING);
      Json other = others.getOrDefault(where, Json.NOTHING);
      if (!sum(one).equals(sum(other))) {
        table.row(Figures.printable(where, 200), count(one), count(other));
        Map<String, Json> row = new LinkedHashMap<>();
        row.put("where", Json.of(where));
        row.put(left, Json.of(count(one)));
        row.put(right, Json.of(count(other)));
        rows.add(Json.of(row));
      }
    }
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("equal", Json.of(equal));
    members.put("different", new Json.Items(rows));
    switch (session.form()) {
      case JSON -> session.out().println(Json.of(members).compact());
      case YAML -> session.out().print(Json.of(members).yaml());
      case TABLE, WIDE -> {
        if (!table.isEmpty()) {
          session.out().print(table.render(session.terminal().colour()));
        }
        session.say(
            equal
                ? left + " and " + right + " hold the same records there"
                : left + " and " + right + " differ; nodes that still write differ for moments");
      }
    }
    return equal ? ExitCode.OK : ExitCode.NO;
  }

  private static String sum(Json item) {
    return item.get("digest").text("") + item.get("hash").text("");
  }

  private static String count(Json item) {
    return item.isNothing() ? Figures.UNKNOWN : Figures.text(item.get("records"));
  }

  private static String upper(String name) {
    return Figures.printable(name, 40).toUpperCase(Locale.ROOT);
  }
}
