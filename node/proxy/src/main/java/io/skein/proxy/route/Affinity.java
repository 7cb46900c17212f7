package io.skein.proxy.route;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.predict.ServiceClasses;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Which endpoint of a service a client stays with, whichever node it asks. Immutable: any thread.
///
/// Nodes share no table of clients. A cookie carries a tag of its endpoint that any node of the
/// mesh can check, and only they can make ([StickyKeys]); a header's value or an address chooses by
/// rendezvous hashing over the endpoints that are usable, which every node knows from the ledger.
/// So affinity costs no memory, survives restarts, needs no replication before the next request,
/// and a split mesh agrees as far as it agrees on the endpoints. Where an endpoint is gone, only
/// its clients move.
///
/// Rendezvous hashing: D. Thaler, C. Ravishankar, "Using Name-Based Mappings to Increase Hit Rates"
/// (1998); with weights: the greatest of −weight ÷ ln u, u the hash in (0, 1) (J. Resch, 2015). A
/// choice looks at every endpoint once and allocates nothing.
public final class Affinity {
  /// By what a client is known.
  public enum By {
    /// Not at all.
    NOTHING,
    /// A cookie that the proxy sets.
    COOKIE,
    /// The value of a header field; without it there is no affinity.
    HEADER,
    /// The address it connects from.
    ADDRESS
  }

  /// An endpoint.
  ///
  /// @param id its id in the mesh
  /// @param weight its capacity relative to the others
  /// @param opens whether further clients may be sent there
  /// @param keeps whether those who are there may stay
  /// @param way the endpoint itself, or the peer through which it is reached
  public record Place(String id, int weight, boolean opens, boolean keeps, Candidate way) {}

  /// What [#find] answers for nobody.
  public static final int NOWHERE = -1;

  /// No affinity.
  public static final Affinity NONE = new Affinity(By.NOTHING, "", Optional.empty(), List.of());

  private final By by;
  private final String name;
  private final Optional<StickyCookie> cookie;
  private final ConcurrentHashMap<StickyKeys.Key, StickyKeys.Tag[]> tags =
      new ConcurrentHashMap<>();
  private final Place[] places;
  private final long[] tokens;
  private final boolean evenWeights;
  private final Map<String, Integer> byId = new HashMap<>();
  private final Set<String> lost;

  /// @param name of the header field, if clients are known by one
  /// @param cookie present if clients are known by one
  /// @param places the service's endpoints that can be reached somehow
  public Affinity(By by, String name, Optional<StickyCookie> cookie, List<Place> places) {
    this(by, name, cookie, places, Set.of());
  }

  /// @param lost the ids of those that cannot be reached, or are known to be unfit; not of those
  ///   that go on purpose and finish what they have begun
  public Affinity(
      By by, String name, Optional<StickyCookie> cookie, List<Place> places, Set<String> lost) {
    if (cookie.isPresent() != (by == By.COOKIE)) {
      throw new IllegalArgumentException("cookie: " + cookie + " (expected: for COOKIE only)");
    }
    this.by = by;
    this.name = name;
    this.cookie = cookie;
    this.lost = Set.copyOf(lost);
    this.places = places.toArray(new Place[0]);
    this.tokens = new long[this.places.length];
    boolean even = true;
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = token(this.places[i].id());
      byId.put(this.places[i].id(), i);
      even &= this.places[i].weight() == this.places[0].weight();
    }
    evenWeights = even;
  }

  public By by() {
    return by;
  }

  public String name() {
    return name;
  }

  /// The cookie by which clients are known.
  public Optional<StickyCookie> cookie() {
    return cookie;
  }

  /// The place of a cookie's value; [#NOWHERE] if nobody of this mesh signed it, or its endpoint is
  /// gone or keeps nobody.
  ///
  /// @param text where the value begins at `from`: [StickyCookie#DIGITS] hexadecimal digits
  public int find(CharSequence text, int from) {
    if (cookie.isEmpty()) {
      return NOWHERE;
    }
    try {
      long id = HexFormat.fromHexDigitsToLong(text, from, from + 8);
      long high = HexFormat.fromHexDigitsToLong(text, from + 8, from + 24);
      long low = HexFormat.fromHexDigitsToLong(text, from + 24, from + 40);
      Optional<StickyKeys.Key> key = cookie.get().keys().find(id);
      return key.isEmpty() ? NOWHERE : find(key.get(), high, low);
    } catch (NumberFormatException e) {
      return NOWHERE;
    }
  }

  private int find(StickyKeys.Key key, long high, long low) {
    StickyKeys.Tag[] own = tags.computeIfAbsent(key, this::tags);
    int found = NOWHERE;
    for (int i = 0; i < own.length; i++) {
      // All are looked at: time tells nothing of which.
      if (((own[i].high() ^ high) | (own[i].low() ^ low)) == 0) {
        found = i;
      }
    }
    return found == NOWHERE || !places[found].keeps() ? NOWHERE : found;
  }

  private StickyKeys.Tag[] tags(StickyKeys.Key key) {
    StickyKeys.Tag[] made = new StickyKeys.Tag[places.length];
    String service = cookie.map(StickyCookie::service).orElse("");
    for (int i = 0; i < made.length; i++) {
      made[i] = key.tag(service, places[i].id());
    }
    return made;
  }

  /// The place of an endpoint; [#NOWHERE] if it is not known or keeps nobody.
  public int find(String id) {
    Integer found = byId.get(id);
    return found == null || !places[found].keeps() ? NOWHERE : found;
  }

  /// Whether who waits for an endpoint's answer waits in vain, as far as is known. One that was
  /// taken out of the service still answers.
  public boolean isLost(String id) {
    return lost.contains(id);
  }

  /// The place of a client known by `key`; [#NOWHERE] if none opens.
  public int choose(CharSequence key) {
    long hash = hash(key);
    int best = NOWHERE;
    double greatest = 0;
    long greatestHash = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (!places[i].opens()) {
        continue;
      }
      long mixed = mix(hash ^ tokens[i]) >>> 11;
      if (evenWeights) {
        if (best == NOWHERE || mixed > greatestHash) {
          best = i;
          greatestHash = mixed;
        }
      } else {
        double score = -places[i].weight() / Math.log((mixed + 0.5) * 0x1p-53);
        if (best == NOWHERE || score > greatest) {
          best = i;
          greatest = score;
        }
      }
    }
    return best;
  }

  /// Who is asked for a place.
  public Candidate way(int place) {
    return places[place].way();
  }

  /// The id of a place.
  public String id(int place) {
    return places[place].id();
  }

  /// Where an endpoint stands among others, the same on every node.
  static long token(String id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("skein affinity " + id).getBytes(StandardCharsets.UTF_8));
      long token = 0;
      for (int i = 0; i < 8; i++) {
        token = token << 8 | (digest[i] & 0xff);
      }
      return token;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// A selector that has this affinity.
  public Selector on(Selector chooser) {
    Affinity own = this;
    return new Selector() {
      @Override
      public Decision choose(
          RequestClass request,
          Candidate tried,
          boolean mayForward,
          long nowNanos,
          RandomGenerator random) {
        return chooser.choose(request, tried, mayForward, nowNanos, random);
      }

      @Override
      public Decision choose(
          RequestClass request,
          long key,
          Candidate tried,
          boolean mayForward,
          long nowNanos,
          RandomGenerator random) {
        return chooser.choose(request, key, tried, mayForward, nowNanos, random);
      }

      @Override
      public Decision elsewhere(
          Predicate<Candidate> wanted, boolean mayForward, RandomGenerator random) {
        return chooser.elsewhere(wanted, mayForward, random);
      }

      @Override
      public boolean standsStill(Candidate candidate, long nowNanos) {
        return chooser.standsStill(candidate, nowNanos);
      }

      @Override
      public Optional<LocalFirst.Explained> explain(
          RequestClass request, long key, long nowNanos, RandomGenerator random) {
        return chooser.explain(request, key, nowNanos, random);
      }

      @Override
      public RequestKey key() {
        return chooser.key();
      }

      @Override
      public ServiceClasses classes() {
        return chooser.classes();
      }

      @Override
      public Affinity affinity() {
        return own;
      }
    };
  }

  // FNV-1a, then mixed: the same on every node and in every version.
  private static long hash(CharSequence key) {
    long hash = 0xcbf2_9ce4_8422_2325L;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * 0x100_0000_01b3L;
    }
    return hash;
  }

  // The finaliser of SplitMix64.
  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
    return z ^ z >>> 31;
  }
}
