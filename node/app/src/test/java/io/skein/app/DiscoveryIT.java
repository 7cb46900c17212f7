package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.proxy.discovery.Found;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Endpoints that a node finds in DNS take requests like others, and are no records.
@Tag("net")
@Timeout(120)
final class DiscoveryIT {
  private static final int QUESTION = 12;

  @TempDir Path folder;

  /// The last bytes of the loopback addresses that the name has.
  private volatile byte[] addresses = {1};

  @Test
  void endpointsComeAndGoWithTheRecordsOfAName() throws Exception {
    HttpServer endpoint = endpoint();
    int port = endpoint.getAddress().getPort();
    try (DatagramSocket server =
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        MeshOfNodes mesh = new MeshOfNodes(folder)) {
      Thread.ofPlatform().daemon().name("name-server").start(() -> serve(server));
      Node one = mesh.start("eu-1");
      Node two = mesh.join("us-1", one, mesh.invite(one, 1, Duration.ofHours(1)));
      mesh.put(
          one,
          "/v1/services/web",
          new JsonObject()
              .put("policy", "round-robin")
              .put("path", "/")
              .put("health", new JsonObject().put("kind", "tcp").put("interval", "100ms"))
              .put(
                  "discovery",
                  new JsonObject()
                      .put("name", "web.test")
                      .put("port", port)
                      .put("min-ttl", "1s")
                      .put("servers", new JsonArray().add("127.0.0.1:" + server.getLocalPort()))));
      String id = "dns-127-0-0-1-" + port;
      mesh.await(
          "both found it",
          () ->
              mesh.endpointState(one, "web", id).equals("healthy")
                  && mesh.endpointState(two, "web", id).equals("healthy"));
      mesh.await("it answers", () -> mesh.request(one, "/").statusCode() == 200);
      mesh.await("there too", () -> mesh.request(two, "/").statusCode() == 200);
      assertEquals(
          0,
          mesh.get(one, "/v1/ledger/search?type=service&subject=web/" + id)
              .orElseThrow()
              .getJsonArray("records")
              .size());
      addresses = new byte[] {2};
      mesh.await("it is another", () -> mesh.endpointState(one, "web", id).isEmpty());
      mesh.await(
          "which answers too",
          () ->
              mesh.endpointState(one, "web", "dns-127-0-0-2-" + port).equals("healthy")
                  && mesh.request(one, "/").statusCode() == 200);
    } finally {
      endpoint.stop(0);
    }
  }

  @Test
  void idsFollowFromAddressAndPort() {
    assertEquals(
        new PutEndpoint(
            "web", "web/dns-10-0-0-1-80", "https://10.0.0.1:80", Optional.empty(), "eu", 7),
        Discoveries.endpoint("web", "https", new Found("10.0.0.1", 80, 7), "eu"));
    assertEquals(
        new PutEndpoint(
            "web",
            "web/dns-fd000000000000000000000000000007-80",
            "http://[fd00:0:0:0:0:0:0:7]:80",
            Optional.empty(),
            "eu",
            1),
        Discoveries.endpoint("web", "http", new Found("fd00:0:0:0:0:0:0:7", 80, 1), "eu"));
  }

  private void serve(DatagramSocket server) {
    byte[] buffer = new byte[1_500];
    while (!server.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        server.receive(packet);
        byte[] answer = answer(buffer);
        server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException _) {
        // Closed, or a packet that was none.
      }
    }
  }

  /// The addresses as A records with a time to live of 0; nothing of other types.
  private byte[] answer(byte[] query) throws IOException {
    int end = QUESTION;
    while (query[end] != 0) {
      end += query[end] + 1;
    }
    byte[] known = addresses;
    int found = query[end + 2] == 1 ? known.length : 0;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(query, 0, 2);
    out.writeShort(0x8180);
    out.writeShort(1);
    out.writeShort(found);
    out.writeInt(0);
    out.write(query, QUESTION, end + 5 - QUESTION);
    for (int i = 0; i < found; i++) {
      out.write(new byte[] {(byte) 0xc0, QUESTION, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0});
      out.writeByte(known[i]);
    }
    return bytes.toByteArray();
  }

  private static HttpServer endpoint() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "found".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }
}
