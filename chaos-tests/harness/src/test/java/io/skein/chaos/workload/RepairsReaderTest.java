package io.skein.chaos.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RepairsReaderTest {
  private static final String COVER =
      """
      {"id":"aa","at":"2026-11-23T08:00:00Z","diagnosis":"silent","action":"cover","subject":"k3",\
      "subjectKind":"node","subjectName":"n3","by":"n2","effect":"","record":"aa"}
      """;

  @Test
  void eachRepairIsGivenOnceWithTheNameOfWhatItIsAbout() throws MalformedHistory {
    Json members =
        Json.parse(
            """
            {"members":[{"name":"n2","state":"alive"},{"name":"n3","state":"dead"},
              {"name":"n1","state":"alive"}]}
            """);
    Json one = Json.parse("{\"actions\":[" + COVER + "]}");
    Json two =
        Json.parse("{\"actions\":[" + COVER.replace("\"aa\"", "\"bb\"") + "," + COVER + "]}");
    String repair =
        "{\"id\":\"aa\",\"at\":\"2026-11-23T08:00:00Z\",\"diagnosis\":\"silent\","
            + "\"action\":\"cover\",\"subject\":\"n3\",\"kind\":\"node\",\"by\":\"n2\"}";
    String alive = "{\"alive\":[\"n1\",\"n2\"],\"repairs\":[";
    Set<String> told = new HashSet<>();
    assertEquals(alive + repair + "]}", RepairsReader.seen(members, one, told).toString());
    assertEquals(alive + "]}", RepairsReader.seen(members, one, told).toString());
    assertEquals(
        alive + repair.replace("\"aa\"", "\"bb\"") + "]}",
        RepairsReader.seen(members, two, told).toString());
  }
}
