package io.skein.proxy.route;

import io.skein.proxy.web.Web;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// What is done with a request that a rule matches.
public sealed interface Action {
  /// It goes to one of some services, each drawn as often as its weight says. What is tried again
  /// stays with the service that was drawn.
  ///
  /// @param shares the services; at least one with a weight
  /// @param path what becomes of the path
  /// @param host the Host that endpoints see; empty: the client's
  /// @param request changes of the request's fields
  /// @param response changes of the answer's fields
  /// @param patience overrides of the service's
  /// @param mirror a copy that goes elsewhere, if any
  /// @param web what is done for browsers, where that differs from the service
  record Forward(
      List<Share> shares,
      Rewrite path,
      String host,
      Edits request,
      Edits response,
      Patience patience,
      Optional<Mirror> mirror,
      Web.Change web)
      implements Action {
    public Forward {
      shares = List.copyOf(shares);
      long total = shares.stream().mapToLong(Share::weight).sum();
      if (total < 1 || total > 1_000_000) {
        throw new IllegalArgumentException("sum of weights: " + total + " (expected: 1..1000000)");
      }
    }

    /// As the service has it for browsers.
    public Forward(
        List<Share> shares,
        Rewrite path,
        String host,
        Edits request,
        Edits response,
        Patience patience,
        Optional<Mirror> mirror) {
      this(shares, path, host, request, response, patience, mirror, Web.Change.NONE);
    }

    int totalWeight() {
      int total = 0;
      for (int i = 0; i < shares.size(); i++) {
        total += shares.get(i).weight();
      }
      return total;
    }
  }

  /// A service's share.
  ///
  /// @param weight 0 to 1,000; relative to the others
  record Share(String service, int weight) {
    public Share {
      if (weight < 0 || weight > 1_000) {
        throw new IllegalArgumentException("weight: " + weight + " (expected: 0..1000)");
      }
    }
  }

  /// What becomes of the path on its way; the query stays.
  sealed interface Rewrite {
    /// Nothing.
    record Keep() implements Rewrite {}

    /// The segments that a prefix or an exact path matched are replaced.
    ///
    /// @param with begins with a slash
    record Prefix(String with) implements Rewrite {}

    /// Every match of the rule's regular expression, which is the whole path, is replaced; `$1` and
    /// the like are its groups.
    record Substitution(String with) implements Rewrite {}
  }

  /// Overrides of a service's patience, in nanoseconds.
  record Patience(OptionalLong connectNanos, OptionalLong firstByteNanos, OptionalLong idleNanos) {
    /// As the service has it.
    public static final Patience USUAL =
        new Patience(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    Timeouts of(Timeouts usual) {
      return new Timeouts(
          connectNanos.orElse(usual.connectNanos()),
          firstByteNanos.orElse(usual.firstByteNanos()),
          idleNanos.orElse(usual.idleNanos()));
    }
  }

  /// A copy of some requests, whose answers are thrown away.
  ///
  /// @param service where it goes
  /// @param share of the requests, in parts of a million
  /// @param maxBytes requests with a longer body are not copied
  record Mirror(String service, int share, int maxBytes) {
    /// All of it.
    public static final int WHOLE = 1_000_000;

    public Mirror {
      if (share < 0 || share > WHOLE || maxBytes < 0) {
        throw new IllegalArgumentException("mirror: " + share + ", " + maxBytes);
      }
    }
  }

  /// The client is sent elsewhere. What is not said stays as it was asked for.
  ///
  /// @param scheme `http`, `https` or empty
  /// @param host or empty
  /// @param port if any; without one it is the scheme's own if scheme or host are said
  /// @param path what becomes of the path; the query stays
  /// @param status 301, 302, 303, 307 or 308
  record Redirect(String scheme, String host, OptionalInt port, Rewrite path, int status)
      implements Action {
    /// Where a request is sent.
    ///
    /// @param asked its scheme, its Host and its target in plain form
    public String location(Rule rule, String askedScheme, String askedHost, String target) {
      String to = target.equals("*") ? "/" : target;
      int bracket = askedHost.lastIndexOf(']');
      int colon = askedHost.indexOf(':', Math.max(0, bracket));
      String name = colon < 0 ? askedHost : askedHost.substring(0, colon);
      String given = colon < 0 ? "" : askedHost.substring(colon);
      boolean elsewhere = (!scheme.isEmpty() && !scheme.equals(askedScheme)) || !host.isEmpty();
      String at = port.isPresent() ? ":" + port.getAsInt() : elsewhere ? "" : given;
      String how = scheme.isEmpty() ? askedScheme : scheme;
      if (at.equals(how.equals("https") ? ":443" : ":80")) {
        at = "";
      }
      return how + "://" + (host.isEmpty() ? name : host) + at + Rewrites.apply(rule, path, to);
    }
  }

  /// The proxy answers itself.
  ///
  /// @param status 200 to 599
  /// @param contentType of the body
  /// @param body at most 4 KiB
  record Answer(int status, String contentType, String body) implements Action {
    /// Most bytes of a body.
    public static final int MAX_BODY = 4_096;

    public Answer {
      if (status < 200 || status > 599 || body.getBytes(StandardCharsets.UTF_8).length > MAX_BODY) {
        throw new IllegalArgumentException("answer: status " + status + " or its body");
      }
    }
  }

  /// Changes of a head's fields: first those to remove go, then those to set replace all of their
  /// name, then those to add come behind.
  ///
  /// @param set names and values
  /// @param add names and values
  /// @param remove names
  record Edits(List<Line> set, List<Line> add, List<String> remove) {
    /// None.
    public static final Edits NONE = new Edits(List.of(), List.of(), List.of());

    public Edits {
      set = List.copyOf(set);
      add = List.copyOf(add);
      remove = List.copyOf(remove);
    }

    /// Whether there are none.
    public boolean isEmpty() {
      return set.isEmpty() && add.isEmpty() && remove.isEmpty();
    }
  }

  /// A header field.
  record Line(String name, String value) {
    private static final Set<String> OWN =
        Set.of(
            "connection",
            "content-length",
            "expect",
            "forwarded",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "sec-websocket-key1",
            "sec-websocket-key2",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto");

    public Line {
      if (!mayChange(name)) {
        throw new IllegalArgumentException("name: '" + name + "' is the proxy's own");
      }
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if ((c < 0x20 && c != '\t') || c == 0x7f || c > 0xff) {
          throw new IllegalArgumentException("value: a character that no field may have");
        }
      }
    }

    /// Whether a rule may change fields of that name: not what ends at this hop, what frames the
    /// message, or what the proxy says itself.
    public static boolean mayChange(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      return !lower.isEmpty() && !OWN.contains(lower) && !lower.startsWith("skein-");
    }
  }

  /// The services that an action may send a request to.
  static List<String> services(Action action) {
    List<String> names = new ArrayList<>();
    if (action instanceof Forward forward) {
      forward.shares().forEach(share -> names.add(share.service()));
      forward.mirror().ifPresent(mirror -> names.add(mirror.service()));
    }
    return names;
  }
}
