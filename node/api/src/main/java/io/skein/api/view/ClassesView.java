package io.skein.api.view;

import java.util.List;
import java.util.Optional;

/// What is learned of the classes of a service's requests at this node.
///
/// @param service its name
/// @param learned whether its policy asks for it; else there are no classes
/// @param lost answers of all services that were not learned from, because too many came at once
/// @param classes the most frequent first
public record ClassesView(String service, boolean learned, long lost, List<Kind> classes) {
  public ClassesView {
    classes = List.copyOf(classes);
  }

  /// One class. Its requests have all of this in common; all of it is empty text for requests of no
  /// class of their own.
  ///
  /// @param number as policies see it; 0 for those of no class of their own
  /// @param method `GET` and the like
  /// @param template the path, with what names single things replaced
  /// @param payload how long the body is
  /// @param credential how the client proves who it is
  /// @param client what kind of program asks
  /// @param origin where it comes from
  /// @param requestsPerSecond good answers a second, over about 10 s
  /// @param endpoints what it costs where
  public record Kind(
      int number,
      String method,
      String template,
      String payload,
      String credential,
      String client,
      String origin,
      double requestsPerSecond,
      List<At> endpoints) {
    public Kind {
      endpoints = List.copyOf(endpoints);
    }
  }

  /// A class at one endpoint, or at a peer.
  ///
  /// @param endpoint its id
  /// @param requestsPerSecond good answers a second, over about 10 s
  /// @param latencyMs average of the latest answers
  /// @param predictedMs what the next one is expected to take; absent if too little is known
  /// @param basis what that rests on: `model`, `class`, `endpoint` or `nothing`
  /// @param error how far such predictions were off: sum of errors over sum of latencies; absent if
  ///   too little is known
  /// @param samples answers it rests on
  /// @param cpu processor use that the endpoint told with such answers; absent if it tells nothing
  /// @param memory memory use it told
  public record At(
      String endpoint,
      double requestsPerSecond,
      double latencyMs,
      Optional<Double> predictedMs,
      String basis,
      Optional<Double> error,
      long samples,
      Optional<Double> cpu,
      Optional<Double> memory) {}
}
