package io.skein.chaos.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StrengthsReaderTest {
  private static Optional<String> seen(String headsRoot) throws MalformedHistory {
    Json answer =
        Json.parse(
            "{\"headsRoot\":"
                + headsRoot
                + ",\"at\":\"1970-01-01T00:02:00Z\",\"effects\":3,\"strengths\":[7],"
                + "\"asSeenBy\":\"n1\"}");
    return StrengthsReader.seen(answer).map(Json::toString);
  }

  @Test
  void whatIsComparedHasHeadsAndMinute() throws MalformedHistory {
    assertEquals(
        Optional.of("{\"heads\":\"aa\",\"minute\":2,\"effects\":3,\"strengths\":[7]}"),
        seen("\"aa\""));
  }

  @Test
  void nothingIsComparedWhileRecordsAreTakenInOrWhereTheNodeHasNoSuchPath()
      throws MalformedHistory {
    assertEquals(Optional.empty(), seen("null"));
    assertEquals(Optional.empty(), StrengthsReader.seen(Json.NOTHING));
  }
}
