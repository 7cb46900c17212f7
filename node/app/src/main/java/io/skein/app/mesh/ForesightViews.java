package io.skein.app.mesh;

import io.skein.api.view.ForecastView;
import io.skein.api.view.ShadowView;
import io.skein.app.rumor.Forecasts;
import io.skein.app.rumor.Who;
import io.skein.forecast.Model;
import io.skein.gossip.membership.MemberState;
import io.skein.ledger.key.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Forecasts and shadows, for the API. On the mesh thread.
final class ForesightViews {
  private final MeshCore core;

  ForesightViews(MeshCore core) {
    this.core = core;
  }

  List<ForecastView> forecasts() {
    List<ForecastView> forecasts = new ArrayList<>();
    forecasts.add(forecast(core.self(), core.routing().announcer().forecasts()));
    for (Peers.Peer peer : core.peers().all()) {
      if (peer.present()) {
        core.peers()
            .forecasts(peer.id())
            .ifPresent(rumor -> forecasts.add(forecast(peer.id(), rumor)));
      }
    }
    forecasts.sort(Comparator.comparing(ForecastView::name));
    return forecasts;
  }

  private ForecastView forecast(NodeId node, Forecasts rumor) {
    return new ForecastView(
        node.toString(),
        core.nameOf(node),
        "requests/s",
        rumor.nowMilli() / 1e3,
        rumor.horizons().stream()
            .map(h ->
                new ForecastView.Horizon(
                    h.seconds(), h.p10Milli() / 1e3, h.p50Milli() / 1e3, h.p90Milli() / 1e3))
            .toList(),
        model(node).word(),
        rumor.errorMicros() < 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(1 - rumor.errorMicros() / 1e6),
        OptionalDouble.empty(),
        Optional.empty());
  }

  private Model model(NodeId node) {
    return core.derived().verdicts().fellBack(node.toString())
        ? Model.LAST_VALUE
        : Model.HOLT_DAMPED;
  }

  List<ShadowView> shadows() {
    List<ShadowView> shadows = new ArrayList<>();
    shadows.add(shadowsOf(core.self(), MemberState.ALIVE, core.shadows().chosen().nodes()));
    for (Peers.Peer peer : core.peers().all()) {
      core.peers()
          .shadows(peer.id())
          .ifPresent(
              said -> shadows.add(shadowsOf(peer.id(), peer.member().state(), said.nodes())));
    }
    shadows.sort(Comparator.comparing(ShadowView::node));
    return shadows;
  }

  private ShadowView shadowsOf(NodeId node, MemberState state, Collection<NodeId> chosen) {
    long now = System.nanoTime();
    return new ShadowView(
        core.nameOf(node),
        state.name().toLowerCase(Locale.ROOT),
        chosen.stream()
            .map(shadow -> {
              OptionalLong rtt = core.peers().estimatedRttNanos(node, shadow);
              boolean self = shadow.equals(core.self());
              double utilisation =
                  self
                      ? core.routing().announcer().utilisation()
                      : core.peers()
                          .load(shadow)
                          .map(load -> load.utilisationMicros() / 1e6)
                          .orElse(Double.NaN);
              OptionalLong age = core.peers().ageNanos(node, now);
              return new ShadowView.Shadow(
                  core.nameOf(shadow),
                  self ? core.who().region() : core.peers().who(shadow).map(Who::region).orElse(""),
                  rtt.isEmpty() ? Double.NaN : rtt.getAsLong() / 1e6,
                  1 - utilisation,
                  age.isEmpty() ? -1 : age.getAsLong() / 1_000_000,
                  false);
            })
            .toList());
  }
}
