package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// WebSockets within HTTP/2 (RFC 8441), by the client of Node.js.
@Tag("net")
@Timeout(60)
class Http2WebSocketIT {
  private static final String BEGIN =
      """
      const http2 = require('http2');
      const client = http2.connect('http://127.0.0.1:' + process.argv[2]);
      client.on('error', e => { console.log('session ' + e.message); process.exit(0); });
      client.on('remoteSettings', s => {
        console.log('offered ' + s.enableConnectProtocol);
        const socket = client.request({':method': 'CONNECT', ':protocol': process.argv[3] || 'websocket',
          ':path': '/chat', ':scheme': 'http', ':authority': 'shop',
          'sec-websocket-version': '13', 'sec-websocket-protocol': 'chat'},
          {endStream: false});
        socket.on('error', e => console.log('error ' + e.message));
        socket.on('close', () => { console.log('closed ' + socket.rstCode); client.close(); });
        socket.on('response', h => {
          console.log('status ' + h[':status'] + ' ' + (h['sec-websocket-protocol'] || '-')
            + ' ' + (h['sec-websocket-accept'] || '-') + ' ' + (h.upgrade || '-'));
      """;
  private static final String END = "  });\n});\n";

  @TempDir Path directory;

  /// An endpoint that shakes hands and gives back what it gets, to the end.
  private static Endpoint echo() throws IOException {
    return new Endpoint((head, c) -> {
      c.send(accept(head, "chat"));
      byte[] part = new byte[1 << 16];
      for (int n; (n = c.in().read(part)) > 0; ) {
        c.out().write(part, 0, n);
      }
      c.socket().close();
    });
  }

  private static String accept(String head, String protocol) {
    String key = new Client.Answer(0, head, "").field("sec-websocket-key");
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Accept: "
          + Base64.getEncoder().encodeToString(hash)
          + "\r\nSec-WebSocket-Protocol: "
          + protocol
          + "\r\n\r\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void bytesPassBothWaysToTheirEnd() throws Exception {
    try (Endpoint endpoint = echo();
        Rig rig = Rig.before(endpoint)) {
      // More than all windows and buffers on the way, read slowly at first.
      String said =
          node(
              rig,
              """
                  let count = 0, sum = 0, wanted = 24 << 20;
                  const block = Buffer.alloc(1 << 16, 7);
                  let sent = 0;
                  const send = () => {
                    while (sent < wanted) { sent += block.length; if (!socket.write(block)) { socket.once('drain', send); return; } }
                    socket.end();
                  };
                  send();
                  setTimeout(() => socket.on('data', d => { count += d.length; sum += d[0] === 7 ? 0 : 1; }), 300);
                  socket.on('end', () => console.log('end ' + count + ' ' + sum));
              """);
      assertEquals("offered true\nstatus 200 chat - -\nend 25165824 0\nclosed 0\n", said);
      String head = endpoint.heads.getFirst();
      Client.Answer seen = new Client.Answer(0, head, "");
      assertTrue(head.startsWith("GET /chat HTTP/1.1\r\n"), head);
      assertEquals("shop", seen.field("host"));
      assertEquals("websocket", seen.field("upgrade"));
      assertEquals("13", seen.field("sec-websocket-version"));
      assertEquals(16, Base64.getDecoder().decode(seen.field("sec-websocket-key")).length);
      Rig.until(
          "the connection is gone",
          () ->
              rig.proxy.metrics().openUpstreamConnections() == 0
                  && rig.candidates.getFirst().load().inFlight() == 0);
    }
  }

  @Test
  void aResetIsPassedOnAsAReset() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              c.send(accept(head, "chat") + "x");
              String _ = c.read(1);
              c.reset();
            });
        Rig rig = Rig.before(endpoint)) {
      String said = node(rig, "    socket.on('data', d => socket.write('y'));\n");
      // CANCEL
      assertTrue(said.endsWith("closed 8\n"), said);
    }
    CountDownLatch gone = new CountDownLatch(1);
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              c.send(accept(head, "chat"));
              try {
                int _ = c.in().read();
              } catch (IOException e) {
                gone.countDown();
              }
              c.socket().close();
            });
        Rig rig = Rig.before(endpoint)) {
      String _ = node(rig, "    process.exit(0);\n");
      assertTrue(gone.await(20, TimeUnit.SECONDS), "no reset at the endpoint");
    }
  }

  @Test
  void whoDoesNotSpeakWebSocketIsNotTakenForOneWhoDoes() throws Exception {
    for (String answer :
        new String[] {
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        }) {
      try (Endpoint endpoint = new Endpoint((_, c) -> c.send(answer));
          Rig rig = Rig.before(endpoint)) {
        String said = node(rig, "    socket.resume();\n");
        assertTrue(said.startsWith("offered true\nstatus 502 "), said);
      }
    }
    try (Endpoint endpoint =
            new Endpoint(
                (_, c) -> c.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
        Rig rig = Rig.before(endpoint)) {
      String said = node(rig, "    socket.on('data', d => console.log('body ' + d));\n");
      assertTrue(said.startsWith("offered true\nstatus 403 - - -\nbody no\n"), said);
    }
  }

  @Test
  void otherProtocolsAreRefused() throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint)) {
      String said = node(rig, "    socket.resume();\n", "connect-udp");
      assertTrue(said.startsWith("offered true\nstatus 501 "), said);
      assertEquals(0, endpoint.heads.size());
    }
  }

  @Test
  void aDrainSaysGoingAway() throws Exception {
    CountDownLatch up = new CountDownLatch(1);
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              c.send(accept(head, "chat"));
              up.countDown();
              byte[] part = new byte[64];
              while (c.in().read(part) > 0) {
                // The client's close frame.
              }
              c.socket().close();
            });
        Rig rig = Rig.before(endpoint)) {
      Thread drain =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  assertTrue(up.await(20, TimeUnit.SECONDS));
                  Rig.await(rig.proxy.drain(Duration.ofSeconds(15)));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      String said =
          node(
              rig,
              "    socket.on('data', d => { console.log('got ' + d.toString('hex')); socket.end(d); });\n"
                  + "    socket.on('end', () => console.log('end'));\n");
      assertTrue(said.contains("got 880203e9\nend\nclosed 0\n"), said);
      drain.join();
    }
  }

  private String node(Rig rig, String body, String... more) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/node")), "node is not installed");
    Path script = directory.resolve("client.js");
    Files.writeString(script, BEGIN + body + END);
    java.util.List<String> command =
        new java.util.ArrayList<>(
            java.util.List.of("/usr/bin/node", script.toString(), Integer.toString(rig.port)));
    command.addAll(java.util.List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
