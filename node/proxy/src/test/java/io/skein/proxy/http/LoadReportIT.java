package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.skein.routing.candidate.LoadReport;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class LoadReportIT {
  @Test
  void whatAnEndpointSaysOfItsLoadIsKeptAndNotPassedOn() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) ->
                c.send(
                    "HTTP/1.1 200 OK\r\nEndpoint-Load-Metrics: TEXT cpu=0.75\r\n"
                        + "Content-Length: 2\r\nX-Other: stays\r\n\r\nok"));
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      Client.Answer answer = client.get("/");
      assertEquals("ok", answer.body());
      assertEquals("stays", answer.field("x-other"));
      assertFalse(answer.head().toLowerCase(Locale.ROOT).contains("endpoint-load-metrics"));
      assertEquals(0.75, rig.candidates.getFirst().load().utilisation(System.nanoTime()));
    }
  }

  @Test
  void trailersSayItToo() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) ->
                c.send(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"
                        + "Endpoint-Load-Metrics-Json: {\"application_utilization\": 0.5}\r\n\r\n"));
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      assertEquals("ok", client.get("/").body());
      Rig.until(
          "it is known",
          () ->
              rig.candidates
                  .getFirst()
                  .load()
                  .report(System.nanoTime())
                  .map(LoadReport::application)
                  .equals(java.util.Optional.of(0.5)));
    }
  }

  @Test
  void nonsenseChangesNothing() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) ->
                c.send(
                    "HTTP/1.1 200 OK\r\nEndpoint-Load-Metrics: JSON {\r\n"
                        + "endpoint-load-metrics-bin: ****\r\nContent-Length: 2\r\n\r\nok"));
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      assertEquals("ok", client.get("/").body());
      assertEquals(0, rig.candidates.getFirst().load().utilisation(System.nanoTime()));
    }
  }
}
