package io.skein.app.config;

import java.time.Duration;

/// Section `proxy`: how requests are passed on.
///
/// @param timeouts limits of one try
/// @param retryBudget retries allowed as a share of requests, 0 to 1. More hides more failures and
///   multiplies the load of an overload
/// @param locality preference for the own region
/// @param clients what clients may do
/// @param http2 bounds of connections in HTTP/2
public record ProxyConfig(
    Timeouts timeouts, double retryBudget, Locality locality, Clients clients, Http2 http2) {
  static final double DEFAULT_RETRY_BUDGET = 0.2;

  /// Section `proxy.timeouts`.
  ///
  /// @param connect until the connection to an endpoint stands
  /// @param firstByte from the end of the request until the first byte of the answer
  /// @param idle silence on a connection in the middle of a body, or between requests
  public record Timeouts(Duration connect, Duration firstByte, Duration idle) {
    static final Duration LEAST = Duration.ofMillis(10);
    static final Duration MOST = Duration.ofHours(1);

    /// 1 s, 30 s, 60 s.
    public static final Timeouts DEFAULT =
        new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(60));

    public Timeouts {
      Limits.duration(connect, LEAST, MOST);
      Limits.duration(firstByte, LEAST, MOST);
      Limits.duration(idle, LEAST, MOST);
    }
  }

  /// Section `proxy.locality`.
  ///
  /// @param probeFloor share of requests that other regions get at least, 0 to 0.5, so that their
  ///   latency stays known; of a busy service no more than 10 a second, and of those that may be
  ///   repeated, where such come. 0 saves the distance and is blind to them
  /// @param spillOver whether requests go to other regions, too, when the endpoints here are too
  ///   busy; else only what no endpoint here can serve
  public record Locality(double probeFloor, boolean spillOver) {
    static final double MOST_FLOOR = 0.5;

    /// 3 %, with spill-over.
    public static final Locality DEFAULT = new Locality(0.03, true);

    public Locality {
      Limits.fraction(probeFloor, MOST_FLOOR);
    }
  }

  /// Section `proxy.clients`.
  ///
  /// @param connections open at once from all, 1 to 1,000,000; beyond: closed at once
  /// @param connectionsPerAddress open at once from one address; 0: no limit of its own
  /// @param bodyRate bytes a second that a body must bring at least, 0 to 1 MiB; 0: any
  /// @param answerRate bytes a second of an answer that must be taken at least
  /// @param stretch over which the rates are judged, 1 s to 10 min
  /// @param requestsPerConnection after which one ends; 0: never
  /// @param connectionAge after which one ends between two answers, 0 to 7 days; 0: never
  public record Clients(
      int connections,
      int connectionsPerAddress,
      int bodyRate,
      int answerRate,
      Duration stretch,
      int requestsPerConnection,
      Duration connectionAge) {
    static final int MOST_CONNECTIONS = 1_000_000;
    static final int MOST_RATE = 1 << 20;
    static final Duration LEAST_STRETCH = Duration.ofSeconds(1);
    static final Duration MOST_STRETCH = Duration.ofMinutes(10);

    static final Duration MOST_AGE = Duration.ofDays(7);

    /// 20,000, no limit by address, 240 bytes a second either way over 10 s; an hour.
    public static final Clients DEFAULT =
        new Clients(20_000, 0, 240, 240, Duration.ofSeconds(10), 0, Duration.ofHours(1));

    public Clients {
      Limits.integer(connections, 1, MOST_CONNECTIONS);
      Limits.integer(connectionsPerAddress, 0, MOST_CONNECTIONS);
      Limits.integer(bodyRate, 0, MOST_RATE);
      Limits.integer(answerRate, 0, MOST_RATE);
      Limits.duration(stretch, LEAST_STRETCH, MOST_STRETCH);
      Limits.integer(requestsPerConnection, 0, Integer.MAX_VALUE);
      Limits.duration(connectionAge, Duration.ZERO, MOST_AGE);
    }
  }

  /// Section `proxy.http2`: see [io.skein.proxy.http.Http2Config].
  ///
  /// @param streams at once on a connection
  /// @param streamWindowBytes what a peer may send ahead on each
  /// @param sharedWindowBytes lent to those that move
  /// @param heldBytes of bodies that a connection may make the node hold
  /// @param headerListBytes of a request's fields; beyond: 431
  /// @param resets that a client may cause in 10 s
  /// @param controlFrames a second that move nothing, and 20 times as many at once
  public record Http2(
      int streams,
      int streamWindowBytes,
      int sharedWindowBytes,
      int heldBytes,
      int headerListBytes,
      int resets,
      int controlFrames) {
    static final int MOST_STREAMS = 1_000;
    static final int LEAST_WINDOW = 16 << 10;
    static final int MOST_STREAM_WINDOW = 1 << 20;
    static final int MOST_SHARED_WINDOW = 64 << 20;
    static final int LEAST_HELD = 256 << 10;
    static final int MOST_HELD = 1 << 30;
    static final int LEAST_HEADERS = 1 << 10;
    static final int MOST_HEADERS = 1 << 20;
    static final int LEAST_RESETS = 10;
    static final int MOST_FRAMES = 100_000;

    /// 128 streams of 64 KiB and 1 MiB to lend; 4 MiB held; 32 KiB of fields; 200 resets, 20
    /// control frames.
    public static final Http2 DEFAULT =
        new Http2(128, 64 << 10, 1 << 20, 4 << 20, 32 << 10, 200, 20);

    public Http2 {
      Limits.integer(streams, 1, MOST_STREAMS);
      Limits.integer(streamWindowBytes, LEAST_WINDOW, MOST_STREAM_WINDOW);
      Limits.integer(sharedWindowBytes, 0, MOST_SHARED_WINDOW);
      Limits.integer(heldBytes, LEAST_HELD, MOST_HELD);
      Limits.integer(headerListBytes, LEAST_HEADERS, MOST_HEADERS);
      Limits.integer(resets, LEAST_RESETS, MOST_FRAMES);
      Limits.integer(controlFrames, 1, MOST_FRAMES);
    }
  }

  public ProxyConfig {
    Limits.fraction(retryBudget, 1);
  }
}
