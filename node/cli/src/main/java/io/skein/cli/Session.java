package io.skein.cli;

import io.skein.cli.json.Json;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// What a verb works with: the API, standard output for data, standard error for talk.
final class Session {
  /// Form of the data.
  enum Form {
    /// Columns.
    TABLE,
    /// More columns.
    WIDE,
    /// The API's own body.
    JSON,
    /// The same as YAML.
    YAML;

    static Form parse(String text) {
      return switch (text) {
        case "table" -> TABLE;
        case "wide" -> WIDE;
        case "json" -> JSON;
        case "yaml" -> YAML;
        default ->
            throw Failure.usage(
                "-o: '"
                    + text
                    + "'"
                    + Spelling.hint(text, List.of("table", "wide", "json", "yaml"))
                    + " (expected: table, wide, json or yaml)");
      };
    }
  }

  private final Supplier<ApiClient> api;
  private final Form form;
  private final Terminal terminal;

  /// @param api made when first needed, so that `skein help` needs none
  Session(Supplier<ApiClient> api, Form form, Terminal terminal) {
    this.api = api;
    this.form = form;
    this.terminal = terminal;
  }

  ApiClient api() {
    return api.get();
  }

  Form form() {
    return form;
  }

  boolean wide() {
    return form == Form.WIDE;
  }

  Terminal terminal() {
    return terminal;
  }

  PrintStream out() {
    return terminal.out();
  }

  /// Says something to people.
  void say(String text) {
    terminal.err().println(text);
  }

  /// Asks people; no without a terminal.
  boolean confirmed(String question) {
    if (!terminal.interactive()) {
      return false;
    }
    terminal.err().print(question);
    terminal.err().flush();
    String answer = terminal.answers().get().strip().toLowerCase(Locale.ROOT);
    return answer.equals("y") || answer.equals("yes");
  }

  Instant now() {
    return terminal.clock().instant();
  }

  /// Shows an answer in the wanted form.
  void show(ApiClient.Answer answer, BiFunction<Json, Session, Table> table) {
    show(answer, json -> table.apply(json, this).render(terminal.colour()));
  }

  /// Shows an answer in the wanted form, whose text form is no table.
  void show(ApiClient.Answer answer, Function<Json, String> text) {
    switch (form) {
      case JSON -> {
        out().writeBytes(answer.body());
        if (answer.body().length == 0 || answer.body()[answer.body().length - 1] != '\n') {
          out().print('\n');
        }
      }
      case YAML -> out().print(answer.json().yaml());
      case TABLE, WIDE -> out().print(text.apply(answer.json()));
    }
    out().flush();
  }

  /// Polls until `reached`, or fails with [ExitCode#WAIT_TIMED_OUT].
  ///
  /// @param look the command that shows what is awaited
  void await(Duration limit, String what, String look, Supplier<Boolean> reached) {
    Instant until = now().plus(limit);
    while (!reached.get()) {
      if (!now().isBefore(until) || !terminal.pause().apply(Duration.ofMillis(100))) {
        throw new Failure(
            ExitCode.WAIT_TIMED_OUT,
            what
                + " did not show within "
                + limit.toMillis() / 1_000.0
                + " s. The change itself was accepted; look again: "
                + look);
      }
    }
  }

  /// A hash as people can read it: short on a terminal, whole in a pipe and when wide.
  String hash(Json value) {
    String text = Figures.text(value);
    return terminal.interactive() && !wide() && text.length() > 12 ? text.substring(0, 12) : text;
  }
}
