package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// TCP through running nodes, their own endpoints and a peer's.
@Tag("net")
@Timeout(60)
final class StreamsIT {
  @TempDir Path folder;

  private static void echo(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual()
            .start(() -> {
              try (socket) {
                socket.getInputStream().transferTo(socket.getOutputStream());
              } catch (IOException _) {
                // The test sees what came of it.
              }
            });
      } catch (IOException _) {
        return;
      }
    }
  }

  private static String said(int port, String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (java.net.SocketException _) {
      // Reset: nobody took it.
      return "";
    }
  }

  @Test
  void aTcpListenerReachesItsServiceHereAndThroughAPeer() throws Exception {
    Path config = folder.resolve("skein.yaml");
    Files.writeString(
        config, "listeners: [{name: db, bind: '127.0.0.1:0', protocol: tcp, service: db}]\n");
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        MeshOfNodes mesh = new MeshOfNodes(folder)) {
      Thread.ofVirtual().start(() -> echo(server));
      Node eu = mesh.start("eu-1", "--config=" + config);
      mesh.put(eu, "/v1/services/db", new JsonObject());
      mesh.put(
          eu,
          "/v1/services/db/endpoints/a",
          new JsonObject().put("url", "tcp://127.0.0.1:" + server.getLocalPort()));
      int here = Objects.requireNonNull(eu.bound().listeners().get("db")).port();
      mesh.await("it is reached", () -> said(here, "hello").equals("hello"));

      Node us =
          mesh.start(
              "us-1",
              "--config=" + config,
              "--seed=" + eu.bound().mesh(),
              "--token=" + mesh.invite(eu, 1, Duration.ofMinutes(5)));
      int there = Objects.requireNonNull(us.bound().listeners().get("db")).port();
      mesh.await("it is reached through the peer", () -> said(there, "hello").equals("hello"));

      long before = received(mesh.scrape(us));
      assertEquals("hello", said(there, "hello"));
      mesh.await("its bytes are counted", () -> received(mesh.scrape(us)) == before + 5);
    }
  }

  private static long received(String metrics) {
    String name = "skein_relay_received_bytes_total{kind=\"tcp\",service=\"db\"} ";
    return metrics
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length())))
        .sum();
  }
}
