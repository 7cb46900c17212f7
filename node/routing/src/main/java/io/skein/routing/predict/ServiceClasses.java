package io.skein.routing.predict;

import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.LatencyByClass;
import io.skein.routing.candidate.RequestClass;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The classes of one service's requests. [#classOf] may be called by any thread; all else is
/// called under the lock of the [ClassLearner] it belongs to.
public final class ServiceClasses {
  /// Nothing is learned: all requests are of one class.
  public static final ServiceClasses NONE = new ServiceClasses("", new ClassLearner());

  /// The most classes of a service, that of all others not counted.
  public static final int MOST_CLASSES = 64;

  private static final int COUNTED = 4 * MOST_CLASSES;

  /// How often a hash must have come to become a class.
  private static final long FREQUENT = 16;

  /// By how much a hash must be more frequent than the class it displaces: two that are alike would
  /// take turns otherwise.
  private static final long CLEARLY = 2;

  /// Requests after which counts are halved.
  private static final int HALVED_AFTER = 1 << 14;

  /// Of a class that stays away from an endpoint, 1/e of the prediction counts after this many
  /// requests for each endpoint.
  private static final double PATIENCE = 256;

  /// A class weighs that much in its service's mix even if it has not come for long.
  private static final double LEAST_RATE = 1e-3;

  private static final double MOST_FACTOR = 64;

  private final String service;
  private final ClassLearner learner;
  private final HeavyHitters frequent = new HeavyHitters(COUNTED);
  private final @Nullable Fingerprint[] named = new Fingerprint[COUNTED];
  private final long[] namedHashes = new long[COUNTED];
  private final long[] hashes = new long[MOST_CLASSES + 1];
  private final @Nullable Fingerprint[] known = new Fingerprint[MOST_CLASSES + 1];
  private final long[] turns = new long[MOST_CLASSES + 1];
  private final Rate[] rates = new Rate[MOST_CLASSES + 1];
  private final TreeMap<String, EndpointModel> endpoints = new TreeMap<>();
  private volatile ClassTable table;
  private int sinceHalved;
  private boolean taught;

  ServiceClasses(String service, ClassLearner learner) {
    this.service = service;
    this.learner = learner;
    this.table = new ClassTable(service, hashes);
    for (int i = 0; i < rates.length; i++) {
      rates[i] = new Rate();
    }
  }

  public String service() {
    return service;
  }

  /// Who learns, for an event loop that opens its ring there.
  public ClassLearner learner() {
    return learner;
  }

  /// The class of a request. Allocates nothing.
  ///
  /// @param hash of its [Fingerprint]
  /// @param idempotent whether its method is
  public RequestClass classOf(long hash, boolean idempotent) {
    ClassTable now = table;
    return now.of(now.number(hash), idempotent);
  }

  // ---- teaching

  void named(long hash, Fingerprint fingerprint) {
    int place = frequent.find(hash);
    if (place != HeavyHitters.NONE) {
      named[place] = fingerprint;
      namedHashes[place] = hash;
    }
  }

  void sample(
      EndpointModel endpoint,
      long hash,
      long latencyNanos,
      int inFlight,
      boolean failed,
      float cpu,
      float memory) {
    taught = true;
    frequent.add(hash);
    if (++sinceHalved == HALVED_AFTER) {
      sinceHalved = 0;
      frequent.halve();
    }
    // How long a failure takes says nothing; that it failed is for the endpoint's load to count.
    if (failed) {
      return;
    }
    int number = table.number(hash);
    rates[number].count(1);
    endpoint.learn(number, number == 0 ? 0 : hash, latencyNanos, inFlight, ++turns[number]);
    if (cpu >= 0) {
      endpoint.told(number, cpu, memory);
    }
  }

  /// Ends a turn: makes classes of what is frequent and publishes what was learned.
  ///
  /// @param seconds since the last turn
  void turn(double seconds) {
    for (Rate rate : rates) {
      rate.tick(seconds);
    }
    for (EndpointModel endpoint : endpoints.values()) {
      endpoint.tick(seconds);
    }
    if (!taught) {
      return;
    }
    taught = false;
    promote();
    int n = endpoints.size();
    double[][] factors = new double[n][];
    double[] elsewhere = new double[MOST_CLASSES + 1];
    int[] known = new int[MOST_CLASSES + 1];
    int at = 0;
    for (EndpointModel endpoint : endpoints.values()) {
      factors[at] = factors(endpoint);
      for (int number = 0; number <= MOST_CLASSES; number++) {
        elsewhere[number] += factors[at][number];
        known[number] += factors[at][number] > 0 ? 1 : 0;
      }
      at++;
    }
    at = 0;
    for (EndpointModel endpoint : endpoints.values()) {
      double[] its = factors[at++];
      for (int number = 0; number <= MOST_CLASSES; number++) {
        if (its[number] == 0) {
          its[number] = known[number] == 0 ? 1 : elsewhere[number] / known[number];
        }
      }
      endpoint.publish(its, turns, PATIENCE * n);
    }
  }

  /// What each class takes there as a multiple of what the service's mix takes; 0 where that is not
  /// known.
  private double[] factors(EndpointModel endpoint) {
    double[] factors = new double[MOST_CLASSES + 1];
    double sum = 0;
    double weight = 0;
    for (int number = 0; number <= MOST_CLASSES; number++) {
      factors[number] = endpoint.usual(number);
      if (factors[number] > 0) {
        double share = rates[number].perSecond() + LEAST_RATE;
        sum += share * factors[number];
        weight += share;
      }
    }
    for (int number = 0; number <= MOST_CLASSES; number++) {
      if (factors[number] > 0) {
        factors[number] =
            Math.max(1 / MOST_FACTOR, Math.min(MOST_FACTOR, factors[number] * weight / sum));
      }
    }
    return factors;
  }

  private void promote() {
    boolean changed = false;
    for (int place = 0; place < frequent.size(); place++) {
      Fingerprint fingerprint = named[place];
      long hash = frequent.hash(place);
      if (fingerprint == null
          || namedHashes[place] != hash
          || frequent.atLeast(place) < FREQUENT
          || table.number(hash) != RequestClass.OTHER
          || assigned(hash)) {
        continue;
      }
      int number = place(frequent.atLeast(place));
      if (number != RequestClass.OTHER) {
        hashes[number] = hash;
        known[number] = fingerprint;
        turns[number] = 0;
        rates[number] = new Rate();
        for (EndpointModel endpoint : endpoints.values()) {
          endpoint.forget(number);
        }
        changed = true;
      }
    }
    if (changed) {
      table = new ClassTable(service, hashes);
    }
  }

  private boolean assigned(long hash) {
    for (long each : hashes) {
      if (each == hash) {
        return true;
      }
    }
    return false;
  }

  // A free number, or that of a class that is clearly less frequent.
  private int place(long atLeast) {
    int best = RequestClass.OTHER;
    long least = Long.MAX_VALUE;
    for (int number = 1; number <= MOST_CLASSES; number++) {
      if (hashes[number] == 0) {
        return number;
      }
      int place = frequent.find(hashes[number]);
      long count = place == HeavyHitters.NONE ? 0 : frequent.atMost(place);
      if (count < least) {
        least = count;
        best = number;
      }
    }
    return atLeast > CLEARLY * (least + FREQUENT) ? best : RequestClass.OTHER;
  }

  // ---- endpoints

  @Nullable EndpointModel endpoint(String id) {
    return endpoints.get(id);
  }

  EndpointModel attach(String id, EndpointLoad load, int number) {
    EndpointModel model = new EndpointModel(id, load, number, MOST_CLASSES + 1);
    load.byClass(LatencyByClass.unknown(number));
    endpoints.put(id, model);
    return model;
  }

  /// Forgets endpoints that are not among `loads`.
  void keep(Map<String, EndpointLoad> loads, Map<Integer, ?> numbers) {
    for (Iterator<EndpointModel> all = endpoints.values().iterator(); all.hasNext(); ) {
      EndpointModel each = all.next();
      if (loads.get(each.id()) != each.load()) {
        all.remove();
        each.load().byClass(null);
        numbers.remove(each.number());
      }
    }
  }

  // ---- for people

  List<ClassSeen> view() {
    List<ClassSeen> all = new ArrayList<>();
    for (int number = 0; number <= MOST_CLASSES; number++) {
      List<ClassAtEndpoint> there = new ArrayList<>();
      for (EndpointModel endpoint : endpoints.values()) {
        ClassAtEndpoint seen = endpoint.view(number);
        if (seen != null) {
          there.add(seen);
        }
      }
      if (!there.isEmpty() || hashes[number] != 0) {
        all.add(
            new ClassSeen(
                number, Optional.ofNullable(known[number]), rates[number].perSecond(), there));
      }
    }
    return all;
  }
}
