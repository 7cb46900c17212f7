package io.skein.reputation.contract;

import io.skein.reputation.evidence.Decay;
import io.skein.reputation.evidence.Evidence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Judges contracts: a function of the performance records in the rings, of the contracts and of
/// what the catalogue says, whatever the order in which any of it came.
///
/// At ledger time `L` the closed windows are those before `L`: raters have spoken of a later one.
/// Looked at are the newest [#REMEMBERED] of them; a record ahead of ledger time takes no cell from
/// these. A window that began before the contract was written is not judged.
///
/// - A contract is **broken** for a subject if its condition failed in more than `windows −
///   holding` of the newest `windows` closed windows. It holds again as soon as fewer are left of
///   them.
/// - While it is broken its penalty is taken from the endpoint's score (of all endpoints of the
///   service, where the service is judged as a whole); all together take at most ½.
/// - An endpoint is **in quarantine** through window `b + q` of ledger time, where `b` is the
///   newest window in which the condition failed and by which the contract was broken, and `q` the
///   quarantine in windows.
/// - The **last are spared**: of the endpoints of a service that may take requests (set aside and
///   draining ones do not) quarantine leaves so many that at least half of all that do not drain
///   remain, which is where the panic rule would use all of them anyway. Those that failed most
///   often go first, then by id.
public final class Judge {
  /// Closed windows that are looked at: the ring, less those a record may be ahead by and a margin.
  public static final int REMEMBERED = Decay.WINDOWS - Evidence.AHEAD_WINDOWS - 2;

  /// Contracts that are judged, the first by name.
  public static final int MOST_CONTRACTS = 32;

  private final long windowMillis;
  private final long ledgerWindow;
  private final long first;
  private final Map<String, SortedMap<String, Place>> services;
  private final int usualRaters;
  private final List<Finding> all = new ArrayList<>();
  private final SortedMap<String, Long> penalties = new TreeMap<>();
  private final SortedMap<String, Finding> quarantined = new TreeMap<>();

  /// @param windowMillis length of a window
  /// @param ledgerWindow ledger time
  /// @param services the endpoints of each service and how they stand
  /// @param usualRaters raters below which a window is not judged, where the terms do not say
  public Judge(
      long windowMillis,
      long ledgerWindow,
      Map<String, SortedMap<String, Place>> services,
      int usualRaters) {
    this.windowMillis = windowMillis;
    this.ledgerWindow = ledgerWindow;
    this.first = ledgerWindow - REMEMBERED;
    this.services = services;
    this.usualRaters = usualRaters;
  }

  /// Judges.
  ///
  /// @param voices raters that are heard, in the order of their identities
  public Findings judge(Evidence evidence, List<Voice> voices, List<Contract> contracts) {
    List<Contract> judged = new ArrayList<>(contracts);
    judged.sort(Comparator.comparing(Contract::name));
    judged = judged.subList(0, Math.min(judged.size(), MOST_CONTRACTS));
    Map<String, String> serviceOf = new HashMap<>();
    Set<String> whole = new HashSet<>();
    for (Contract contract : judged) {
      String service = contract.terms().service();
      endpoints(service).keySet().forEach(endpoint -> serviceOf.put(endpoint, service));
      if (contract.terms().scope() == Terms.Scope.SERVICE) {
        whole.add(service);
      }
    }
    Measured measured = Measured.of(evidence, voices, first, serviceOf, whole);
    judged.forEach(contract -> judge(contract, measured));
    spare();
    return new Findings(OptionalLong.of(ledgerWindow), all, penalties, quarantined);
  }

  private SortedMap<String, Place> endpoints(String service) {
    return services.getOrDefault(service, Collections.emptySortedMap());
  }

  private void judge(Contract contract, Measured measured) {
    Terms terms = contract.terms();
    switch (terms.scope()) {
      case ENDPOINT ->
          endpoints(terms.service())
              .keySet()
              .forEach(endpoint -> {
                Finding finding = finding(contract, endpoint, measured);
                all.add(finding);
                penalise(finding, terms, endpoint);
                if (finding.quarantinedThrough() >= 0) {
                  quarantined.merge(
                      endpoint,
                      finding,
                      (a, b) -> b.quarantinedThrough() > a.quarantinedThrough() ? b : a);
                }
              });
      case SERVICE -> {
        if (!endpoints(terms.service()).isEmpty()) {
          Finding finding = finding(contract, terms.service(), measured);
          all.add(finding);
          endpoints(terms.service())
              .keySet()
              .forEach(endpoint -> penalise(finding, terms, endpoint));
        }
      }
    }
  }

  private void penalise(Finding finding, Terms terms, String endpoint) {
    if (finding.broken() && terms.penaltyQ30() > 0) {
      penalties.merge(
          endpoint, terms.penaltyQ30(), (a, b) -> Math.min(Terms.MOST_PENALTY_Q30, a + b));
    }
  }

  private Finding finding(Contract contract, String subject, Measured measured) {
    Terms terms = contract.terms();
    Ruling[] rulings = new Ruling[REMEMBERED];
    List<Finding.Window> windows = new ArrayList<>();
    for (int at = 0; at < REMEMBERED; at++) {
      Figures figures = Figures.NONE;
      if (first + at >= Math.max(0, contract.fromWindow())) {
        figures = measured.figures(subject, at);
      }
      rulings[at] = ruling(contract, figures);
      if (figures.raters() > 0) {
        windows.add(new Finding.Window(first + at, rulings[at], figures));
      }
    }
    int last = REMEMBERED - 1;
    return new Finding(
        contract.name(),
        subject,
        broken(rulings, last, terms),
        count(rulings, last, terms.windows(), Ruling.FAILED),
        count(rulings, last, terms.windows(), Ruling.HELD),
        quarantinedThrough(rulings, terms),
        false,
        windows);
  }

  private Ruling ruling(Contract contract, Figures figures) {
    Terms terms = contract.terms();
    int raters = terms.minRaters() == 0 ? usualRaters : terms.minRaters();
    return figures.requests() < terms.minRequests() || figures.raters() < raters
        ? Ruling.UNDECIDED
        : contract.condition().of(figures);
  }

  private static boolean broken(Ruling[] rulings, int at, Terms terms) {
    return count(rulings, at, terms.windows(), Ruling.FAILED) > terms.windows() - terms.holding();
  }

  private static int count(Ruling[] rulings, int at, int windows, Ruling wanted) {
    int count = 0;
    for (int i = at; i >= 0 && i > at - windows; i--) {
      count += rulings[i] == wanted ? 1 : 0;
    }
    return count;
  }

  private long quarantinedThrough(Ruling[] rulings, Terms terms) {
    int length = terms.quarantineWindows(windowMillis);
    for (int at = REMEMBERED - 1; at >= REMEMBERED - length && at >= 0; at--) {
      if (rulings[at] == Ruling.FAILED && broken(rulings, at, terms)) {
        return first + at + length;
      }
    }
    return -1;
  }

  private void spare() {
    Set<String> spared = new HashSet<>();
    services
        .values()
        .forEach(endpoints -> {
          long staying =
              endpoints.values().stream().filter(place -> place != Place.LEAVING).count();
          List<Finding> open = new ArrayList<>();
          long usable = 0;
          for (Map.Entry<String, Place> endpoint : endpoints.entrySet()) {
            if (endpoint.getValue() == Place.OPEN) {
              usable++;
              Finding finding = quarantined.get(endpoint.getKey());
              if (finding != null) {
                open.add(finding);
              }
            }
          }
          open.sort(
              Comparator.comparingInt(Finding::failed).reversed().thenComparing(Finding::subject));
          long most = Math.max(0, usable - (staying + 1) / 2);
          open.stream().skip(most).forEach(finding -> spared.add(finding.subject()));
        });
    quarantined.keySet().removeAll(spared);
    all.replaceAll(finding ->
        finding.quarantinedThrough() >= 0 && spared.contains(finding.subject())
            ? finding.asSpared()
            : finding);
  }
}
