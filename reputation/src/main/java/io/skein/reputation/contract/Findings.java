package io.skein.reputation.contract;

import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// What all contracts say at one moment of ledger time. Immutable; any thread.
///
/// @param ledgerWindow the window of ledger time; empty if no record counts
/// @param all what each contract says of each of its subjects, by contract, then by subject
/// @param penalties what is taken from endpoints' scores, by endpoint, Q30
/// @param quarantined endpoints in quarantine, with the contract that keeps them there longest
public record Findings(
    OptionalLong ledgerWindow,
    List<Finding> all,
    SortedMap<String, Long> penalties,
    SortedMap<String, Finding> quarantined) {
  /// Of a mesh without contracts.
  public static final Findings NONE =
      new Findings(OptionalLong.empty(), List.of(), new TreeMap<>(), new TreeMap<>());

  public Findings {
    all = List.copyOf(all);
    penalties = Collections.unmodifiableSortedMap(new TreeMap<>(penalties));
    quarantined = Collections.unmodifiableSortedMap(new TreeMap<>(quarantined));
  }

  /// What one contract says.
  public List<Finding> of(String contract) {
    return all.stream().filter(each -> each.contract().equals(contract)).toList();
  }
}
