package io.skein.api;

import io.vertx.core.Vertx;

/// Serves the dashboard over a [FakeMesh] by the clock of the wall, for working on the page: run
/// its main with a port, and optionally the second of the three-minute story to begin at.
final class PreviewServer {
  private PreviewServer() {}

  public static void main(String[] arguments) {
    int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9700;
    long begin = arguments.length > 1 ? Long.parseLong(arguments[1]) : 0;
    long now = System.currentTimeMillis();
    // Shifts the story, not the clock: ages on the page stay true to within three minutes.
    long shift = (begin - now / 1_000 % 180) * 1_000;
    FakeMesh mesh = new FakeMesh(() -> System.currentTimeMillis() + shift);
    ApiServer server =
        new ApiServer(
            Vertx.vertx(),
            ApiConfig.at("127.0.0.1", port),
            mesh,
            new FakeControl(),
            new FakeConfig(),
            () -> "# no metrics here\n");
    server
        .listen()
        .onSuccess(bound -> System.out.println("http://127.0.0.1:" + bound + "/"))
        .onFailure(Throwable::printStackTrace);
  }
}
