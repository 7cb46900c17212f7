package io.skein.proxy.http;

import io.netty.util.AsciiString;
import io.skein.proxy.route.Affinity;
import io.skein.proxy.route.RequestKey;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Split;
import io.skein.proxy.route.StickyCookie;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.hash.KeyHash;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Keeps a client with its endpoint: who is tried first, and the cookie that says so next time.
/// Reused from request to request; event loop only.
final class Staying {
  private final Downstream client;
  private final RequestFacts facts;
  private final RandomGenerator random;
  private Affinity affinity = Affinity.NONE;
  private int brought = Affinity.NOWHERE;
  private String at = "";
  private boolean stays;

  Staying(Downstream client, RequestFacts facts, RandomGenerator random) {
    this.random = random;
    this.client = client;
    this.facts = facts;
  }

  void clear() {
    affinity = Affinity.NONE;
    brought = Affinity.NOWHERE;
    at = "";
    stays = false;
  }

  /// Who a request is tried with first; null if that is for the service's policy to say.
  @Nullable Candidate first(ServiceRoute service) {
    Candidate first = home(service);
    stays = first != null;
    return first;
  }

  /// Whether the client has an endpoint to stay with: who is late there is waited for.
  boolean stays() {
    return stays;
  }

  /// Whether the endpoint that the client stays with is lost, as the service is now.
  boolean lost(ServiceRoute now) {
    return now.selector().affinity().isLost(at);
  }

  /// The way there, as the service is now; null if there is none.
  @Nullable Candidate way(ServiceRoute now) {
    Affinity known = now.selector().affinity();
    int place = known.find(at);
    return place == Affinity.NOWHERE ? null : known.way(place);
  }

  /// The request goes another way.
  ///
  /// @param way to the endpoint that the client stays with; null: to another endpoint
  void goes(@Nullable Candidate way) {
    facts.stayAt = way != null && way.kind() == Candidate.Kind.PEER ? at : "";
  }

  private @Nullable Candidate home(ServiceRoute service) {
    affinity = service.selector().affinity();
    if (affinity.by() == Affinity.By.NOTHING) {
      facts.stayAt = "";
      return null;
    }
    int place = client.mesh() ? affinity.find(facts.stayAt) : place();
    facts.stayAt = "";
    if (place == Affinity.NOWHERE) {
      return null;
    }
    at = affinity.id(place);
    Candidate way = affinity.way(place);
    if (way.kind() == Candidate.Kind.PEER) {
      if (client.mesh()) {
        return null;
      }
      facts.stayAt = at;
    }
    return way;
  }

  /// The key of the request, for a policy that places by key.
  long key(ServiceRoute service) {
    RequestKey wanted = service.selector().key();
    return switch (wanted.by()) {
      case NOTHING -> 0;
      case TARGET -> KeyHash.of(facts.target);
      case ADDRESS ->
          client.mesh() ? keyOf("x-forwarded-for") : KeyHash.of(client.origin().address());
      case HEADER -> keyOf(wanted.name());
    };
  }

  /// The key by which an experiment knows the client.
  long key(Split split) {
    return switch (split.by()) {
      case ADDRESS -> KeyHash.of(client.origin().address());
      case REQUEST -> random.nextLong();
      case HEADER -> {
        CharSequence value = facts.fields.first(split.field());
        yield KeyHash.of(value == null ? client.origin().address() : value);
      }
      case COOKIE -> {
        CharSequence value = cookieValue(split.field());
        yield KeyHash.of(value == null ? client.origin().address() : value);
      }
    };
  }

  private @Nullable CharSequence cookieValue(String name) {
    Fields fields = facts.fields;
    for (int i = 0; i < fields.count(); i++) {
      if (AsciiString.contentEqualsIgnoreCase(fields.name(i), "cookie")) {
        String value = fields.value(i).toString();
        int at = begins(value, 0, name);
        if (at >= 0) {
          int semicolon = value.indexOf(';', at);
          return value.substring(
              at + name.length() + 1, semicolon < 0 ? value.length() : semicolon);
        }
      }
    }
    return null;
  }

  private long keyOf(String field) {
    CharSequence value = facts.fields.first(field);
    return value == null ? random.nextLong() : KeyHash.of(value);
  }

  private int place() {
    return switch (affinity.by()) {
      case NOTHING -> Affinity.NOWHERE;
      case ADDRESS -> affinity.choose(client.origin().address());
      case HEADER -> {
        CharSequence value = facts.fields.first(affinity.name());
        yield value == null ? Affinity.NOWHERE : affinity.choose(value);
      }
      case COOKIE -> {
        brought = cookie(affinity.cookie().orElseThrow());
        yield brought;
      }
    };
  }

  /// The place that the client's cookie names; takes the cookie out of what endpoints see, whatever
  /// it is, unless they are to see it.
  private int cookie(StickyCookie ours) {
    int place = Affinity.NOWHERE;
    Fields fields = facts.fields;
    boolean emptied = false;
    for (int i = 0; i < fields.count(); i++) {
      if (!AsciiString.contentEqualsIgnoreCase(fields.name(i), "cookie")) {
        continue;
      }
      String value = fields.value(i).toString();
      int at = begins(value, 0, ours.name());
      if (at < 0) {
        continue;
      }
      StringBuilder rest = new StringBuilder(value.length());
      int kept = 0;
      for (; at >= 0; at = begins(value, kept, ours.name())) {
        int from = at + ours.name().length() + 1;
        int semicolon = value.indexOf(';', from);
        int end = semicolon < 0 ? value.length() : semicolon;
        if (place == Affinity.NOWHERE && end - from == StickyCookie.DIGITS) {
          place = affinity.find(value, from);
        }
        rest.append(value, kept, at);
        kept = semicolon < 0 ? end : next(value, semicolon + 1);
      }
      if (!ours.passedOn()) {
        String left = trimmed(rest.append(value, kept, value.length()));
        fields.setValue(i, left);
        emptied |= left.isEmpty();
      }
    }
    if (emptied) {
      fields.removeEmpty("cookie");
    }
    return place;
  }

  /// Where a pair of that name begins; negative if none does.
  private static int begins(String value, int from, String name) {
    int at = next(value, from);
    while (at < value.length()) {
      int end = at + name.length();
      if (value.startsWith(name, at) && end < value.length() && value.charAt(end) == '=') {
        return at;
      }
      int semicolon = value.indexOf(';', at);
      at = semicolon < 0 ? value.length() : next(value, semicolon + 1);
    }
    return -1;
  }

  private static int next(String value, int from) {
    int at = from;
    while (at < value.length() && value.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private static String trimmed(StringBuilder pairs) {
    int end = pairs.length();
    while (end > 0 && (pairs.charAt(end - 1) == ' ' || pairs.charAt(end - 1) == ';')) {
      end--;
    }
    return pairs.substring(0, end);
  }

  /// Tells the client where it was, if its cookie does not say so already.
  ///
  /// @param servedBy the endpoint that answered; empty if none did
  void edit(ResponseFacts answer, String servedBy) {
    Optional<StickyCookie> cookie = affinity.cookie();
    if (cookie.isEmpty() || client.mesh()) {
      return;
    }
    int place = affinity.find(servedBy);
    if (place != Affinity.NOWHERE && place != brought) {
      answer.fields.add("set-cookie", cookie.get().set(servedBy, facts.scheme.equals("https")));
    }
  }
}
