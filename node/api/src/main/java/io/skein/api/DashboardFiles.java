package io.skein.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// Serves the page's files from the class path. A name is a few plain segments and a known ending,
/// so nothing outside the folder can be named; what was read once is kept.
final class DashboardFiles {
  private static final Pattern NAME =
      Pattern.compile("([a-z0-9-]+/){0,3}[a-z0-9-]+(\\.[a-z0-9-]+)*\\.(html|js|css|svg|json|png)");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "json", "application/json",
          "png", "image/png");

  private record File(Buffer content, String type, String tag) {}

  private final String root;
  private final Map<String, File> files = new ConcurrentHashMap<>();

  DashboardFiles(String root) {
    this.root = root;
  }

  void handle(RoutingContext context) {
    String path = context.normalizedPath();
    String name = path.equals("/") ? "index.html" : path.substring(1);
    if (root.isEmpty() || !NAME.matcher(name).matches()) {
      throw missing(path);
    }
    if (!Guard.reads(context.request().method())) {
      context.response().putHeader("Allow", "GET, HEAD");
      throw ProblemCode.METHOD_NOT_ALLOWED.found(405, "a page is only read");
    }
    File known = files.get(name);
    if (known != null) {
      send(context, known);
      return;
    }
    context
        .vertx()
        .executeBlocking(() -> load(name), false)
        .onFailure(context::fail)
        .onSuccess(found -> {
          if (found != null && found.isPresent()) {
            send(context, found.get());
          } else {
            context.fail(missing(path));
          }
        });
  }

  private static Problem.Found missing(String path) {
    return ProblemCode.NOT_FOUND.found(404, "nothing is served at " + path);
  }

  private Optional<File> load(String name) throws IOException {
    try (InputStream in =
        DashboardFiles.class.getClassLoader().getResourceAsStream(root + "/" + name)) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] content = in.readAllBytes();
      String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
      File file =
          new File(
              Buffer.buffer(content),
              type == null ? "application/octet-stream" : type,
              Answers.tag(content));
      files.put(name, file);
      return Optional.of(file);
    }
  }

  private static void send(RoutingContext context, File file) {
    context
        .response()
        .putHeader("ETag", file.tag())
        .putHeader("Cache-Control", "no-cache")
        .putHeader("Content-Type", file.type());
    if (Answers.matches(context, file.tag())) {
      context.response().setStatusCode(304).end();
    } else {
      context.response().end(file.content());
    }
  }
}
