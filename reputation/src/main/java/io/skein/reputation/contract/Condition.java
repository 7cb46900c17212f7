package io.skein.reputation.contract;

/// What must hold in a window. Equal figures must get equal rulings on every node and at any time.
@FunctionalInterface
public interface Condition {
  /// Whether it holds.
  Ruling of(Figures figures);
}
