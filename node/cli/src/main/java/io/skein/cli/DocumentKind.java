package io.skein.cli;

import io.skein.cli.json.Json;
import io.skein.cli.json.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// A kind of named documents that the mesh keeps, such as routes: how one is put and removed.
///
/// @param word one of them: `route`
/// @param plural in the API's paths and answers: `routes`
/// @param look the command that shows them all
record DocumentKind(String word, String plural, String look) {
  private static final int MOST_BYTES = 64 * 1024;

  /// Where the API has one, or with empty text for a name all of them.
  String path(String name) {
    return "/v1/" + plural + (name.isEmpty() ? "" : "/" + ApiClient.segment(name));
  }

  /// Adds or replaces the one of that name.
  ExitCode put(Session session, Arguments arguments, String name, Json document) {
    return change(session, arguments, name, Optional.of(document));
  }

  /// Removes the one that the first word names.
  ExitCode remove(Session session, Arguments arguments) {
    return change(session, arguments, arguments.words().getFirst(), Optional.empty());
  }

  private ExitCode change(
      Session session, Arguments arguments, String name, Optional<Json> document) {
    boolean there = document.isPresent();
    ApiClient.Answer answer =
        Acknowledged.of(arguments).change(session, there ? "PUT" : "DELETE", path(name), document);
    Waiting.until(
        session, arguments, word + " " + name, look, () -> stands(session, name) == there);
    session.show(
        answer,
        (json, _) ->
            new Table(there ? word.toUpperCase(Locale.ROOT) : "REMOVED", "RECORD")
                .row(name, session.hash(json.get("record"))));
    return ExitCode.OK;
  }

  private boolean stands(Session session, String name) {
    return session.api().get(path("")).json().get(plural).items().stream()
        .anyMatch(each -> each.get("name").text("").equals(name));
  }

  /// The document in a file; `-` is standard input.
  static Json read(String file) {
    try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw Failure.usage(file + ": longer than 64 KiB");
      }
      return JsonText.parse(bytes);
    } catch (IOException | InvalidPathException e) {
      throw Failure.usage(file + ": " + e.getMessage() + " (expected: a file of one JSON object)");
    }
  }
}
