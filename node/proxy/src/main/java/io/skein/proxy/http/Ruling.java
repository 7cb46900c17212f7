package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.skein.proxy.route.Action;
import io.skein.proxy.route.PathIndex;
import io.skein.proxy.route.Rewrites;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Rule;
import io.skein.proxy.route.SafePath;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Split;
import io.skein.routing.experiment.ArmCounts;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What the mesh's rules make of one request: the service it goes to and the changes of its head,
/// or the proxy's own answer. Reused from request to request; event loop only.
final class Ruling {
  private @Nullable Rule rule;
  private boolean unreadable;
  private @Nullable ServiceRoute copyTo;
  private int copyBytes;
  private @Nullable ArmCounts arm;

  void clear() {
    rule = null;
    unreadable = false;
    copyTo = null;
    arm = null;
  }

  /// Where the answer is counted, if the rule has an experiment.
  @Nullable ArmCounts arm() {
    return arm;
  }

  /// The rule that is followed, if any.
  @Nullable Rule rule() {
    return rule;
  }

  /// Whether the path has no plain form, so that no rule could be trusted with it.
  boolean unreadable() {
    return unreadable;
  }

  /// Finds the rule for a request; without one, the service that answers to its host and path. Its
  /// head is changed as the rule wants it to go upstream.
  ///
  /// @param staying knows the client
  /// @return null if no service gets the request
  @Nullable ServiceRoute resolve(
      RouteTable table, RequestFacts facts, Staying staying, RandomGenerator random) {
    PathIndex rules = table.rules().forHost(facts.host);
    if (rules != null) {
      if (!facts.target.equals("*")) {
        facts.target = SafePath.of(facts.target);
        if (facts.target.isEmpty()) {
          unreadable = true;
          return null;
        }
      }
      Rule found = rules.find(facts);
      if (found != null) {
        rule = found;
        return forward(table, found, facts, staying, random);
      }
    }
    return table.resolve(facts.host, facts.target.equals("*") ? "/" : facts.target).orElse(null);
  }

  /// Finds the service for what a browser asks leave for: by the method that it names, without its
  /// fields, which a preflight does not have. Nothing is changed.
  ///
  /// @return null if there is none
  @Nullable ServiceRoute preflight(RouteTable table, RequestFacts facts, RandomGenerator random) {
    PathIndex rules = table.rules().forHost(facts.host);
    String target = facts.target;
    if (rules != null && !target.equals("*")) {
      facts.target = SafePath.of(target);
      facts.ruledMethod = String.valueOf(facts.fields.first("access-control-request-method"));
      Rule found = facts.target.isEmpty() ? null : rules.find(facts);
      facts.target = target;
      facts.ruledMethod = "";
      if (found != null) {
        return found.action() instanceof Action.Forward ? table.draw(found, random) : null;
      }
    }
    return table.resolve(facts.host, target.equals("*") ? "/" : target).orElse(null);
  }

  /// Who gets a copy of the request; null if nobody does.
  @Nullable ServiceRoute copyTo() {
    return copyTo;
  }

  /// Most bytes of a body that is copied.
  int copyBytes() {
    return copyBytes;
  }

  private @Nullable ServiceRoute forward(
      RouteTable table, Rule rule, RequestFacts facts, Staying staying, RandomGenerator random) {
    if (!(rule.action() instanceof Action.Forward forward)) {
      return null;
    }
    Split split = table.split(rule);
    boolean treated = false;
    if (split != null && split.on()) {
      // Before the rule changes the head that the client is known by.
      treated = split.treats(staying.key(split));
      arm = treated ? split.treatment() : split.control();
    }
    if (!facts.target.equals("*") && !(forward.path() instanceof Action.Rewrite.Keep)) {
      facts.target = Rewrites.apply(rule, forward.path(), facts.target);
    }
    facts.authority = forward.host();
    edit(forward.request(), facts.fields);
    if (forward.mirror().isPresent()) {
      Action.Mirror wanted = forward.mirror().get();
      if (random.nextInt(Action.Mirror.WHOLE) < wanted.share()) {
        copyTo = table.service(wanted.service()).orElse(null);
        copyBytes = wanted.maxBytes();
      }
    }
    return treated ? table.drawTreated(rule, random) : table.draw(rule, random);
  }

  /// Changes the head of an answer as the rule wants it.
  void edit(ResponseFacts facts) {
    Rule followed = rule;
    if (followed != null && followed.action() instanceof Action.Forward forward) {
      edit(forward.response(), facts.fields);
    }
  }

  private static void edit(Action.Edits edits, Fields fields) {
    if (edits.isEmpty()) {
      return;
    }
    edits.remove().forEach(fields::remove);
    for (Action.Line line : edits.set()) {
      fields.set(line.name(), line.value());
    }
    for (Action.Line line : edits.add()) {
      fields.add(line.name(), line.value());
    }
  }

  /// The proxy's own answer, if the rule wants one: its head into `facts`.
  ///
  /// @return its body; null if a service was to answer
  @Nullable ByteBuf answer(RequestFacts request, ResponseFacts facts) {
    Rule followed = rule;
    if (followed == null) {
      return null;
    }
    byte[] body;
    switch (followed.action()) {
      case Action.Forward _ -> {
        return null;
      }
      case Action.Redirect redirect -> {
        body = new byte[0];
        facts.status = redirect.status();
        facts.fields.add(
            "location", redirect.location(followed, request.scheme, request.host, request.target));
      }
      case Action.Answer answer -> {
        body = answer.body().getBytes(StandardCharsets.UTF_8);
        facts.status = answer.status();
        if (body.length > 0) {
          facts.fields.add("content-type", answer.contentType());
        }
      }
    }
    boolean bodiless = request.head || facts.status == 204 || facts.status == 304;
    facts.framing = bodiless ? Framing.NONE : Framing.LENGTH;
    facts.length = body.length;
    facts.lengthText = facts.status == 204 ? "" : Integer.toString(body.length);
    return bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
  }
}
