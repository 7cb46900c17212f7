package io.skein.app;

import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// Measures inclusion proofs by the API of a node whose feed is long. The node runs in a process of
/// its own, as its launcher starts it; the client is this process: one connection, one request
/// after the other. Arguments: a directory to work in, which keeps the feed for the next time, how
/// many records, the launcher `skein`, and of how many requests a round consists (2,000 if not
/// given); it runs five after 10,000 requests that warm up.
final class ProofFigures {
  private static final int ROUNDS = 5;
  private static final int WARM = 10_000;
  private static final String DATA = "eu-1";
  private static final String READY = "ready";

  private ProofFigures() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    int records = Integer.parseInt(arguments[1]);
    int measured = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 2_000;
    Path some = folder.resolve("hashes-of-" + records);
    if (!Files.exists(some)) {
      // The first start founds the mesh.
      stop(start(arguments[2], folder));
      Files.write(some, LongFeed.write(folder.resolve(DATA), records, 0));
    }
    List<String> hashes = Files.readAllLines(some);
    Process node = start(arguments[2], folder);
    Path ready = folder.resolve(READY);
    try {
      URI api = URI.create(new JsonObject(Files.readString(ready)).getString("api"));
      try (Client client = new Client(api)) {
        while (client.get(hashes.getLast()).status() != 200) {
          // Until the node has read all and written a checkpoint.
          if (node.waitFor(500, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("the node has ended with " + node.exitValue());
          }
        }
        Answer first = client.get(hashes.getFirst());
        JsonObject proof = new JsonObject(first.body());
        out.printf(
            "inclusion proof among %,d records by the API: %d hashes, %d bytes%n",
            proof.getLong("size"), proof.getJsonArray("hashes").size(), first.body().length());
        SplittableRandom random = new SplittableRandom(2);
        round(client, hashes, random, new long[WARM]);
        for (int round = 1; round <= ROUNDS; round++) {
          long cpu = cpuMillis(node);
          long[] nanos = new long[measured];
          round(client, hashes, random, nanos);
          cpu = cpuMillis(node) - cpu;
          Arrays.sort(nanos);
          out.printf(
              "round %d: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms (%d requests, one after"
                  + " the other), %.2f ms of the node's processor time each%n",
              round,
              nanos[measured / 2] / 1e6,
              nanos[measured * 99 / 100] / 1e6,
              nanos[(int) (measured * 999L / 1000)] / 1e6,
              nanos[measured - 1] / 1e6,
              measured,
              (double) cpu / measured);
        }
      }
    } finally {
      stop(node);
    }
  }

  private static void round(
      Client client, List<String> hashes, SplittableRandom random, long[] nanos)
      throws IOException {
    for (int i = 0; i < nanos.length; i++) {
      String hash = hashes.get(random.nextInt(hashes.size()));
      long before = System.nanoTime();
      Answer answer = client.get(hash);
      nanos[i] = System.nanoTime() - before;
      if (answer.status() != 200) {
        throw new IllegalStateException(answer.body());
      }
    }
  }

  private static Process start(String skein, Path folder) throws Exception {
    Path ready = folder.resolve(READY);
    Files.deleteIfExists(ready);
    Path log = folder.resolve("log");
    Process node =
        new ProcessBuilder(
                skein,
                "up",
                "--name=eu-1",
                "--data=" + folder.resolve(DATA),
                "--mesh=127.0.0.1:0",
                "--forward=127.0.0.1:0",
                "--api=127.0.0.1:0",
                "--listen=web=127.0.0.1:0",
                "--ready-file=" + ready)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(log.toFile()))
            .start();
    while (!Files.exists(ready)) {
      if (node.waitFor(100, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(Files.readString(log));
      }
    }
    return node;
  }

  private static void stop(Process node) throws InterruptedException {
    node.destroy();
    node.waitFor();
  }

  private static long cpuMillis(Process process) {
    return process.info().totalCpuDuration().orElseThrow().toMillis();
  }

  private record Answer(int status, String body) {}

  /// One kept-alive connection.
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String authority;

    Client(URI api) throws IOException {
      socket = new Socket(api.getHost(), api.getPort());
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 16_384);
      out = socket.getOutputStream();
      authority = api.getAuthority();
    }

    Answer get(String hash) throws IOException {
      String request =
          "GET /v1/ledger/proofs/inclusion?hash=%s HTTP/1.1\r\nHost: %s\r\n\r\n"
              .formatted(hash, authority);
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      int status = Integer.parseInt(line().substring(9, 12));
      int length = 0;
      for (String header = line(); !header.isEmpty(); header = line()) {
        if (header.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(header.substring(15).strip());
        }
      }
      return new Answer(status, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("the node closed the connection");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
