package io.skein.app.mesh;

import io.skein.app.mesh.Verdicts.Repair;
import io.skein.app.routes.Reach;
import io.skein.gossip.membership.MemberState;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.ProbeResults;
import io.skein.healing.signal.Verdict;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.routing.ejection.Ailment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The facts that healers look at, as this node knows them now. Confined to the mesh thread.
final class Survey {
  private final MeshCore core;
  private final ProbeBook probes;
  private final Map<Hash, Long> learntNanos = new HashMap<>();

  Survey(MeshCore core, ProbeBook probes) {
    this.core = core;
    this.probes = probes;
  }

  /// A heal record was taken in.
  void learnt(Hash record) {
    learntNanos.put(record, System.nanoTime());
  }

  /// What this node knows now.
  Facts facts(long nowNanos) {
    Reach reach = core.routing().reach();
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
    Map<String, EndpointFacts> endpoints = endpoints(reach, nowNanos);
    probes.retain(endpoints.keySet());
    return Facts.of(
        core.self().toString(),
        live,
        endpoints,
        verdicts(endpoints.keySet()),
        gone,
        covered(),
        shadowing);
  }

  private Map<String, EndpointFacts> endpoints(Reach reach, long nowNanos) {
    Map<String, EndpointFacts> endpoints = new TreeMap<>();
    for (Catalogue.Entry entry : core.derived().catalogue().values()) {
      for (PutEndpoint endpoint : entry.endpoints()) {
        String id = endpoint.endpoint();
        if (core.routing().availabilities().of(id).leaving()) {
          continue;
        }
        // Of what others reach a probe tells who might, not how it is.
        boolean reached = reach.reaches(endpoint);
        endpoints.put(
            id,
            new EndpointFacts(
                entry.service().service(),
                reach.nodesReaching(endpoint).stream()
                    .map(NodeId::toString)
                    .collect(Collectors.toCollection(TreeSet::new)),
                core.routing().outcomes().tracker(id).observe(nowNanos),
                reached ? probes.results(id) : ProbeResults.NONE,
                entry.service().slowAfterMillis() * 1_000_000,
                entry.service().healthTimeoutMillis() * 1_000_000L));
      }
    }
    return endpoints;
  }

  private Map<String, Verdict> verdicts(Set<String> known) {
    Map<String, Verdict> verdicts = new TreeMap<>();
    Set<Hash> standing = new HashSet<>();
    core.derived()
        .verdicts()
        .allSetAside()
        .forEach((endpoint, repair) -> {
          if (known.contains(endpoint)) {
            standing.add(repair.record().hash());
            verdicts.put(endpoint, verdict(repair));
          }
        });
    core.derived()
        .verdicts()
        .allShifted()
        .values()
        .forEach(repair -> standing.add(repair.record().hash()));
    learntNanos.keySet().retainAll(standing);
    return verdicts;
  }

  /// Endpoints that get a part of their weight only.
  SortedMap<String, Verdict> shifted() {
    SortedMap<String, Verdict> shifted = new TreeMap<>();
    core.derived()
        .verdicts()
        .allShifted()
        .forEach((endpoint, repair) -> shifted.put(endpoint, verdict(repair)));
    return shifted;
  }

  private Verdict verdict(Repair repair) {
    Hash hash = repair.record().hash();
    return new Verdict(
        ailment(repair),
        learntNanos.computeIfAbsent(hash, _ -> System.nanoTime()),
        hash.toString(),
        repair.record().author().toString());
  }

  /// What an endpoint was set aside for; failing, if its record has a word from elsewhere.
  static Ailment ailment(Repair repair) {
    for (Ailment ailment : Ailment.values()) {
      if (ailment.text().equals(repair.heal().diagnosis().toLowerCase(Locale.ROOT))) {
        return ailment;
      }
    }
    return Ailment.FAILING;
  }

  private Set<String> covered() {
    return core.derived().verdicts().open().stream()
        .filter(repair -> repair.heal().action().equals(Verdicts.COVER))
        .map(repair -> repair.heal().subject())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
