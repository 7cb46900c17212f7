package io.skein.app.mesh;

import io.skein.api.view.LinkView;
import io.skein.api.view.MemberView;
import io.skein.app.rumor.Roots;
import io.skein.app.rumor.Who;
import io.skein.app.traffic.TrafficHistory;
import io.skein.app.traffic.TrafficHistory.Stretch;
import io.skein.ledger.admission.Member;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.snapshot.Score;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Members and the ways between them, for the API. On the mesh thread.
final class MemberViews {
  private static final int RECENT = TrafficHistory.RECENT_SECONDS;

  private final MeshCore core;

  MemberViews(MeshCore core) {
    this.core = core;
  }

  List<MemberView> members() {
    long now = System.nanoTime();
    Derived.Scored scored = core.derived().scored();
    List<MemberView> members = new ArrayList<>();
    members.add(
        new MemberView(
            core.who().name(),
            core.self().toString(),
            core.who().region(),
            core.who().zone(),
            core.who().draining() ? "draining" : "alive",
            true,
            core.who().meshAddress(),
            OptionalDouble.empty(),
            0,
            OptionalDouble.of(core.routing().announcer().utilisation()),
            OptionalDouble.empty(),
            peerScore(core.self()),
            "in sync",
            scored.headsRoot().toString(),
            scored.scores().repRoot().toString()));
    RosterSnapshot roster = core.records().ledger().roster().snapshot();
    for (Peers.Peer peer : core.peers().all()) {
      Optional<Member> member = roster.member(peer.id());
      if (!peer.present() && member.flatMap(Member::rotation).isPresent()) {
        // It lives on under another identity.
        continue;
      }
      boolean revoked = roster.revocation(peer.id()).isPresent();
      Optional<Who> who = peer.who();
      Optional<Roots> roots = core.peers().roots(peer.id());
      boolean draining = peer.alive() && who.map(Who::draining).orElse(false);
      members.add(
          new MemberView(
              core.nameOf(peer.id()),
              peer.id().toString(),
              who.map(Who::region).orElse(""),
              who.map(Who::zone).orElse(""),
              revoked
                  ? "revoked"
                  : draining ? "draining" : peer.member().state().name().toLowerCase(Locale.ROOT),
              false,
              who.map(Who::meshAddress).orElse(""),
              millis(core.peers().measuredRttNanos(peer.id())),
              Math.max(0, now - peer.member().lastSeenNanos()) / 1e9,
              core.peers()
                  .load(peer.id())
                  .map(load -> OptionalDouble.of(load.utilisationMicros() / 1e6))
                  .orElse(OptionalDouble.empty()),
              OptionalDouble.empty(),
              peerScore(peer.id()),
              roots.map(this::inSync).orElse("unknown"),
              roots.map(r -> r.headsRoot().toString()).orElse(""),
              roots.map(r -> r.repRoot().toString()).orElse("")));
    }
    members.sort(Comparator.comparing(MemberView::name));
    return members;
  }

  private String inSync(Roots roots) {
    Ledger ledger = core.records().ledger();
    if (roots.headsRoot().equals(ledger.headsRoot())) {
      return "in sync";
    }
    long difference = ledger.recordCount() - roots.records();
    if (difference == 0) {
      return "differs";
    }
    return Math.abs(difference) + (difference > 0 ? " behind" : " ahead");
  }

  private OptionalDouble peerScore(NodeId node) {
    return OptionalDouble.of(
        core.derived().scored().scores().of(new PeerSubject(node)).q30() / (double) Score.ONE_Q30);
  }

  private static OptionalDouble millis(OptionalLong nanos) {
    return nanos.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(nanos.getAsLong() / 1e6);
  }

  List<LinkView> links() {
    List<LinkView> links = new ArrayList<>();
    List<Peers.Peer> peers = core.peers().all();
    for (int i = 0; i < peers.size(); i++) {
      Peers.Peer peer = peers.get(i);
      OptionalLong measured = core.peers().measuredRttNanos(peer.id());
      Stretch sent = core.routing().forwarded().recent(List.of(peer.id().toString()), RECENT);
      links.add(
          new LinkView(
              core.who().name(),
              core.nameOf(peer.id()),
              millis(measured),
              measured.isPresent(),
              OptionalDouble.of(sent.requests() / (double) RECENT),
              switch (peer.member().state()) {
                case ALIVE -> "up";
                case SUSPECT -> "suspect";
                case DEAD, LEFT -> "down";
              }));
      for (int j = i + 1; j < peers.size(); j++) {
        if (peer.present() && peers.get(j).present()) {
          links.add(
              new LinkView(
                  core.nameOf(peer.id()),
                  core.nameOf(peers.get(j).id()),
                  millis(core.peers().estimatedRttNanos(peer.id(), peers.get(j).id())),
                  false,
                  OptionalDouble.empty(),
                  "up"));
        }
      }
    }
    return links;
  }
}
