package io.skein.ledger.catalogue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutRoute;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.ledger.record.ServiceChange.RemoveEndpoint;
import io.skein.ledger.record.ServiceChange.RemoveRoute;
import io.skein.ledger.record.ServiceChange.RemoveService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Folds service records into the catalogue: of several changes with one key the newest by hybrid
/// clock, then by author, wins, so that every node with the same records has the same catalogue, in
/// whatever order they came. Removing a service removes the endpoints put before the removal;
/// removed keys are remembered, so that an older change that arrives late stays dead.
///
/// Confined to one thread; [#view()] hands out immutable snapshots.
public final class Catalogue {
  private record Stamp(long hlc, NodeId author) implements Comparable<Stamp> {
    @Override
    public int compareTo(Stamp other) {
      int order = Long.compareUnsigned(hlc, other.hlc);
      return order != 0 ? order : author.compareTo(other.author);
    }
  }

  private record Stamped(Stamp stamp, ServiceChange change) {
    Standing standing(String key) {
      return new Standing(key, stamp.hlc(), stamp.author(), change);
    }
  }

  private final Map<String, Stamped> services = new TreeMap<>();
  private final Map<String, Stamp> removals = new HashMap<>();
  private final Map<String, Stamped> endpoints = new TreeMap<>();
  private final Map<String, Stamped> routes = new TreeMap<>();
  // What services were before the change that stands.
  private final Map<String, Stamped> former = new TreeMap<>();

  /// A service with its endpoints in the order of their ids.
  public record Entry(PutService service, List<PutEndpoint> endpoints) {
    public Entry {
      endpoints = List.copyOf(endpoints);
    }

    /// The ids of its endpoints.
    public List<String> ids() {
      return endpoints.stream().map(PutEndpoint::endpoint).toList();
    }
  }

  /// Applies one change. Returns whether the catalogue may have changed.
  public boolean apply(ServiceChange change, long hlc, NodeId author) {
    Stamp stamp = new Stamp(hlc, author);
    return switch (change) {
      case PutService put -> {
        remember(put, stamp);
        yield newest(services, put.service(), stamp, put);
      }
      case RemoveService remove -> {
        Stamp removed = removals.get(remove.service());
        boolean later = removed == null || removed.compareTo(stamp) < 0;
        if (later) {
          removals.put(remove.service(), stamp);
        }
        // Also where a newer service stands, endpoints put before this removal are gone now.
        yield newest(services, remove.service(), stamp, remove) || later;
      }
      case PutEndpoint put -> newest(endpoints, put.endpoint(), stamp, put);
      case RemoveEndpoint remove -> newest(endpoints, remove.endpoint(), stamp, remove);
      case PutRoute put -> newest(routes, put.name(), stamp, put);
      case RemoveRoute remove -> newest(routes, remove.name(), stamp, remove);
    };
  }

  // Of the changes before the one that will stand, the newest that says something else.
  private void remember(PutService put, Stamp stamp) {
    Stamped standing = services.get(put.service());
    if (standing == null || !(standing.change() instanceof PutService held)) {
      return;
    }
    if (standing.stamp().compareTo(stamp) < 0) {
      if (!held.equals(put)) {
        former.put(put.service(), standing);
      }
    } else {
      Stamp removed = removals.get(put.service());
      Stamped before = former.get(put.service());
      if (!held.equals(put)
          && (removed == null || removed.compareTo(stamp) < 0)
          && (before == null || before.stamp().compareTo(stamp) < 0)) {
        former.put(put.service(), new Stamped(stamp, put));
      }
    }
  }

  /// What a service was before it became what it is; empty if that is not known, or it was none.
  /// What was before the oldest record that is kept is not known.
  public Optional<PutService> former(String service) {
    Stamped standing = services.get(service);
    Stamped before = former.get(service);
    Stamp removed = removals.get(service);
    return standing != null
            && standing.change() instanceof PutService
            && before != null
            && before.stamp().compareTo(standing.stamp()) < 0
            && (removed == null || removed.compareTo(before.stamp()) < 0)
            && before.change() instanceof PutService put
        ? Optional.of(put)
        : Optional.empty();
  }

  /// A name of the change that made a service what it is, the same on all nodes; empty if there is
  /// no such service.
  public Optional<String> change(String service) {
    return Optional.ofNullable(services.get(service))
        .filter(held -> held.change() instanceof PutService)
        .map(held -> HexFormat.of().toHexDigits(held.stamp().hlc()) + " " + held.stamp().author());
  }

  /// When an endpoint was put as it stands, by hybrid clock; empty if there is none of that id.
  public OptionalLong put(String endpoint) {
    Stamped standing = endpoints.get(endpoint);
    return standing != null && standing.change() instanceof PutEndpoint
        ? OptionalLong.of(standing.stamp().hlc())
        : OptionalLong.empty();
  }

  private static boolean newest(
      Map<String, Stamped> map, String key, Stamp stamp, ServiceChange change) {
    Stamped held = map.get(key);
    if (held != null && held.stamp().compareTo(stamp) >= 0) {
      return false;
    }
    map.put(key, new Stamped(stamp, change));
    return true;
  }

  /// One change that stands, with what decides between it and another of its key.
  ///
  /// @param key `service/NAME`, `removal/NAME` (the last removal, also of a service that stands
  ///   again), `endpoint/ID` or `route/NAME`
  public record Standing(String key, long hlc, NodeId author, ServiceChange change) {}

  /// The keys under which `change` may come to stand.
  public static List<String> keys(ServiceChange change) {
    return switch (change) {
      case PutService put -> List.of("service/" + put.service());
      case RemoveService remove ->
          List.of("service/" + remove.service(), "removal/" + remove.service());
      case PutEndpoint put -> List.of("endpoint/" + put.endpoint());
      case RemoveEndpoint remove -> List.of("endpoint/" + remove.endpoint());
      case PutRoute put -> List.of("route/" + put.name());
      case RemoveRoute remove -> List.of("route/" + remove.name());
    };
  }

  /// Everything from which an equal catalogue can be folded: the newest change of each key.
  public List<Standing> standing() {
    List<Standing> all =
        new ArrayList<>(services.size() + endpoints.size() + removals.size() + routes.size());
    services.forEach((name, held) -> all.add(held.standing("service/" + name)));
    removals.forEach((name, stamp) ->
        all.add(new Stamped(stamp, new RemoveService(name)).standing("removal/" + name)));
    endpoints.forEach((id, held) -> all.add(held.standing("endpoint/" + id)));
    routes.forEach((name, held) -> all.add(held.standing("route/" + name)));
    return all;
  }

  /// The catalogue now: services by name. An endpoint whose service is not there is left out.
  public Map<String, Entry> view() {
    Map<String, List<PutEndpoint>> byService = new HashMap<>();
    for (Stamped stamped : endpoints.values()) {
      if (stamped.change() instanceof PutEndpoint put
          && !removedWithService(put, stamped.stamp())) {
        byService.computeIfAbsent(put.service(), _ -> new ArrayList<>()).add(put);
      }
    }
    Map<String, Entry> view = new TreeMap<>();
    for (Stamped stamped : services.values()) {
      if (stamped.change() instanceof PutService put) {
        view.put(put.service(), new Entry(put, byService.getOrDefault(put.service(), List.of())));
      }
    }
    return view;
  }

  /// The routes now: their documents by name.
  public Map<String, String> routes() {
    Map<String, String> view = new TreeMap<>();
    for (Stamped stamped : routes.values()) {
      if (stamped.change() instanceof PutRoute put) {
        view.put(put.name(), put.document());
      }
    }
    return view;
  }

  private boolean removedWithService(PutEndpoint put, Stamp stamp) {
    Stamp removed = removals.get(put.service());
    return removed != null && removed.compareTo(stamp) > 0;
  }
}
