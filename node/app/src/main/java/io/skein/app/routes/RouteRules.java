package io.skein.app.routes;

import io.skein.app.config.Document;
import io.skein.app.traffic.Route;
import io.skein.app.traffic.RouteTraffic;
import io.skein.proxy.route.Rule;
import io.skein.proxy.route.Rules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes rules of the documents of the mesh's routes. What did not change is not made anew. A
/// document that cannot be followed is left out; its view says why. Confined to one thread.
final class RouteRules {
  private record Made(String document, Document<Route> route) {}

  private final Map<String, Made> made = new HashMap<>();
  private Rules rules = Rules.NONE;

  /// What the requests of a route get that was given last; nothing else if there is none.
  RouteTraffic traffic(String route) {
    Made known = made.get(route);
    return known == null || !known.route().good()
        ? RouteTraffic.NONE
        : known.route().value().traffic();
  }

  /// The rules of the documents given.
  Rules of(Map<String, String> documents) {
    boolean same = made.size() == documents.size();
    List<Rule> good = new ArrayList<>();
    for (Map.Entry<String, String> each : documents.entrySet()) {
      Made before = made.get(each.getKey());
      if (before == null || !before.document().equals(each.getValue())) {
        before = new Made(each.getValue(), Document.route(each.getKey(), each.getValue()));
        made.put(each.getKey(), before);
        same = false;
      }
      if (before.route().good()) {
        good.add(before.route().value().rule());
      }
    }
    if (!same) {
      made.keySet().retainAll(documents.keySet());
      rules = new Rules(good);
    }
    return rules;
  }
}
