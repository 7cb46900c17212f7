package io.skein.proxy.discovery;

import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.skein.proxy.discovery.DnsLookup.Answer;
import io.skein.proxy.discovery.DnsLookup.Service;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Keeps the answers to a set of queries fresh. Any thread may call its methods; answers come on
/// Vert.x threads, never two at a time for one key.
///
/// An answer holds for the shortest time to live of its records, within the bounds that the asker
/// states; that a name does not exist holds for the lower bound. When nobody answers, or a server
/// cannot tell, the last answer stays good, however old it is, and the question is repeated after
/// the lower bound. The pauses vary by a tenth, so that not all nodes ask at once.
///
/// Bounds: [#MAX_TARGETS] targets of an SRV name, [#MAX_ENDPOINTS] endpoints of a query; the first
/// in the order of their addresses count, so that all nodes leave out the same.
public final class DnsWatch implements AutoCloseable {
  /// The most endpoints of one query.
  public static final int MAX_ENDPOINTS = 256;

  /// The most targets of one SRV name.
  public static final int MAX_TARGETS = 64;

  private static final int MAX_WEIGHT = 1_000;

  private final Vertx vertx;
  private final Duration timeout;
  private final Map<List<InetSocketAddress>, DnsLookup> lookups = new HashMap<>();
  private final Listener listener;
  private final SplittableRandom random;
  private final Supplier<Instant> clock;
  private final Map<String, Running> running = new HashMap<>();

  /// What is asked again and again.
  ///
  /// @param query the question
  /// @param servers whom to ask, in this order; empty: those of the system
  /// @param minTtl shortest time between two questions
  /// @param maxTtl longest
  public record Wanted(
      DnsQuery query, List<InetSocketAddress> servers, Duration minTtl, Duration maxTtl) {
    public Wanted {
      servers = List.copyOf(servers);
      if (minTtl.toMillis() < 1 || maxTtl.compareTo(minTtl) < 0) {
        throw new IllegalArgumentException(
            "ttl: " + minTtl + ".." + maxTtl + " (expected: 1 ms <= min <= max)");
      }
    }
  }

  /// Hears every answer and every failure. Called on Vert.x threads; must not block.
  @FunctionalInterface
  public interface Listener {
    void resolved(String key, Resolution resolution);
  }

  /// @param timeout how long one server may take
  /// @param random draws the jitter
  public DnsWatch(
      Vertx vertx,
      Duration timeout,
      Listener listener,
      Supplier<Instant> clock,
      SplittableRandom random) {
    this.vertx = vertx;
    this.timeout = timeout;
    this.listener = listener;
    this.clock = clock;
    this.random = random;
  }

  /// Makes `wanted` the whole set, by keys of the caller's choice. A query that was there before
  /// goes on undisturbed; one that is gone is not heard of any more; a new one is asked at once.
  public synchronized void replace(Map<String, Wanted> wanted) {
    running
        .entrySet()
        .removeIf(entry -> {
          boolean gone = !entry.getValue().wanted.equals(wanted.get(entry.getKey()));
          if (gone) {
            entry.getValue().stop();
          }
          return gone;
        });
    wanted.forEach((key, what) ->
        running.computeIfAbsent(
            key,
            _ -> {
              DnsLookup lookup = lookups.computeIfAbsent(what.servers(), this::lookup);
              Running begun = new Running(key, what, lookup, random.split());
              begun.ask();
              return begun;
            }));
    Set<List<InetSocketAddress>> used =
        running.values().stream().map(one -> one.wanted.servers()).collect(Collectors.toSet());
    lookups
        .entrySet()
        .removeIf(entry -> {
          boolean idle = !used.contains(entry.getKey());
          if (idle) {
            entry.getValue().close();
          }
          return idle;
        });
  }

  private DnsLookup lookup(List<InetSocketAddress> servers) {
    return new DnsLookup(
        (VertxInternal) vertx,
        servers.isEmpty()
            ? DnsServerAddressStreamProviders.platformDefault()
            : new SequentialDnsServerAddressStreamProvider(servers),
        timeout.toMillis());
  }

  @Override
  public synchronized void close() {
    running.values().forEach(Running::stop);
    running.clear();
    lookups.values().forEach(DnsLookup::close);
    lookups.clear();
  }

  private final class Running {
    final Wanted wanted;
    private final DnsLookup lookup;
    private final String key;
    private final SplittableRandom chance;
    private volatile boolean live = true;
    private volatile long timer = -1;
    private volatile List<Found> lastGood = List.of();
    private volatile int leftOut;

    Running(String key, Wanted wanted, DnsLookup lookup, SplittableRandom chance) {
      this.lookup = lookup;
      this.key = key;
      this.wanted = wanted;
      this.chance = chance;
    }

    void stop() {
      live = false;
      vertx.cancelTimer(timer);
    }

    void ask() {
      find(lookup, wanted.query())
          .onComplete(asked -> {
            if (!live) {
              return;
            }
            Duration pause = wanted.minTtl();
            String failure = "";
            if (asked.succeeded()) {
              List<Found> all = new ArrayList<>(new TreeSet<>(asked.result().records()));
              lastGood = List.copyOf(all.subList(0, Math.min(all.size(), MAX_ENDPOINTS)));
              leftOut = all.size() - lastGood.size();
              pause = within(Duration.ofSeconds(asked.result().ttlSeconds()));
            } else {
              failure = String.valueOf(asked.cause().getMessage());
            }
            listener.resolved(key, new Resolution(lastGood, clock.get(), failure, leftOut));
            double varied = pause.toMillis() * (0.9 + 0.2 * chance.nextDouble());
            timer = vertx.setTimer(Math.max(1, (long) varied), _ -> askAgain());
          });
    }

    private void askAgain() {
      if (live) {
        ask();
      }
    }

    private Duration within(Duration ttl) {
      return ttl.compareTo(wanted.minTtl()) < 0
          ? wanted.minTtl()
          : ttl.compareTo(wanted.maxTtl()) > 0 ? wanted.maxTtl() : ttl;
    }
  }

  private static Future<Answer<Found>> find(DnsLookup lookup, DnsQuery query) {
    return switch (query.kind()) {
      case ADDRESS -> at(lookup, query.name(), query.port(), 1);
      case SRV -> lookup.services(query.name()).compose(services -> ofServices(lookup, services));
    };
  }

  /// Both families; one that cannot be had is left out as long as the other answers with something.
  private static Future<Answer<Found>> at(DnsLookup lookup, String name, int port, int weight) {
    Future<Answer<String>> four = lookup.addresses(name, DnsRecordType.A);
    Future<Answer<String>> six = lookup.addresses(name, DnsRecordType.AAAA);
    return Future.join(four, six)
        .transform(_ -> {
          List<Answer<String>> answers = new ArrayList<>();
          for (Future<Answer<String>> one : List.of(four, six)) {
            if (one.succeeded() && !one.result().records().isEmpty()) {
              answers.add(one.result());
            }
          }
          if (answers.isEmpty() && (four.failed() || six.failed())) {
            return Future.failedFuture(four.failed() ? four.cause() : six.cause());
          }
          List<Found> found = new ArrayList<>();
          long ttl = answers.isEmpty() ? 0 : Long.MAX_VALUE;
          for (Answer<String> answer : answers) {
            answer.records().forEach(address -> found.add(new Found(address, port, weight)));
            ttl = Math.min(ttl, answer.ttlSeconds());
          }
          return Future.succeededFuture(new Answer<>(found, ttl));
        });
  }

  private static Future<Answer<Found>> ofServices(DnsLookup lookup, Answer<Service> services) {
    int best =
        services.records().stream().mapToInt(Service::priority).min().orElse(Integer.MAX_VALUE);
    List<Service> first =
        services.records().stream()
            .filter(service -> service.priority() == best)
            .sorted(java.util.Comparator.comparing(Service::target).thenComparingInt(Service::port))
            .limit(MAX_TARGETS)
            .toList();
    if (first.isEmpty()) {
      return Future.succeededFuture(new Answer<>(List.of(), 0));
    }
    int heaviest = first.stream().mapToInt(Service::weight).max().orElse(1);
    List<Future<Answer<Found>>> targets = new ArrayList<>();
    for (Service service : first) {
      targets.add(at(lookup, service.target(), service.port(), weight(service.weight(), heaviest)));
    }
    return Future.all(targets)
        .map(_ -> {
          List<Found> found = new ArrayList<>();
          long ttl = services.ttlSeconds();
          for (Future<Answer<Found>> target : targets) {
            found.addAll(target.result().records());
            ttl = Math.min(ttl, target.result().ttlSeconds());
          }
          return new Answer<>(found, ttl);
        });
  }

  // Weights of SRV records go up to 65,535, and 0 means hardly anything.
  private static int weight(int weight, int heaviest) {
    return heaviest <= MAX_WEIGHT
        ? Math.max(1, weight)
        : Math.max(1, (int) ((long) weight * MAX_WEIGHT / heaviest));
  }
}
