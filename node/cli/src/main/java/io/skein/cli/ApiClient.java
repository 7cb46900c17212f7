package io.skein.cli;

import io.skein.cli.json.Json;
import io.skein.cli.json.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Asks one node's API. Uses `HttpURLConnection`: with `java.net.http` the same command on a cold
/// JVM takes 0.5 s instead of 0.05 s.
final class ApiClient {
  static final String DEFAULT = "http://127.0.0.1:9700";
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration READ = Duration.ofSeconds(15);
  private static final int MAX_BODY = 64 << 20;

  /// Streams send something every 15 s.
  private static final Duration SILENCE = Duration.ofSeconds(40);

  private final URI base;
  private final Optional<PrintStream> curl;

  /// An answer.
  ///
  /// @param status HTTP status
  /// @param body at most 64 MiB
  record Answer(int status, byte[] body) {
    /// The body as JSON.
    Json json() {
      try {
        return JsonText.parse(body);
      } catch (IOException e) {
        String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        throw new Failure(ExitCode.UNREACHABLE, "the answer is not JSON: " + why);
      }
    }
  }

  /// @param api `http://host:port`, or `host:port`
  /// @param curl where to print each request as a curl command
  ApiClient(String api, Optional<PrintStream> curl) {
    this.base = base(api);
    this.curl = curl;
  }

  private static URI base(String api) {
    String text = api.indexOf("://") < 0 ? "http://" + api : api;
    try {
      URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean http = scheme.equals("http") || scheme.equals("https");
      if (http && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Refused below.
    }
    throw Failure.usage(
        "'"
            + api
            + "' is not the URL of an API (expected: such as http://127.0.0.1:9700, by --api"
            + " or SKEIN_API)");
  }

  /// One segment of a path: `orders%2Feu-1`.
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// Where the API is, for messages: `127.0.0.1:9700`.
  String where() {
    return base.getRawAuthority();
  }

  /// GET; every answer but 2xx is a failure.
  Answer get(String path) {
    return accepted(exchange("GET", path, Optional.empty()));
  }

  /// GET; 404 is an answer too.
  Optional<Answer> find(String path) {
    Answer answer = exchange("GET", path, Optional.empty());
    return answer.status() == 404 ? Optional.empty() : Optional.of(accepted(answer));
  }

  /// A change; every answer but 2xx is a failure.
  Answer change(String method, String path, Optional<Json> body) {
    return accepted(exchange(method, path, body));
  }

  /// A change whose answer may take up to `wait` longer than usual.
  Answer change(String method, String path, Optional<Json> body, Duration wait) {
    return accepted(exchange(method, path, body, READ.plus(wait)));
  }

  /// Reads an event stream until it ends, `each` says stop, or nothing comes for [#SILENCE]. The
  /// events' comments are passed over.
  ///
  /// @param lastId the id after which to go on; empty text: from where the path says
  /// @return whether to come back: the stream ended, `each` did not say stop
  boolean stream(String path, String lastId, Predicate<Event> each) {
    String url = base + path;
    curl.ifPresent(out -> out.println("curl -sSN -H 'Accept: text/event-stream' " + quoted(url)));
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) SILENCE.toMillis());
      connection.setRequestProperty("Accept", "text/event-stream");
      if (!lastId.isEmpty()) {
        connection.setRequestProperty("Last-Event-ID", lastId);
      }
      int status = connection.getResponseCode();
      if (status != 200) {
        InputStream error = connection.getErrorStream();
        byte[] body = error == null ? new byte[0] : error.readNBytes(MAX_BODY);
        throw Problems.failure(new Answer(Math.max(0, status), body), where());
      }
      try (EventReader events = new EventReader(connection.getInputStream())) {
        for (Optional<Event> event = events.next(); event.isPresent(); event = events.next()) {
          if (!each.test(event.get())) {
            return false;
          }
        }
      }
      return true;
    } catch (ConnectException e) {
      throw unreachable("connection refused");
    } catch (UnknownHostException e) {
      throw unreachable("no such host");
    } catch (SocketTimeoutException e) {
      throw unreachable("nothing came for " + SILENCE.toSeconds() + " s");
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw Failure.usage("'" + url + "' is not a URL");
    } catch (IOException e) {
      throw unreachable(String.valueOf(e.getMessage()));
    }
  }

  /// One event of a stream.
  ///
  /// @param id where to go on after it; empty text: as before
  record Event(String id, String name, byte[] data) {}

  private Answer accepted(Answer answer) {
    if (answer.status() >= 200 && answer.status() < 300) {
      return answer;
    }
    throw Problems.failure(answer, where());
  }

  /// What an answer means that is no success.
  Failure refusal(Answer answer) {
    return Problems.failure(answer, where());
  }

  /// One request, whatever the answer.
  Answer exchange(String method, String path, Optional<Json> body) {
    return exchange(method, path, body, READ);
  }

  private Answer exchange(String method, String path, Optional<Json> body, Duration patience) {
    String url = base + path;
    String text = body.map(Json::compact).orElse("");
    curl.ifPresent(out -> out.println(command(method, url, text)));
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
      connection.setRequestMethod(method);
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) patience.toMillis());
      connection.setRequestProperty("Accept", "application/json");
      if (body.isPresent()) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(bytes.length);
        try (OutputStream out = connection.getOutputStream()) {
          out.write(bytes);
        }
      }
      int status = connection.getResponseCode();
      if (status < 0) {
        throw new IOException("not HTTP");
      }
      try (InputStream in =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        byte[] bytes = in == null ? new byte[0] : in.readNBytes(MAX_BODY + 1);
        if (bytes.length > MAX_BODY) {
          throw new IOException("the answer is larger than 64 MiB");
        }
        return new Answer(status, bytes);
      }
    } catch (ConnectException e) {
      throw unreachable("connection refused");
    } catch (UnknownHostException e) {
      throw unreachable("no such host");
    } catch (SocketTimeoutException e) {
      throw unreachable("no answer in time");
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw Failure.usage("'" + url + "' is not a URL");
    } catch (IOException e) {
      throw unreachable(String.valueOf(e.getMessage()));
    }
  }

  private Failure unreachable(String why) {
    return new Failure(
        ExitCode.UNREACHABLE,
        "no node answers at "
            + where()
            + " ("
            + why
            + "). Start one: skein demo, or name another: --api URL / SKEIN_API.");
  }

  private static String command(String method, String url, String body) {
    StringBuilder out = new StringBuilder("curl -sS");
    if (!method.equals("GET")) {
      out.append(" -X ").append(method);
    }
    if (!body.isEmpty()) {
      out.append(" -H 'Content-Type: application/json' -d ").append(quoted(body));
    }
    return out.append(' ').append(quoted(url)).toString();
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
