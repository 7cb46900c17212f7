package io.skein.app.mesh;

import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.Transport;
import io.skein.ledger.key.NodeId;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands every message of a peer to whom it is for; one that is none is dropped, counted, and told
/// of once. Confined to the mesh thread.
final class Intake implements Transport.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final int MAX_TOLD = 1_024;

  private final Exclusion exclusion;
  private final Peers peers;
  private final Contacts contacts;
  private final WindowTurns windows;
  private final Farewell farewell;
  private final Records records;
  private final Acknowledgements acknowledgements;
  private final Consumer<NodeId> greeted;
  private final Function<NodeId, String> names;
  private final EventLog events;
  private final LongSupplier nanoClock;
  private final Set<PeerId> toldMalformed = new HashSet<>();
  private long malformed;

  Intake(
      Exclusion exclusion,
      Peers peers,
      Contacts contacts,
      WindowTurns windows,
      Farewell farewell,
      Records records,
      Acknowledgements acknowledgements,
      Consumer<NodeId> greeted,
      Function<NodeId, String> names,
      EventLog events,
      LongSupplier nanoClock) {
    this.exclusion = exclusion;
    this.peers = peers;
    this.contacts = contacts;
    this.windows = windows;
    this.farewell = farewell;
    this.records = records;
    this.acknowledgements = acknowledgements;
    this.greeted = greeted;
    this.names = names;
    this.events = events;
    this.nanoClock = nanoClock;
  }

  @Override
  public void view(SortedSet<PeerId> reachable) {
    exclusion.viewed(reachable);
  }

  @Override
  public void message(PeerId from, int channel, byte[] payload) {
    NodeId sender = Peers.nodeId(from);
    if (exclusion.shuns(sender)) {
      return;
    }
    long now = nanoClock.getAsLong();
    peers.sighted(from, now);
    switch (channel) {
      case Channels.STATE -> {
        if (!peers.receive(from, payload, now)) {
          malformed(from, "state exchange");
        }
      }
      case Channels.CONTACT -> {
        if (payload.length != Contacts.MESSAGE_BYTES) {
          malformed(from, "contact");
        } else {
          contacts.receive(sender, payload, windows.current());
        }
      }
      case Channels.GOODBYE -> {
        if (farewell.receive(from, payload)) {
          peers.leaving(from, now);
        }
      }
      case Channels.GREETING -> greeted.accept(sender);
      case Channels.RECORDS -> {
        records.receive(sender, payload);
        acknowledgements.mayHaveChanged();
      }
      default -> LOG.debug("a message on unknown channel {} from {}", channel, from);
    }
  }

  // Once per peer: a peer that floods cannot fill the log.
  private void malformed(PeerId from, String what) {
    malformed++;
    if (toldMalformed.size() < MAX_TOLD && toldMalformed.add(from)) {
      String name = names.apply(Peers.nodeId(from));
      LOG.atWarn().addKeyValue("peer", name).log("malformed {} message dropped", what);
      events.add("ledger", "warning", name, "sent a malformed " + what + " message");
    }
  }

  /// How many messages were none.
  long malformed() {
    return malformed;
  }
}
