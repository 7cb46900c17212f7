package io.skein.chaos.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import org.junit.jupiter.api.Test;

class ShadowsReaderTest {
  @Test
  void theWordOfWhoIsGoneIsLeftOut() throws MalformedHistory {
    Json answer =
        Json.parse(
            """
            {"assignments":[
              {"node":"n1","state":"alive","shadows":[{"node":"n2"},{"node":"n3"}]},
              {"node":"n2","state":"suspect","shadows":[]},
              {"node":"n3","state":"alive","shadows":[{"node":"n1"}]},
              {"node":"n3","state":"dead","shadows":[{"node":"n2"}]}],
             "asSeenBy":"n1"}
            """);
    assertEquals(
        "{\"n1\":[\"n2\",\"n3\"],\"n2\":[],\"n3\":[\"n1\"]}",
        ShadowsReader.shadows(answer).toString());
  }
}
