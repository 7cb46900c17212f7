package io.skein.cli;

import io.skein.cli.json.Json;
import io.skein.ledger.key.SignatureLibrary;
import io.skein.ledger.log.Damage;
import io.skein.ledger.log.LedgerVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Verifies a node's data directory without a node. A class of its own, so that other verbs do not
/// load the ledger.
final class LedgerVerification {
  private static final long PROGRESS_NANOS = 2_000_000_000L;

  private LedgerVerification() {}

  /// Prints a line for each feed, one for each damage, and the sum.
  static ExitCode verify(Session session, Arguments arguments) {
    Path directory =
        directory(
            arguments
                .text("--data")
                .orElseThrow(() ->
                    Failure.usage(
                        "which data directory? skein ledger verify --data DIR (the --data of"
                            + " skein up)")));
    LedgerVerifier.Report report;
    SignatureLibrary.useNative();
    try {
      report = LedgerVerifier.verify(directory, progress(session), System::nanoTime);
    } catch (IOException e) {
      throw new Failure(ExitCode.NO, "cannot be verified: " + e.getMessage());
    }
    switch (session.form()) {
      case JSON -> session.out().print(json(report).compact() + "\n");
      case YAML -> session.out().print(json(report).yaml());
      case TABLE, WIDE -> session.out().print(text(report, session));
    }
    return report.sound() ? ExitCode.OK : ExitCode.NO;
  }

  /// A line every two seconds, for somebody who looks on.
  private static Consumer<LedgerVerifier.Progress> progress(Session session) {
    if (!session.terminal().interactive()) {
      return _ -> {};
    }
    AtomicLong last = new AtomicLong(System.nanoTime());
    return progress -> {
      long now = System.nanoTime();
      if (now - last.get() >= PROGRESS_NANOS) {
        last.set(now);
        session.say(
            String.format(
                Locale.ROOT,
                "%,d records verified; feed %d of %d",
                progress.records(),
                Math.min(progress.feeds() + 1, progress.totalFeeds()),
                progress.totalFeeds()));
      }
    };
  }

  /// The directory that has the feeds: the one given, or `ledger` in it.
  private static Path directory(String text) {
    try {
      Path given = Path.of(text);
      for (Path each : List.of(given, given.resolve("ledger"))) {
        if (Files.isDirectory(each.resolve("feeds"))) {
          return each;
        }
      }
    } catch (InvalidPathException _) {
      // Refused below.
    }
    throw Failure.usage(
        "--data: '"
            + text
            + "' holds no ledger (expected: the data directory of a node, with a"
            + " folder 'feeds')");
  }

  private static String text(LedgerVerifier.Report report, Session session) {
    Table table = new Table("AUTHOR", "EPOCH", "RECORDS", "VERDICT", "HASH");
    for (LedgerVerifier.Feed feed : report.feeds()) {
      table.row(
          feed.feed().author().toString(),
          Long.toUnsignedString(feed.feed().epoch()),
          Long.toString(feed.records()),
          verdict(feed, report.damages()),
          session.hash(Json.of(feed.lastHash().toString())));
    }
    StringBuilder out = new StringBuilder(table.render(session.terminal().colour()));
    report.damages().forEach(damage -> out.append("damaged: ").append(damage).append('\n'));
    out.append(
        String.format(
            Locale.ROOT,
            "%d records of %d feeds verified in %.2f s: %s%n",
            report.records(),
            report.feeds().size(),
            report.elapsedNanos() / 1e9,
            report.sound() ? "sound" : "NOT sound"));
    return out.toString();
  }

  private static String verdict(LedgerVerifier.Feed feed, List<Damage> damages) {
    if (damages.stream().anyMatch(damage -> damage.feed().equals(feed.feed()))) {
      return "damaged";
    }
    if (!feed.admitted()) {
      return feed.objection();
    }
    return feed.cut() == 0
        ? "sound"
        : "sound, cut at " + feed.cut() + ": hashes kept, root as in the author's checkpoint";
  }

  private static Json json(LedgerVerifier.Report report) {
    List<Json> feeds = new ArrayList<>();
    for (LedgerVerifier.Feed feed : report.feeds()) {
      Map<String, Json> each = new LinkedHashMap<>();
      each.put("author", Json.of(feed.feed().author().toString()));
      each.put("epoch", Json.of(Long.toUnsignedString(feed.feed().epoch())));
      each.put("records", Json.of(feed.records()));
      each.put("cut", Json.of(feed.cut()));
      each.put("lastHash", Json.of(feed.lastHash().toString()));
      each.put("admitted", Json.of(feed.admitted()));
      each.put("objection", Json.of(feed.objection()));
      feeds.add(Json.of(each));
    }
    List<Json> damages = new ArrayList<>();
    for (Damage damage : report.damages()) {
      Map<String, Json> each = new LinkedHashMap<>();
      each.put("author", Json.of(damage.feed().author().toString()));
      each.put("epoch", Json.of(Long.toUnsignedString(damage.feed().epoch())));
      each.put("seq", Json.of(damage.seq()));
      each.put("file", Json.of(damage.file().toString()));
      each.put("offset", Json.of(damage.offset()));
      each.put("kind", Json.of(damage.kind().name().toLowerCase(Locale.ROOT).replace('_', '-')));
      each.put("reason", Json.of(damage.reason()));
      damages.add(Json.of(each));
    }
    Map<String, Json> out = new LinkedHashMap<>();
    out.put("sound", Json.of(report.sound()));
    out.put("meshId", report.meshId().map(hash -> Json.of(hash.toString())).orElse(Json.NOTHING));
    out.put("records", Json.of(report.records()));
    out.put("elapsedMs", Json.of(report.elapsedNanos() / 1_000_000));
    out.put("feeds", new Json.Items(feeds));
    out.put("damages", new Json.Items(damages));
    return Json.of(out);
  }
}
