package io.skein.app.mesh;

import io.skein.api.MeshControl.Result;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;

/// What a client is told when its record was not written, or when that is not known.
final class Unwritten {
  private Unwritten() {}

  /// The answer to a failed append: 422 if the record cannot be, 504 if it may be written, 503 if
  /// it is not and will not be.
  static Result.Refused refusal(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String why = String.valueOf(cause.getMessage());
    return switch (cause) {
      case IllegalArgumentException _ -> new Result.Refused(422, "invalid", why, "");
      case NotDurable _ -> new Result.Refused(504, "not-durable-yet", why, "");
      case NotYet _ ->
          new Result.Refused(503, "awaits-peers", why, "", OptionalInt.of(NotYet.RETRY_SECONDS));
      default -> new Result.Refused(503, "not-written", why, "");
    };
  }
}
