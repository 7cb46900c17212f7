package io.skein.routing.locality;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Decision.Chosen;
import io.skein.routing.candidate.Decision.NoneAvailable;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.hash.KeyHash;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Whether a request stays with the endpoints this node reaches itself or goes to a peer. Any
/// thread, if the policy may be; allocates nothing.
///
/// Rules, the first that applies:
/// 1. A request that has made its hop stays here.
/// 2. Without peers it stays here; without a local endpoint it goes to a peer.
/// 3. A probe floor of requests goes to peers, so that the way is known when it is needed: 3 %, and
///    of a busy service no more than 10 a second; of those that may be repeated, where such come.
/// 4. While fewer than half of the local endpoints are usable, only the usable ones are used here,
///    and the share of the others goes to peers: instead of the panic rule, which is for those who
///    have nowhere else to go.
/// 5. While the endpoints here are too busy, the share goes to peers that brings them back to where
///    staying is worth it; while all of them stand still, nearly all: see [SpillOver]. Among peers
///    the policy chooses, by weights in which their headroom is a factor ([Headroom]).
/// 6. It stays here.
///
/// A peer that stands still gets what another peer or an endpoint here can have no more than once
/// in a hundred: enough to tell one that is silent from one that is slow to answer some requests.
/// Whether packets to it vanish shows so some tenths of a second after they do, not when it is
/// given up. The same holds for a second after a peer took no connection, whatever the policy: a
/// killed one is left alone from the first request that found it so.
///
/// Where the first answer is "nobody" (all tried), the other side is asked, and where both have
/// nobody, there is nowhere else to go either.
public final class LocalFirst {
  private static final long PEERS = 7;
  private static final double ASKED_STILL = 0.01;

  private final Policy policy;
  private final LocalFirstConfig config;
  private final SpillOver spill;
  private final Probes probes;

  /// @param policy chooses on either side; one per service
  public LocalFirst(Policy policy, LocalFirstConfig config) {
    this(policy, config, new SpillOver());
  }

  /// @param policy chooses on either side
  /// @param spill of the service, shared by all who choose for it
  public LocalFirst(Policy policy, LocalFirstConfig config, SpillOver spill) {
    this.policy = policy;
    this.config = config;
    this.spill = spill;
    this.probes = new Probes(config);
  }

  /// Chooses an endpoint or a peer.
  ///
  /// @param local endpoints that this node reaches
  /// @param peers peers that have endpoints of the service
  /// @param mayForward false for a request that came from a peer
  /// @param tried as for [Policy#choose]
  public Decision choose(
      RequestClass request,
      CandidateSet local,
      CandidateSet peers,
      boolean mayForward,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    look(local, peers, nowNanos);
    if (!mayForward) {
      return policy.choose(request, local, tried, nowNanos, random);
    }
    CandidateSet here = peers.size() > 0 ? local.usable() : local;
    probes.came(request, nowNanos);
    boolean toPeers = goesToPeers(request, here, peers, nowNanos, random);
    Decision decision = policy.choose(request, toPeers ? peers : here, tried, nowNanos, random);
    if (decision instanceof Chosen chosen) {
      if (!shuns(chosen, nowNanos, random)) {
        return decision;
      }
      Decision answers = answeringPeer(peers, tried, nowNanos, random);
      Decision instead =
          answers instanceof Chosen
              ? answers
              : policy.choose(request, here, tried, nowNanos, random);
      return instead instanceof Chosen ? instead : decision;
    }
    Decision other = policy.choose(request, toPeers ? here : peers, tried, nowNanos, random);
    if (other instanceof Chosen chosen) {
      return shuns(chosen, nowNanos, random)
              && answeringPeer(peers, tried, nowNanos, random) instanceof Chosen answers
          ? answers
          : other;
    }
    if (local.panicking() && peers.size() > 0) {
      Decision last = policy.choose(request, local, tried, nowNanos, random);
      if (last instanceof Chosen) {
        return last;
      }
    }
    return moreTelling((NoneAvailable) decision, (NoneAvailable) other);
  }

  /// The same for a request that has a key. Whether it goes to a peer is then a question of its key
  /// and not of chance, and the way to peers is not probed: a key stays where it is.
  public Decision choose(
      RequestClass request,
      long key,
      CandidateSet local,
      CandidateSet peers,
      boolean mayForward,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    look(local, peers, nowNanos);
    if (!mayForward) {
      return policy.choose(request, key, local, tried, nowNanos, random);
    }
    CandidateSet here = peers.size() > 0 ? local.usable() : local;
    double point = (KeyHash.again(key, PEERS) >>> 11) * 0x1p-53;
    boolean toPeers =
        peers.size() == 0 || here.size() == 0 ? here.size() == 0 : point < needed(here);
    Decision decision =
        policy.choose(request, key, toPeers ? peers : here, tried, nowNanos, random);
    if (decision instanceof Chosen chosen) {
      return shuns(chosen, nowNanos, random)
              && policy.choose(request, key, here, tried, nowNanos, random) instanceof Chosen stays
          ? stays
          : decision;
    }
    Decision other = policy.choose(request, key, toPeers ? here : peers, tried, nowNanos, random);
    if (other instanceof Chosen chosen
        && shuns(chosen, nowNanos, random)
        && answeringPeer(peers, tried, nowNanos, random) instanceof Chosen answers) {
      return answers;
    }
    return other instanceof Chosen
        ? other
        : moreTelling((NoneAvailable) decision, (NoneAvailable) other);
  }

  // Where there is but one there is nothing to compare.
  private void look(CandidateSet local, CandidateSet peers, long nowNanos) {
    if (local.size() + peers.size() > 1) {
      spill.look(local.usable(), peers, nowNanos);
    }
  }

  private boolean shuns(Chosen chosen, long nowNanos, RandomGenerator random) {
    return spill.isStillPeer(chosen.candidate(), nowNanos) && random.nextDouble() >= ASKED_STILL;
  }

  // By weight and chance, one that does not stand still; linear, while a peer does.
  private Decision answeringPeer(
      CandidateSet peers, Candidate tried, long nowNanos, RandomGenerator random) {
    int drawn =
        peers.draw(
            each -> !each.id().equals(tried.id()) && !spill.isStillPeer(each, nowNanos), random);
    return drawn < 0 ? NoneAvailable.ALL_TRIED : peers.get(drawn).chosen();
  }

  /// Chooses by weight and chance for a request whose policy named somebody it cannot use: among
  /// those here that are usable, else among peers, else among all that the panic rule allows.
  /// Linear; for retries.
  ///
  /// @param wanted whether a candidate may be chosen
  public Decision elsewhere(
      CandidateSet local,
      CandidateSet peers,
      boolean mayForward,
      Predicate<Candidate> wanted,
      RandomGenerator random) {
    CandidateSet from = local.usable();
    int drawn = from.draw(wanted, random);
    if (drawn < 0 && mayForward) {
      from = peers;
      drawn = from.draw(wanted, random);
    }
    if (drawn < 0 && local.panicking()) {
      from = local;
      drawn = from.draw(wanted, random);
    }
    return drawn < 0 ? NoneAvailable.ALL_TRIED : from.get(drawn).chosen();
  }

  /// Whether a candidate stands still, by what answers usually take: a request that waits there is
  /// better sent to another one too.
  public boolean standsStill(Candidate candidate, long nowNanos) {
    return spill.standsStill(candidate, nowNanos);
  }

  /// The share of requests that goes to peers because the endpoints here are too busy, 0 to 1.
  public double spilling() {
    return config.spillOver() ? spill.share() : 0;
  }

  /// How busy the endpoints here are as their latency tells, 0 to 1: the share of an answer's time
  /// that is waiting. 0 until there is something to tell.
  public double utilisation() {
    return spill.utilisation();
  }

  /// How it would choose now, for people.
  ///
  /// @param toPeers share of requests that go to peers
  /// @param local among this node's endpoints
  /// @param peers among peers
  public record Explained(double toPeers, Explanation local, Explanation peers) {}

  /// How it would choose now, for people; off the request path.
  public Explained explain(
      RequestClass request,
      long key,
      boolean keyed,
      CandidateSet local,
      CandidateSet peers,
      long nowNanos,
      RandomGenerator random) {
    CandidateSet here = peers.size() > 0 ? local.usable() : local;
    double share = Math.max(keyed ? 0 : probed(request, nowNanos), needed(here));
    double toPeers = peers.size() == 0 ? 0 : here.size() == 0 ? 1 : share;
    return new Explained(
        toPeers,
        policy.explain(request, key, here, nowNanos, random),
        policy.explain(request, key, peers, nowNanos, random));
  }

  /// Told of a snapshot before it is used; not on an event loop.
  public void prepare(CandidateSet local, CandidateSet peers) {
    policy.prepare(local);
    if (local.usable() != local) {
      policy.prepare(local.usable());
    }
    policy.prepare(peers);
  }

  private boolean goesToPeers(
      RequestClass request,
      CandidateSet here,
      CandidateSet peers,
      long nowNanos,
      RandomGenerator random) {
    if (peers.size() == 0 || here.size() == 0) {
      return here.size() == 0;
    }
    return random.nextDouble() < Math.max(probed(request, nowNanos), needed(here));
  }

  private double probed(RequestClass request, long nowNanos) {
    return probes.share(request, spill.perSecond(), nowNanos);
  }

  // The share that goes to peers because too few are usable here, or these are too busy.
  private double needed(CandidateSet here) {
    double missing = missing(here);
    return config.spillOver() ? Math.max(missing, spill.share()) : missing;
  }

  // The share that goes to peers because too few are usable here.
  private static double missing(CandidateSet here) {
    int known = here.all().size();
    return here.usableCount() * 2 < known ? 1 - (double) here.usableCount() / known : 0;
  }

  // In the order of the enum: nobody there, all set aside, all tried.
  private static NoneAvailable moreTelling(NoneAvailable one, NoneAvailable other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
