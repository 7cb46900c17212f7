package io.skein.routing.candidate;

/// The knobs of one kind of policy, checked.
public interface PolicyConfig {
  /// The policy's name in configuration: `least-request`.
  String kind();

  /// A new policy with these knobs, for one service.
  Policy policy(Surroundings surroundings);
}
