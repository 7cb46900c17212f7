package io.skein.app.mesh;

import io.skein.gossip.membership.MemberChange;
import io.skein.ledger.key.NodeId;
import java.util.Locale;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells people of members that come, go or fall silent. On the mesh thread.
final class MemberLog {
  private static final Logger LOG = LoggerFactory.getLogger(MemberLog.class);

  private final Function<NodeId, String> names;
  private final EventLog events;

  MemberLog(Function<NodeId, String> names, EventLog events) {
    this.names = names;
    this.events = events;
  }

  void tell(MemberChange change) {
    String name = names.apply(Peers.nodeId(change.member().peer()));
    String state = change.member().state().name().toLowerCase(Locale.ROOT);
    String level =
        switch (change.member().state()) {
          case ALIVE, LEFT -> "info";
          case SUSPECT -> "warning";
          case DEAD -> "error";
        };
    events.add("member", level, name, "is " + state);
    LOG.atInfo().addKeyValue("peer", name).log("peer is {}", state);
  }
}
