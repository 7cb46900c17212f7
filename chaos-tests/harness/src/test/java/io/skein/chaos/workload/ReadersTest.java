package io.skein.chaos.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.skein.chaos.driver.HostPort;
import io.skein.chaos.driver.Target;
import io.skein.chaos.history.Event;
import io.skein.chaos.history.Recorder;
import io.skein.chaos.history.Vocabulary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Those who read the API, at a node whose answers are none.
class ReadersTest {
  private final Recorder recorder = new Recorder(() -> 0);
  private HttpServer api;
  private Session session;
  private volatile String answer = "";
  private volatile int status = 200;

  @BeforeEach
  void serve() throws IOException {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    api.createContext(
        "/",
        exchange -> {
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    api.start();
    HostPort at = new HostPort("127.0.0.1", api.getAddress().getPort());
    session = new Session(recorder, 1, new Target("n1", at, at));
  }

  @AfterEach
  void stop() {
    api.stop(0);
  }

  private List<Client> readers() {
    return List.of(
        new Reader(session, "r"),
        new FeedReader(session, 1),
        new AccusedReader(session),
        new RootsReader(session),
        new MembersReader(session),
        new OwnersReader(session),
        new ShadowsReader(session),
        new StrengthsReader(session),
        new IdentitiesReader(session),
        new RepairsReader(session));
  }

  private List<Event> steps(Client reader) throws InterruptedException {
    int before = recorder.events().size();
    reader.step();
    return recorder.events().subList(before, recorder.events().size());
  }

  private static boolean amiss(Event event) {
    return event.kind() == Event.Kind.INFO
        && event.node().equals("n1")
        && event.function().equals(Vocabulary.AMISS);
  }

  @Test
  void anAnswerThatIsNoneIsAmissAndNothingWasRead() throws InterruptedException {
    for (String none : List.of("", "<html>", "{\"error\":1}", "[]")) {
      answer = none;
      for (Client reader : readers()) {
        List<Event> events = steps(reader);
        String of = reader.getClass().getSimpleName() + " of " + none + ": " + events;
        assertTrue(events.stream().anyMatch(ReadersTest::amiss), of);
        assertTrue(events.stream().noneMatch(event -> event.kind() == Event.Kind.OK), of);
      }
    }
  }

  @Test
  void aRefusalIsAFailureAndNothingElse() throws InterruptedException {
    status = 503;
    for (Client reader : readers()) {
      List<Event> events = steps(reader);
      String of = reader.getClass().getSimpleName() + ": " + events;
      assertTrue(events.stream().noneMatch(ReadersTest::amiss), of);
      if (!events.isEmpty()) {
        assertEquals(Event.Kind.FAIL, events.getLast().kind(), of);
      }
    }
  }
}
