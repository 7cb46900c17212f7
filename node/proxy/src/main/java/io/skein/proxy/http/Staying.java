package io.skein.proxy.http;

import io.netty.util.AsciiString;
import io.skein.proxy.route.Affinity;
import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.candidate.Candidate;
import org.jspecify.annotations.Nullable;

/// Keeps a client with its endpoint: who is tried first, and the cookie that says so next time.
/// Reused from request to request; event loop only.
final class Staying {
  private final Downstream client;
  private final Origin origin;
  private final RequestFacts facts;
  private Affinity affinity = Affinity.NONE;
  private long brought;

  Staying(Downstream client, Origin origin, RequestFacts facts) {
    this.client = client;
    this.origin = origin;
    this.facts = facts;
  }

  void clear() {
    affinity = Affinity.NONE;
    brought = 0;
  }

  /// Who a request is tried with first; null if that is for the service's policy to say.
  @Nullable Candidate first(ServiceRoute service) {
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
    Candidate way = affinity.way(place);
    if (way.kind() == Candidate.Kind.PEER) {
      if (client.mesh()) {
        return null;
      }
      facts.stayAt = affinity.id(place);
    }
    return way;
  }

  private int place() {
    return switch (affinity.by()) {
      case NOTHING -> Affinity.NOWHERE;
      case ADDRESS -> affinity.choose(origin.address());
      case HEADER -> {
        CharSequence value = facts.fields.first(affinity.name());
        yield value == null ? Affinity.NOWHERE : affinity.choose(value);
      }
      case COOKIE -> {
        brought = cookie();
        yield brought == 0 ? Affinity.NOWHERE : affinity.find(brought);
      }
    };
  }

  /// The token that the client's cookie carries; 0 if it has none.
  private long cookie() {
    String name = affinity.name();
    Fields fields = facts.fields;
    for (int i = 0; i < fields.count(); i++) {
      if (!AsciiString.contentEqualsIgnoreCase(fields.name(i), "cookie")) {
        continue;
      }
      String value = fields.value(i).toString();
      int at = 0;
      while (at < value.length()) {
        while (at < value.length() && value.charAt(at) == ' ') {
          at++;
        }
        int semicolon = value.indexOf(';', at);
        int end = semicolon < 0 ? value.length() : semicolon;
        if (end - at == name.length() + 17
            && value.startsWith(name, at)
            && value.charAt(at + name.length()) == '=') {
          long token = hex(value, at + name.length() + 1);
          if (token != 0) {
            return token;
          }
        }
        at = end + 1;
      }
    }
    return 0;
  }

  private static long hex(String text, int from) {
    long value = 0;
    for (int i = from; i < from + 16; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0) {
        return 0;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /// Tells the client where it was, if its cookie does not say so already.
  ///
  /// @param servedBy the endpoint that answered; empty if none did
  void edit(ResponseFacts answer, String servedBy) {
    if (affinity.by() != Affinity.By.COOKIE
        || client.mesh()
        || affinity.find(servedBy) == Affinity.NOWHERE) {
      return;
    }
    long token = Affinity.token(servedBy);
    if (token == brought) {
      return;
    }
    StringBuilder cookie = new StringBuilder(96);
    cookie.append(affinity.name()).append('=').append(Affinity.text(token));
    cookie.append("; Path=/; HttpOnly; SameSite=Lax");
    if (facts.scheme.equals("https")) {
      cookie.append("; Secure");
    }
    if (affinity.maxAgeSeconds() > 0) {
      cookie.append("; Max-Age=").append(affinity.maxAgeSeconds());
    }
    answer.fields.add("set-cookie", cookie.toString());
  }
}
