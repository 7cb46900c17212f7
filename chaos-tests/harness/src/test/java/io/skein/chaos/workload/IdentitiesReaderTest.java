package io.skein.chaos.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import org.junit.jupiter.api.Test;

class IdentitiesReaderTest {
  @Test
  void identitiesAreToldByTheirIdAndInvitesByTheirUses() throws MalformedHistory {
    Json members =
        Json.parse(
            """
            {"members":[
              {"name":"n2","id":"bb","state":"alive"},
              {"name":"n2","id":"cc","state":"revoked"},
              {"name":"n1","id":"aa","state":"alive"}]}
            """);
    Json invites =
        Json.parse(
            """
            {"invites":[
              {"inviteKey":"ff","uses":8,"used":2,"state":"expired"},
              {"inviteKey":"ee","uses":1,"used":0,"state":"open"}]}
            """);
    assertEquals(
        "{\"alive\":[\"aa\",\"bb\"],\"invites\":{\"ee\":\"0 of 1\",\"ff\":\"2 of 8\"}}",
        IdentitiesReader.seen(members, invites).toString());
  }
}
