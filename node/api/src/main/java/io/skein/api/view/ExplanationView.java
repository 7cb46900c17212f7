package io.skein.api.view;

import java.util.List;

/// What this node would do with a request.
///
/// @param path the form in which rules see path and query; empty text: it is refused
/// @param verdict what is done, in a few words
/// @param route the route that is followed; empty text: none
/// @param services where it may go; the drawn one among several is chance
/// @param rules those for the request's host, in the order in which they are asked
public record ExplanationView(
    String path, String verdict, String route, List<String> services, List<Asked> rules) {
  public ExplanationView {
    services = List.copyOf(services);
    rules = List.copyOf(rules);
  }

  /// One rule.
  ///
  /// @param matches whether the request is as it demands
  /// @param why what does not fit; empty text if all does
  public record Asked(String route, int priority, boolean matches, String why) {}
}
