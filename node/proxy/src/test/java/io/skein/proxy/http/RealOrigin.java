package io.skein.proxy.http;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/// A web server of somebody else's, run by the test, that tells how it understood what the proxy
/// wrote. Every answer of its application says so in `X-Saw`; what it refuses itself is not seen.
final class RealOrigin implements AutoCloseable {
  /// A request as the origin understood it.
  record Seen(String method, String target, int bodyBytes, Map<String, String> fields) {
    String word() {
      return method + ":" + target + ":" + bodyBytes;
    }
  }

  final String name;
  final int port;
  private final Reports reports;
  private final List<AutoCloseable> parts;

  /// Takes what was seen since it was last asked.
  private interface Reports {
    List<Seen> take() throws IOException;
  }

  private RealOrigin(String name, int port, Reports reports, AutoCloseable... parts) {
    this.name = name;
    this.port = port;
    this.reports = reports;
    this.parts = List.of(parts);
  }

  /// @param folder for its files
  static RealOrigin start(String name, Path folder) throws Exception {
    return switch (name) {
      case "nginx" -> nginx(folder);
      case "apache" -> apache(folder);
      case "node" -> node(folder);
      case "jetty" -> jetty();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /// What it saw since it was last asked.
  List<Seen> takeSeen() throws IOException {
    return reports.take();
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable part : parts) {
      part.close();
    }
  }

  // ---- nginx and Apache, which tell by FastCGI

  private static RealOrigin nginx(Path folder) throws IOException {
    String program = program("/usr/sbin/nginx");
    Gathered seen = new Gathered();
    FastCgi responder = new FastCgi(seen::add);
    int port = freePort();
    String text =
        """
        daemon off; worker_processes 1; pid FOLDER/pid; error_log FOLDER/error.log;
        events { worker_connections 256; }
        http {
          access_log off;
          client_body_temp_path FOLDER/a; proxy_temp_path FOLDER/b; fastcgi_temp_path FOLDER/c;
          uwsgi_temp_path FOLDER/d; scgi_temp_path FOLDER/e;
          server {
            listen 127.0.0.1:PORT;
            location / {
              fastcgi_pass 127.0.0.1:RESPONDER;
              fastcgi_param REQUEST_METHOD $request_method;
              fastcgi_param REQUEST_URI $request_uri;
              fastcgi_param CONTENT_LENGTH $content_length;
            }
          }
        }
        """;
    String user = System.getProperty("user.name").equals("root") ? "user root root;\n" : "";
    Path file = write(folder, "nginx.conf", user + text, port, responder.port());
    return new RealOrigin(
        "nginx",
        port,
        seen::take,
        child(folder, port, program, "-c", file.toString(), "-e", folder + "/error.log"),
        responder);
  }

  private static RealOrigin apache(Path folder) throws IOException {
    String program = program("/usr/sbin/apache2", "/usr/sbin/httpd");
    Path modules = Path.of("/usr/lib/apache2/modules");
    assumeTrue(Files.isDirectory(modules), modules + " is not there");
    Gathered seen = new Gathered();
    FastCgi responder = new FastCgi(seen::add);
    int port = freePort();
    String text =
        """
        ServerRoot FOLDER
        ServerName localhost
        Listen 127.0.0.1:PORT
        PidFile FOLDER/pid
        DefaultRuntimeDir FOLDER
        ErrorLog FOLDER/error.log
        LoadModule mpm_event_module MODULES/mod_mpm_event.so
        LoadModule authz_core_module MODULES/mod_authz_core.so
        LoadModule proxy_module MODULES/mod_proxy.so
        LoadModule proxy_fcgi_module MODULES/mod_proxy_fcgi.so
        StartServers 1
        ThreadsPerChild 16
        MaxRequestWorkers 16
        KeepAlive On
        MaxKeepAliveRequests 0
        KeepAliveTimeout 60
        AllowEncodedSlashes NoDecode
        ProxyPass / fcgi://127.0.0.1:RESPONDER/
        """
            .replace("MODULES", modules.toString());
    String user =
        System.getProperty("user.name").equals("root") ? "User www-data\nGroup www-data\n" : "";
    Path file = write(folder, "apache.conf", user + text, port, responder.port());
    return new RealOrigin(
        "apache",
        port,
        seen::take,
        child(folder, port, program, "-f", file.toString(), "-DFOREGROUND"),
        responder);
  }

  // ---- Node, which tells when it is asked

  private static RealOrigin node(Path folder) throws IOException {
    String program = program("/usr/bin/node", "/usr/local/bin/node", "/usr/bin/nodejs");
    int port = freePort();
    String text =
        """
        const seen = [];
        require('node:http').createServer((request, response) => {
          let bytes = 0;
          request.on('data', part => { bytes += part.length; });
          request.on('end', () => {
            if (request.url === '/take-seen') {
              response.end(seen.splice(0).join('\\n\\n'));
              return;
            }
            const lines = [request.method + ' ' + request.url + ' ' + bytes];
            for (let i = 0; i < request.rawHeaders.length; i += 2) {
              lines.push(request.rawHeaders[i] + ':' + request.rawHeaders[i + 1]);
            }
            seen.push(lines.join('\\n'));
            response.setHeader('X-Saw', request.method + ':' + request.url + ':' + bytes);
            response.end('seen');
          });
        }).listen(PORT, '127.0.0.1');
        """;
    Path file = write(folder, "origin.js", text, port, 0);
    return new RealOrigin(
        "node", port, () -> askNode(port), child(folder, port, program, file.toString()));
  }

  private static List<Seen> askNode(int port) throws IOException {
    List<Seen> all = new ArrayList<>();
    try (Client client = new Client(port)) {
      String body = client.get("/take-seen").body();
      for (String each : body.isEmpty() ? new String[0] : body.split("\n\n")) {
        String[] lines = each.split("\n");
        String[] line = lines[0].split(" ");
        Map<String, String> fields = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
          int colon = lines[i].indexOf(':');
          fields.put(
              lines[i].substring(0, colon).toLowerCase(Locale.ROOT), lines[i].substring(colon + 1));
        }
        all.add(new Seen(line[0], line[1], Integer.parseInt(line[2]), fields));
      }
    }
    return all;
  }

  // ---- Jetty, in this very process

  private static RealOrigin jetty() throws Exception {
    Gathered seen = new Gathered();
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            int bytes;
            try (InputStream body = Content.Source.asInputStream(request)) {
              bytes = body.readAllBytes().length;
            }
            Map<String, String> fields = new TreeMap<>();
            request
                .getHeaders()
                .forEach(field ->
                    fields.put(
                        field.getName().toLowerCase(Locale.ROOT),
                        field.getValue() == null ? "" : field.getValue()));
            Seen it =
                new Seen(request.getMethod(), request.getHttpURI().getPathQuery(), bytes, fields);
            seen.add(it);
            response.getHeaders().put("X-Saw", it.word());
            Content.Sink.write(response, true, "seen", callback);
            return true;
          }
        });
    server.start();
    return new RealOrigin("jetty", connector.getLocalPort(), seen::take, server::stop);
  }

  // ---- what they share

  /// What was told, until it is taken.
  private static final class Gathered {
    private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();

    void add(Seen request) {
      seen.add(request);
    }

    List<Seen> take() {
      List<Seen> all = new ArrayList<>();
      for (Seen each = seen.poll(); each != null; each = seen.poll()) {
        all.add(each);
      }
      return all;
    }
  }

  private static String program(String... places) {
    for (String place : places) {
      if (Files.isExecutable(Path.of(place))) {
        return place;
      }
    }
    assumeTrue(false, places[0] + " is not installed");
    return "";
  }

  /// A port that nobody is given unasked: it lies below those of outgoing connections.
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (IOException e) {
        // Taken: another.
      }
    }
  }

  private static Path write(Path folder, String name, String text, int port, int responder)
      throws IOException {
    return Files.writeString(
        folder.resolve(name),
        text.replace("FOLDER", folder.toString())
            .replace("PORT", Integer.toString(port))
            .replace("RESPONDER", Integer.toString(responder)),
        StandardCharsets.US_ASCII);
  }

  private static AutoCloseable child(Path folder, int port, String... command) throws IOException {
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    Rig.until(
        command[0] + " listens",
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError(command[0] + " has ended: " + text(said));
          }
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
          } catch (IOException e) {
            return false;
          }
        });
    return () -> {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    };
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
