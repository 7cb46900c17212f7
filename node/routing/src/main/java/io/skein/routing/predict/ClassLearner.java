package io.skein.routing.predict;

import io.skein.routing.candidate.EndpointLoad;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Learns what the requests of a node's services cost by their class. [#turn] reads what the
/// [SampleRing]s hold, some ten times a second, off the event loops. Any thread; methods but
/// [#open] exclude one another and are not for event loops.
///
/// Bounds: 64 classes and 256 counted hashes a service; for an endpoint 9 KiB and 0.2 KiB a class
/// that came there; at most [SampleRing#ROOM] answers of each event loop a turn, which is also what
/// bounds the time a turn takes: a tenth of a microsecond for each, and about one more for each
/// that is learned in full, which of a frequent class are an eighth.
public final class ClassLearner {
  private static final double NANOS = 1e9;

  private final List<SampleRing> rings = new CopyOnWriteArrayList<>();
  private final TreeMap<String, ServiceClasses> services = new TreeMap<>();
  private final Map<Integer, Owned> numbers = new LinkedHashMap<>();
  private int nextNumber;
  private long lastNanos;
  private boolean begun;

  private record Owned(ServiceClasses service, EndpointModel endpoint) {}

  /// A ring for one more event loop. Waits for nobody.
  public SampleRing open() {
    SampleRing ring = new SampleRing();
    rings.add(ring);
    return ring;
  }

  /// Learns of a service from now on, or goes on doing so.
  ///
  /// @param loads its endpoints by id; what was learned of others is forgotten
  public synchronized ServiceClasses learn(String service, Map<String, EndpointLoad> loads) {
    ServiceClasses classes =
        services.computeIfAbsent(service, name -> new ServiceClasses(name, this));
    classes.keep(loads, numbers);
    loads.forEach((id, load) -> {
      if (classes.endpoint(id) == null) {
        int number = nextNumber++;
        numbers.put(number, new Owned(classes, classes.attach(id, load, number)));
      }
    });
    return classes;
  }

  /// Forgets services that are not among these.
  public synchronized void keep(Set<String> names) {
    services
        .entrySet()
        .removeIf(entry -> {
          boolean gone = !names.contains(entry.getKey());
          if (gone) {
            entry.getValue().keep(Map.of(), numbers);
          }
          return gone;
        });
  }

  /// Reads and learns what came since the last turn.
  ///
  /// @param nowNanos monotonic now
  public synchronized void turn(long nowNanos) {
    for (SampleRing ring : rings) {
      ring.drain(this::sample);
    }
    double seconds = (nowNanos - lastNanos) / NANOS;
    if (begun && seconds <= 0) {
      return;
    }
    for (ServiceClasses service : services.values()) {
      service.turn(begun ? seconds : 1);
    }
    begun = true;
    lastNanos = nowNanos;
  }

  private void sample(
      int endpoint,
      long hash,
      long latencyNanos,
      int inFlight,
      boolean failed,
      float cpu,
      float memory) {
    Owned owned = numbers.get(endpoint);
    if (owned != null) {
      owned.service().sample(owned.endpoint(), hash, latencyNanos, inFlight, failed, cpu, memory);
    }
  }

  /// The classes of a service by number; empty if nothing is learned of it.
  public synchronized List<ClassSeen> view(String service) {
    @Nullable ServiceClasses classes = services.get(service);
    return classes == null ? List.of() : classes.view();
  }

  /// Whether a service's classes are learned.
  public synchronized boolean learns(String service) {
    return services.containsKey(service);
  }

  /// Answers that found no room, since the beginning.
  public synchronized long lost() {
    return rings.stream().mapToLong(SampleRing::lost).sum();
  }
}
