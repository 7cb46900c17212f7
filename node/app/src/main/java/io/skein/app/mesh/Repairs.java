package io.skein.app.mesh;

import io.skein.app.catalogue.Catalogue;
import io.skein.app.mesh.Verdicts.Repair;
import io.skein.app.routes.Reach;
import io.skein.gossip.membership.MemberState;
import io.skein.healing.Healer;
import io.skein.healing.HealerConfig;
import io.skein.healing.action.Action;
import io.skein.healing.shadow.ShadowPeer;
import io.skein.healing.shadow.ShadowPlan;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.ProbeResults;
import io.skein.healing.signal.Verdict;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.SignedRecord;
import io.skein.proxy.health.CheckResult;
import io.skein.proxy.health.EndpointHealth;
import io.skein.routing.ejection.Diagnosis;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gathers facts for the healer and carries out what it decides: each decision is a heal record,
/// and the record is what every node acts on. Confined to the mesh thread.
final class Repairs {
  private static final Logger LOG = LoggerFactory.getLogger(Repairs.class);

  private final MeshCore core;
  private final Healer healer = new Healer(HealerConfig.DEFAULT, System.nanoTime());
  private final PanicEvents panics;
  private final Map<String, Probes> probes = new HashMap<>();
  private final Map<Hash, Long> learntNanos = new HashMap<>();
  private List<String> shadows = List.of();
  private MeshCore.Prober prober = (_, _) -> {};

  /// Pause between the probes of an endpoint that has just begun to fail.
  private static final long SUSPECT_PROBE_NANOS = 100_000_000L;

  /// How long after a failure an endpoint is suspect.
  private static final long SUSPECT_NANOS = 2_000_000_000L;

  /// As many bad probes in a row convince the healer.
  private static final int UNHEALTHY_PROBES = 3;

  private static final class Probes {
    private long lastSentNanos = Long.MIN_VALUE / 2;
    private long total;
    private int goodInRow;
    private int badInRow;
    private boolean unreachable;
    private long latencyNanos;

    ProbeResults results() {
      return new ProbeResults(total, goodInRow, badInRow, unreachable, latencyNanos);
    }
  }

  Repairs(MeshCore core) {
    this.core = core;
    this.panics = new PanicEvents(core);
  }

  void prober(MeshCore.Prober how) {
    prober = how;
  }

  /// A probe ended.
  ///
  /// @param unreachable whether there was not even a connection
  void probed(String endpoint, boolean ok, boolean unreachable, long latencyNanos) {
    Probes about = probes.computeIfAbsent(endpoint, _ -> new Probes());
    about.total++;
    about.unreachable = unreachable;
    if (ok) {
      about.goodInRow++;
      about.badInRow = 0;
      about.latencyNanos = latencyNanos;
    } else {
      about.badInRow++;
      about.goodInRow = 0;
    }
  }

  /// A check at intervals ended: it counts as bad once so many have failed as the service says.
  void checked(String endpoint, CheckResult result, EndpointHealth.State state) {
    boolean unhealthy = !result.ok() && state == EndpointHealth.State.UNHEALTHY;
    probed(endpoint, !unhealthy, !result.ok() && !result.answered(), result.latencyNanos());
    if (unhealthy) {
      Probes about = probes.computeIfAbsent(endpoint, _ -> new Probes());
      long missing = UNHEALTHY_PROBES - about.badInRow;
      about.total += Math.max(0, missing);
      about.badInRow = Math.max(UNHEALTHY_PROBES, about.badInRow);
    }
  }

  /// Looks at the facts and does what is this node's turn.
  void step(long nowNanos) {
    panics.look();
    if (!core.records().ledger().writable()) {
      return;
    }
    Facts facts = facts(nowNanos);
    probeSuspects(facts, nowNanos);
    for (Action action : healer.step(facts, nowNanos)) {
      switch (action) {
        case Action.SetAside(String endpoint, Diagnosis diagnosis, String evidence) ->
            write(
                Verdicts.SET_ASIDE,
                endpoint,
                Verdicts.ENDPOINT,
                diagnosis.text(),
                evidence,
                Hash.ZERO);
        case Action.Restore(String endpoint, String cause, String evidence) ->
            write(
                Verdicts.RESTORE,
                endpoint,
                Verdicts.ENDPOINT,
                "recovered",
                evidence,
                Hash.parse(cause));
        case Action.CoverNode(String node, List<String> by) ->
            write(
                Verdicts.COVER,
                node,
                Verdicts.NODE,
                "silent",
                by.isEmpty() ? "no live shadow" : "covered by " + names(by),
                Hash.ZERO);
        case Action.WelcomeNode(String node) ->
            write(
                Verdicts.WELCOME,
                node,
                Verdicts.NODE,
                "returned",
                "is in the mesh again",
                core.derived()
                    .verdicts()
                    .covered(node)
                    .map(repair -> repair.record().hash())
                    .orElse(Hash.ZERO));
        case Action.ProbeDue(String endpoint) -> probe(endpoint);
      }
    }
  }

  // A policy that learns from one failure sends no second request, so that failures in a row would
  // take long to add up: probes find out at once and cost no client anything.
  private void probeSuspects(Facts facts, long nowNanos) {
    facts
        .endpoints()
        .forEach((id, about) -> {
          boolean suspect =
              about.seen().failuresInRow() > 0
                  && about.seen().lastFailureAgeNanos() < SUSPECT_NANOS
                  && !facts.verdicts().containsKey(id)
                  && about.reachedBy().contains(facts.self());
          Probes sent = probes.computeIfAbsent(id, _ -> new Probes());
          if (suspect && nowNanos - sent.lastSentNanos >= SUSPECT_PROBE_NANOS) {
            sent.lastSentNanos = nowNanos;
            probe(id);
          }
        });
  }

  private String names(List<String> nodes) {
    return nodes.stream().map(core.names()::ofText).collect(Collectors.joining(", "));
  }

  private void write(
      String action, String subject, String kind, String diagnosis, String evidence, Hash cause) {
    var _ =
        core.append(new Body.Heal(action, subject, kind, diagnosis, evidence, cause))
            .exceptionally(failure -> {
              LOG.warn(
                  "repair '{}' of {} could not be written: {}",
                  action,
                  subject,
                  failure.toString());
              throw new IllegalStateException(failure);
            });
  }

  private void probe(String endpoint) {
    for (Catalogue.Entry entry : core.derived().catalogue().values()) {
      for (PutEndpoint put : entry.endpoints()) {
        if (put.endpoint().equals(endpoint)) {
          prober.probe(entry.service(), put);
        }
      }
    }
  }

  /// A heal record was taken in.
  void recordDerived(SignedRecord record, Body.Heal heal) {
    learntNanos.put(record.hash(), System.nanoTime());
    if (heal.action().equals(Verdicts.RESTORE) && probes.containsKey(heal.subject())) {
      core.outcomes().tracker(heal.subject()).forget();
      core.tables().load(heal.subject()).forget();
    }
    boolean node = heal.subjectKind().equals(Verdicts.NODE);
    String subject = node ? core.names().ofText(heal.subject()) : heal.subject();
    core.events()
        .add(
            "healing",
            heal.action().equals(Verdicts.SET_ASIDE) || heal.action().equals(Verdicts.COVER)
                ? "warning"
                : "info",
            subject,
            heal.action()
                + " by "
                + core.nameOf(record.author())
                + ": "
                + heal.diagnosis()
                + ", "
                + heal.evidence());
    LOG.atInfo()
        .addKeyValue("subject", subject)
        .addKeyValue("diagnosis", heal.diagnosis())
        .addKeyValue("by", core.nameOf(record.author()))
        .log("repair: {}", heal.action());
  }

  private Facts facts(long nowNanos) {
    Reach reach = core.reach();
    Set<String> live = new TreeSet<>();
    Set<String> gone = new TreeSet<>();
    Map<String, List<String>> shadowing = new TreeMap<>();
    live.add(core.self().toString());
    for (Peers.Peer peer : core.peers().all()) {
      String id = peer.id().toString();
      if (peer.present()) {
        live.add(id);
      } else if (peer.member().state() == MemberState.DEAD && peer.who().isPresent()) {
        gone.add(id);
      }
      core.peers()
          .shadows(peer.id())
          .ifPresent(
              said -> shadowing.put(id, said.nodes().stream().map(NodeId::toString).toList()));
    }
    Map<String, EndpointFacts> endpoints = new TreeMap<>();
    for (Catalogue.Entry entry : core.derived().catalogue().values()) {
      for (PutEndpoint endpoint : entry.endpoints()) {
        String id = endpoint.endpoint();
        if (core.availabilities().of(id).leaving()) {
          continue;
        }
        Probes probed = probes.get(id);
        endpoints.put(
            id,
            new EndpointFacts(
                entry.service().service(),
                reach.nodesReaching(endpoint).stream()
                    .map(NodeId::toString)
                    .collect(Collectors.toCollection(TreeSet::new)),
                core.outcomes().tracker(id).observe(nowNanos),
                probed == null ? ProbeResults.NONE : probed.results(),
                entry.service().slowAfterMillis() * 1_000_000));
      }
    }
    probes.keySet().retainAll(endpoints.keySet());
    return Facts.of(
        core.self().toString(),
        live,
        endpoints,
        verdicts(endpoints.keySet()),
        gone,
        covered(),
        shadowing);
  }

  private Map<String, Verdict> verdicts(Set<String> known) {
    Map<String, Verdict> verdicts = new TreeMap<>();
    Set<Hash> standing = new HashSet<>();
    core.derived()
        .verdicts()
        .allSetAside()
        .forEach((endpoint, repair) -> {
          if (known.contains(endpoint)) {
            Hash hash = repair.record().hash();
            standing.add(hash);
            verdicts.put(
                endpoint,
                new Verdict(
                    diagnosis(repair),
                    learntNanos.computeIfAbsent(hash, _ -> System.nanoTime()),
                    hash.toString(),
                    repair.record().author().toString()));
          }
        });
    learntNanos.keySet().retainAll(standing);
    return verdicts;
  }

  private static Diagnosis diagnosis(Repair repair) {
    for (Diagnosis diagnosis : Diagnosis.values()) {
      if (diagnosis.text().equals(repair.heal().diagnosis().toLowerCase(Locale.ROOT))) {
        return diagnosis;
      }
    }
    return Diagnosis.FAILING;
  }

  private Set<String> covered() {
    return core.derived().verdicts().open().stream()
        .filter(repair -> repair.heal().action().equals(Verdicts.COVER))
        .map(repair -> repair.heal().subject())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The nodes that are to stand in for this one, best first.
  Rumor.Shadows chooseShadows() {
    List<ShadowPeer> candidates = new ArrayList<>();
    for (Peers.Peer peer : core.peers().all()) {
      Optional<Rumor.Who> who = peer.who();
      if (peer.alive() && who.isPresent() && !who.get().draining()) {
        double busy =
            core.peers().load(peer.id()).map(load -> load.utilisationMicros() / 1e6).orElse(0.0);
        candidates.add(
            new ShadowPeer(
                peer.id().toString(),
                who.get().region(),
                who.get().zone(),
                core.peers().distanceNanos(peer.id()) / 1e6,
                Math.clamp(1 - busy, 0, 1)));
      }
    }
    ShadowPeer self =
        new ShadowPeer(core.self().toString(), core.who().region(), core.who().zone(), 0, 1);
    shadows = ShadowPlan.choose(self, candidates, shadows);
    return new Rumor.Shadows(shadows.stream().map(NodeId::parse).toList());
  }
}
