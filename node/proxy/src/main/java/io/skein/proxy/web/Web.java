package io.skein.proxy.web;

import java.util.Optional;

/// What a service does for browsers. Immutable: any thread.
///
/// @param cors which other origins may read its answers
/// @param compression which of its answers go out compressed
public record Web(Cors cors, Compression compression) {
  /// Nothing: requests and answers pass as they are.
  public static final Web NONE = new Web(Cors.OFF, Compression.OFF);

  /// What a rule says instead of its service; what it does not say is the service's affair.
  public record Change(Optional<Cors> cors, Optional<Compression> compression) {
    /// As the service has it.
    public static final Change NONE = new Change(Optional.empty(), Optional.empty());

    /// What holds for requests of the rule.
    public Web of(Web usual) {
      return cors.isEmpty() && compression.isEmpty()
          ? usual
          : new Web(cors.orElse(usual.cors()), compression.orElse(usual.compression()));
    }
  }
}
