package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.app.routes.Reach;
import io.skein.app.traffic.TrafficHistory;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.EndpointLoad;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who is blamed for what a peer answers.
class EndpointWatchTest {
  private static final NodeId SELF = new NodeId(1, 1);
  private static final NodeId OWNER = new NodeId(2, 2);
  private static final NodeId NEIGHBOUR = new NodeId(3, 3);
  private static final NodeId FAR = new NodeId(4, 4);

  private final TrafficHistory endpoints = new TrafficHistory();
  private final TrafficHistory peers = new TrafficHistory();
  private final EndpointWatch watch = new EndpointWatch(endpoints, peers, () -> {});

  @BeforeEach
  void know() {
    know(new Reach(SELF, Map.of(SELF, "us", OWNER, "eu", NEIGHBOUR, "eu", FAR, "ap"), Map.of()));
  }

  private void know(Reach reach) {
    watch.catalogue(
        List.of(
            entry(
                "web",
                new PutEndpoint("web", "web/own", "http://a:80", Optional.of(OWNER), "eu", 1),
                new PutEndpoint("web", "web/shared", "http://b:80", Optional.empty(), "eu", 1)),
            entry(
                "shop",
                new PutEndpoint("shop", "shop/own", "http://c:80", Optional.of(OWNER), "eu", 1))),
        reach);
  }

  private static Catalogue.Entry entry(String service, PutEndpoint... endpoints) {
    return new Catalogue.Entry(
        new PutService(service, "http", "skein", List.of(), "/", "", 2_000, 1_000, 500, ""),
        List.of(endpoints));
  }

  private void fails(NodeId through, String named) {
    Candidate peer =
        new Candidate(
            through.toString(), Candidate.Kind.PEER, 1, true, 1 << 29, 0, new EndpointLoad());
    watch.completed("web", peer, named, OutcomeKind.SERVER_ERROR, 503, 1_000_000, 0);
  }

  private long blamed(NodeId peer) {
    return bad(peers, peer.toString());
  }

  private long blamed(String endpoint) {
    return bad(endpoints, endpoint);
  }

  private static long bad(TrafficHistory history, String subject) {
    history.second(1);
    return history.points(subject, 1_000).stream().mapToLong(TrafficHistory.Point::bad).sum();
  }

  @Test
  void theEndpointThatAnsweredIsBlamed() {
    fails(OWNER, "web/own");
    fails(NEIGHBOUR, "web/shared");
    assertEquals(1, blamed("web/own"));
    assertEquals(1, blamed("web/shared"));
    assertEquals(0, blamed(OWNER));
    assertEquals(0, blamed(NEIGHBOUR));
  }

  @Test
  void aPeerCannotShiftItsBlameToWhatItDoesNotReach() {
    fails(NEIGHBOUR, "web/own");
    fails(FAR, "web/shared");
    fails(OWNER, "shop/own");
    fails(OWNER, "web/none");
    fails(OWNER, "");
    for (String endpoint : Set.of("web/own", "web/shared", "shop/own")) {
      assertEquals(0, blamed(endpoint), endpoint);
    }
    assertEquals(1, blamed(NEIGHBOUR));
    assertEquals(1, blamed(FAR));
    assertEquals(3, blamed(OWNER));
  }

  @Test
  void whoCoversALostRegionReachesItsEndpoints() {
    know(new Reach(SELF, Map.of(SELF, "us", FAR, "ap"), Map.of("eu", Set.of(FAR))));
    fails(FAR, "web/shared");
    assertEquals(1, blamed("web/shared"));
    assertEquals(0, blamed(FAR));
  }
}
