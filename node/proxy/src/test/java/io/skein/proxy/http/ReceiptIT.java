package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.DeadEnd;
import io.skein.proxy.receipt.ReceiptRings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class ReceiptIT {
  private final List<Taken> taken = new CopyOnWriteArrayList<>();

  private record Taken(
      String id,
      String service,
      String endpoint,
      String peer,
      int method,
      int outcome,
      int status,
      int tries,
      long bytesIn,
      long bytesOut) {}

  private void take(Rig rig) {
    rig.receipts.drain(
        (high,
            low,
            begun,
            latency,
            service,
            endpoint,
            peer,
            method,
            outcome,
            status,
            tries,
            in,
            out) -> {
          assertTrue(latency > 0 && latency < Duration.ofMinutes(1).toNanos());
          assertTrue(begun + latency - System.nanoTime() <= 0);
          taken.add(
              new Taken(
                  ReceiptRings.text(high, low),
                  service,
                  endpoint,
                  peer,
                  method,
                  outcome,
                  status,
                  tries,
                  in,
                  out));
        });
  }

  private Taken next(Rig rig) {
    Rig.until(
        "a receipt",
        () -> {
          take(rig);
          return !taken.isEmpty();
        });
    assertEquals(1, taken.size());
    return taken.removeFirst();
  }

  @Test
  void tellsOfSuccessFailureAndRetry() throws Exception {
    try (DeadEnd dead = new DeadEnd();
        Endpoint sound = Endpoint.named("fine");
        Rig rig = new Rig().namingReceipts();
        Client client = rig.client()) {
      // Nobody's: no receipt.
      Client.Answer none = client.get("/");
      none.assertProblem(404, "no_service");
      assertEquals("", none.field("skein-receipt"));

      rig.serve(Rig.PATIENT, Rig.FREE, Rig.targets(sound));
      Client.Answer answer = client.get("/");
      assertEquals(
          new Taken(answer.field("skein-receipt"), "shop", "e0", "", 0, 3000, 200, 1, 0, 4),
          next(rig));

      rig.serve(Rig.PATIENT, Rig.FREE);
      Client.Answer nobody = client.get("/");
      assertEquals(503, nobody.status());
      Taken refused = next(rig);
      assertEquals(nobody.field("skein-receipt"), refused.id());
      assertEquals(new Taken(refused.id(), "shop", "", "", 0, 3030, 503, 0, 0, 0), refused);

      rig.serve(Rig.PATIENT, Rig.FREE, dead.target());
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
      Client.Answer failed = client.answer();
      failed.assertProblem(502, "connect_failed");
      assertEquals(
          new Taken(failed.field("skein-receipt"), "shop", "e0", "", 2, 3020, 502, 1, 3, 0),
          next(rig));

      rig.serve(Rig.PATIENT, Rig.FREE, dead.target(), Rig.targets(sound)[0]);
      Client.Answer retried =
          client.send("DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").answer();
      assertEquals("fine", retried.body());
      assertEquals(
          new Taken(retried.field("skein-receipt"), "shop", "e1", "", 1, 3000, 200, 2, 0, 4),
          next(rig));
      assertEquals(0, rig.receipts.lost());
    }
  }

  @Test
  void noEndpointAndNoClientCanNameAReceipt() throws Exception {
    Endpoint.Behaviour forger =
        (_, c) -> c.send("HTTP/1.1 200 OK\r\nSkein-Receipt: mine\r\nContent-Length: 0\r\n\r\n");
    try (Endpoint endpoint = new Endpoint(forger);
        Rig rig = Rig.before(endpoint).namingReceipts();
        Client client = rig.client()) {
      Client.Answer answer =
          client.send("GET / HTTP/1.1\r\nHost: a\r\nSkein-Receipt: hers\r\n\r\n").answer();
      assertEquals(26, answer.field("skein-receipt").length());
      assertTrue(endpoint.heads.stream().noneMatch(head -> head.contains("hers")));
      assertEquals(answer.field("skein-receipt"), next(rig).id());
    }
  }
}
