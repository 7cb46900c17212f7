package io.skein.app.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Traffic for the node of which a start-up cache is being made, a process of its own: the cache
/// keeps what the JVM has learned of the methods on a request's way (JEP 515), if there were
/// requests.
///
/// Arguments: a port on loopback, seconds, and, if that is waited for, the API of the node. Nine
/// clients send one request after the other: four in HTTP/1.1, four with a connection for each, one
/// in HTTP/2; every eighth request carries a body. What is answered does not matter, and what fails
/// trains a little less. With an API it ends when the node's directory has started, too, which
/// waits for calm, or half a minute later.
public final class TrainingLoad {
  private static final int CLIENTS = 4;
  private static final int BODY_EVERY = 8;
  private static final byte[] BODY = new byte[1024];
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration DIRECTORY = Duration.ofSeconds(30);
  private static final Pattern RUNNING = Pattern.compile("\"state\"\\s*:\\s*\"running\"");
  private static final long ASK_MILLIS = 100;

  private final URI uri;
  private final long endNanos;

  private TrainingLoad(int port, long seconds) {
    this.uri = URI.create("http://127.0.0.1:" + port + "/orders/1");
    this.endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  public static void main(String[] args) throws InterruptedException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: TrainingLoad PORT SECONDS [API]");
      System.exit(2);
    }
    // Without it this client lets nobody say "Connection: close".
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "connection");
    TrainingLoad load = new TrainingLoad(Integer.parseInt(args[0]), Long.parseLong(args[1]));
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.execute(() -> load.send(Version.HTTP_1_1, false));
        clients.execute(() -> load.send(Version.HTTP_1_1, true));
      }
      clients.execute(() -> load.send(Version.HTTP_2, false));
    }
    if (args.length == 3) {
      awaitDirectory(URI.create(args[2] + "/v1/directory"));
    }
  }

  private static void awaitDirectory(URI uri) throws InterruptedException {
    HttpRequest get = HttpRequest.newBuilder(uri).timeout(PATIENCE).GET().build();
    long endNanos = System.nanoTime() + DIRECTORY.toNanos();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      while (System.nanoTime() < endNanos) {
        try {
          if (RUNNING.matcher(client.send(get, BodyHandlers.ofString()).body()).find()) {
            return;
          }
        } catch (IOException _) {
          // Asked again.
        }
        TimeUnit.MILLISECONDS.sleep(ASK_MILLIS);
      }
    }
  }

  private void send(Version version, boolean closing) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri).timeout(PATIENCE);
    if (closing) {
      builder.setHeader("Connection", "close");
    }
    HttpRequest get = builder.copy().GET().build();
    HttpRequest post = builder.copy().POST(BodyPublishers.ofByteArray(BODY)).build();
    try (HttpClient client =
        HttpClient.newBuilder().version(version).connectTimeout(PATIENCE).build()) {
      for (int n = 1; System.nanoTime() < endNanos; n++) {
        exchange(client, n % BODY_EVERY == 0 ? post : get);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void exchange(HttpClient client, HttpRequest request) throws InterruptedException {
    try {
      client.send(request, BodyHandlers.discarding());
    } catch (IOException e) {
      Thread.yield();
    }
  }
}
