package io.skein.reputation.contract;

import java.util.List;

/// What a contract says of one subject.
///
/// @param contract the contract's name
/// @param subject an endpoint's id, or the service's name
/// @param broken whether it fails more often than it may
/// @param failed windows looked at in which the condition failed
/// @param held windows looked at in which it held
/// @param quarantinedThrough the last window of ledger time of its quarantine; −1 if it is in none
/// @param spared whether it is not kept in quarantine, because too few endpoints would remain
/// @param windows what was found window by window, oldest first; without those in which nobody saw
///   the subject
public record Finding(
    String contract,
    String subject,
    boolean broken,
    int failed,
    int held,
    long quarantinedThrough,
    boolean spared,
    List<Window> windows) {
  public Finding {
    windows = List.copyOf(windows);
  }

  /// One window.
  ///
  /// @param window its number
  /// @param ruling what the contract says of it
  /// @param figures what was measured
  public record Window(long window, Ruling ruling, Figures figures) {}

  Finding asSpared() {
    return new Finding(contract, subject, broken, failed, held, -1, true, windows);
  }
}
