package io.skein.app.mesh;

import io.skein.app.routes.Reach;
import io.skein.app.routes.RouteTables;
import io.skein.proxy.route.RouteTable;
import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.snapshot.Scores;

/// Makes the route table from what the mesh knows now, and says whose endpoints answer through
/// whom. Confined to the mesh thread, but for [#current].
final class RoutePublisher {
  private final RouteTables tables;
  private final Derived derived;
  private final Neighbourhood neighbourhood;
  private final Availabilities availabilities;
  private final EndpointWatch watch;
  private volatile RouteTable current = RouteTable.EMPTY;
  private boolean stale = true;

  RoutePublisher(
      RouteTables tables,
      Derived derived,
      Neighbourhood neighbourhood,
      Availabilities availabilities,
      EndpointWatch watch) {
    this.tables = tables;
    this.derived = derived;
    this.neighbourhood = neighbourhood;
    this.availabilities = availabilities;
    this.watch = watch;
  }

  /// Something changed that can wait for the next tick.
  void stale() {
    stale = true;
  }

  /// Publishes a table if something has changed since the last.
  void refresh() {
    if (stale) {
      publish();
    }
  }

  /// Publishes a table at once; before it is known what the mesh serves, as soon as it is. A table
  /// without it would have every endpoint be new in the next one.
  void publish() {
    stale = !derived.begun();
    if (stale) {
      return;
    }
    Reach reach = neighbourhood.reach();
    watch.catalogue(derived.catalogue().values(), reach);
    Scores scores = derived.scored().scores();
    current =
        tables.build(
            ShiftedWeights.of(derived.catalogue(), derived.verdicts().allShifted().keySet()),
            derived.routes(),
            reach,
            availabilities::of,
            endpoint -> scores.of(new EndpointSubject(endpoint)).q30(),
            neighbourhood.offers(scores));
  }

  /// The newest table. Any thread.
  RouteTable current() {
    return current;
  }
}
