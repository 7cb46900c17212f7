package io.skein.cli;

import io.skein.cli.json.Json;
import io.skein.cli.json.JsonText;
import java.io.IOException;
import java.util.Optional;

/// Turns an answer that is no success into a message and an exit code. Nodes tell problems by RFC
/// 9457.
final class Problems {
  private static final int MAX_DETAIL = 500;

  private Problems() {}

  static Failure failure(ApiClient.Answer answer, String where) {
    Optional<Json> problem = problem(answer.body());
    if (problem.isEmpty()) {
      return new Failure(
          ExitCode.UNREACHABLE,
          "no Skein node answers at "
              + where
              + ": something else does, with HTTP "
              + answer.status()
              + ". Name another: --api URL / SKEIN_API.");
    }
    Json body = problem.get();
    StringBuilder out = new StringBuilder();
    String detail = body.get("detail").text(body.get("title").text("HTTP " + answer.status()));
    out.append(Figures.printable(detail, MAX_DETAIL));
    String code = body.get("code").text("");
    if (!code.isEmpty()) {
      out.append("   [").append(Figures.printable(code, 64)).append(']');
    }
    for (Json error : body.get("errors").items()) {
      String at = error.get("pointer").text("");
      String what = error.get("detail").text("");
      if (!what.equals(detail) || !at.isEmpty()) {
        out.append("\n  ").append(Figures.printable(at + ": " + what, MAX_DETAIL));
      }
    }
    return new Failure(
        code.equals("not-acknowledged") ? ExitCode.WAIT_TIMED_OUT : exitCode(answer.status()),
        out.toString());
  }

  private static ExitCode exitCode(int status) {
    return switch (status) {
      case 404 -> ExitCode.NO;
      case 409, 412 -> ExitCode.CONFLICT;
      default -> ExitCode.REFUSED;
    };
  }

  private static Optional<Json> problem(byte[] body) {
    try {
      Json json = JsonText.parse(body);
      boolean problem = !json.get("status").isNothing() || !json.get("title").isNothing();
      return problem ? Optional.of(json) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
