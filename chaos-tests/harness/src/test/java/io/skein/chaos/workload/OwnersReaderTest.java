package io.skein.chaos.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import org.junit.jupiter.api.Test;

class OwnersReaderTest {
  @Test
  void whatIsOwnedIsCalledByKindAndNameAndNobodyIsNothing() throws MalformedHistory {
    Json answer =
        Json.parse(
            """
            {"owners":[
              {"subject":"s/n1","subjectKind":"endpoint","subjectName":"s/n1","owner":"n2"},
              {"subject":"aaaa","subjectKind":"node","subjectName":"n3","owner":null}],
             "asSeenBy":"n1"}
            """);
    assertEquals(
        "{\"endpoint s/n1\":\"n2\",\"node n3\":null}", OwnersReader.owners(answer).toString());
  }
}
