package io.skein.api.view;

import java.util.List;
import java.util.Optional;

/// What this node would do with a request.
///
/// @param path the form in which rules see path and query; empty text: it is refused
/// @param verdict what is done, in a few words
/// @param route the route that is followed; empty text: none
/// @param services where it may go; the drawn one among several is chance
/// @param rules those for the request's host, in the order in which they are asked
/// @param choices how an endpoint is chosen, for each of the services
public record ExplanationView(
    String path,
    String verdict,
    String route,
    List<String> services,
    List<Asked> rules,
    List<Choice> choices) {
  public ExplanationView {
    services = List.copyOf(services);
    rules = List.copyOf(rules);
    choices = List.copyOf(choices);
  }

  /// How a service's policy chooses now.
  ///
  /// @param rule in one line
  /// @param key what of the request it goes by; empty text: nothing
  /// @param unit of the costs; empty text: nothing is compared
  /// @param toPeers share of such requests that go to peers
  /// @param candidates the node's endpoints, then its peers
  public record Choice(
      String service,
      String rule,
      String key,
      String unit,
      double toPeers,
      List<Candidate> candidates) {
    public Choice {
      candidates = List.copyOf(candidates);
    }
  }

  /// One that a request could be sent to.
  ///
  /// @param kind `endpoint` or `peer`
  /// @param weight its part of all weights on its side, endpoints or peers, 0 to 1: what it would
  ///   get of the requests there if the policy went by weight alone
  /// @param state why it may not be chosen, or `usable`
  /// @param eligible whether it can be chosen now
  /// @param inFlight requests of this node
  /// @param rif requests of all nodes, as far as heard
  /// @param latencyMs as this node measured; absent if it did not
  /// @param reputation 0 to 1
  /// @param price what a request costs there, relative to the others; of a peer the mean of what it
  ///   reaches
  /// @param headroom what of it is free, or forecast to be in a few seconds if that is less: 0, all
  ///   is busy, to 1; absent if nobody says
  /// @param cost the lower is preferred; absent if nothing is compared
  /// @param share of such requests that would go there, of those that stay on its side; absent if
  ///   not known
  /// @param confidence 0 to 1, how sure the policy is of what it knows of it; absent if it does not
  ///   say
  public record Candidate(
      String id,
      String kind,
      double weight,
      String state,
      boolean eligible,
      int inFlight,
      int rif,
      Optional<Double> latencyMs,
      double reputation,
      double price,
      Optional<Double> headroom,
      Optional<Double> cost,
      Optional<Double> share,
      Optional<Double> confidence) {}

  /// One rule.
  ///
  /// @param matches whether the request is as it demands
  /// @param why what does not fit; empty text if all does
  public record Asked(String route, int priority, boolean matches, String why) {}
}
