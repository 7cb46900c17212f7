package io.skein.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.resilience.Resilience;
import io.skein.routing.breaker.Breaker;
import io.skein.routing.breaker.BreakerConfig;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.random.RandomPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChoosingTest {
  private static final long NOW = 1_000_000_000L;
  private static final int OFTEN = 200;
  private static final BreakerConfig QUICK = new BreakerConfig(9, 9, 1, 1, 1_000_000, 1_000_000);

  private final LocalFirst chooser = new LocalFirst(new RandomPolicy(), LocalFirstConfig.DEFAULT);
  private final Map<String, Breaker> breakers = new HashMap<>();

  private final class Among implements Selector {
    private final CandidateSet local;
    private final CandidateSet peers;

    Among(List<Candidate> local, List<Candidate> peers) {
      this.local = new CandidateSet(local);
      this.peers = new CandidateSet(peers);
    }

    @Override
    public Decision choose(
        RequestClass request,
        Candidate tried,
        boolean mayForward,
        long nowNanos,
        RandomGenerator random) {
      return chooser.choose(request, local, peers, mayForward, tried, nowNanos, random);
    }

    @Override
    public Decision elsewhere(
        Predicate<Candidate> wanted, boolean mayForward, RandomGenerator random) {
      return chooser.elsewhere(local, peers, mayForward, wanted, random);
    }
  }

  private static List<Candidate> candidates(String prefix, int count, boolean usable) {
    Candidate.Kind kind = prefix.equals("p") ? Candidate.Kind.PEER : Candidate.Kind.ENDPOINT;
    return IntStream.range(0, count)
        .mapToObj(i ->
            new Candidate(
                prefix + i,
                kind,
                1 + i,
                usable,
                Candidate.NEUTRAL_REPUTATION,
                0,
                new EndpointLoad()))
        .toList();
  }

  private ServiceRoute service(List<Candidate> local, List<Candidate> peers) {
    Duration second = Duration.ofSeconds(1);
    return new ServiceRoute(
        "shop",
        new Among(local, peers),
        Map.of(),
        Timeouts.of(second, second, second),
        RetryBudget.NONE,
        Resilience.NONE.withBreakers(breakers));
  }

  private Breaker breaker(String id) {
    return Objects.requireNonNull(breakers.get(id));
  }

  private static Tried tried(Candidate... candidates) {
    Tried tried = new Tried();
    for (Candidate candidate : candidates) {
      tried.add(candidate);
    }
    return tried;
  }

  private List<Decision> often(ServiceRoute service, Tried tried) {
    Choosing choosing = new Choosing(new SplittableRandom(1));
    List<Decision> all = new ArrayList<>();
    for (int i = 0; i < OFTEN; i++) {
      all.add(choosing.choose(service, service.unsafe(), 0, tried, true, NOW));
      choosing.giveUp();
    }
    return all.stream().distinct().toList();
  }

  @Test
  void anOpenBreakerDoesNotLeadBackToWhereARequestFailed() {
    List<Candidate> three = candidates("e", 3, true);
    three.forEach(each -> breakers.put(each.id(), new Breaker(QUICK)));
    Breaker open = breaker("e1");
    open.ended(open.tryRequest(NOW), Breaker.End.FAILED, NOW);
    assertFalse(open.closed());
    assertEquals(
        List.of(three.get(2).chosen()), often(service(three, List.of()), tried(three.getFirst())));
  }

  @Test
  void aThirdTryMeetsNeitherOfTheTwoBefore() {
    List<Candidate> four = candidates("e", 4, true);
    List<Decision> decided =
        often(service(four, List.of()), tried(four.get(0), four.get(3), four.get(1)));
    assertEquals(List.of(four.get(2).chosen()), decided);
  }

  @Test
  void whereAllWereTriedAnotherThanTheLatestIsTriedAgain() {
    List<Candidate> two = candidates("e", 2, true);
    assertEquals(
        List.of(two.get(0).chosen()),
        often(service(two, List.of()), tried(two.get(0), two.get(1))));
    List<Candidate> one = candidates("e", 1, true);
    assertEquals(
        List.of(Decision.NoneAvailable.ALL_TRIED),
        often(service(one, List.of()), tried(one.getFirst())));
  }

  @Test
  void peersComeAfterThoseHereAndBeforeThoseThatAreSetAside() {
    List<Candidate> sound = candidates("e", 1, true);
    List<Candidate> unsound = candidates("u", 3, false);
    List<Candidate> local = new ArrayList<>(sound);
    local.addAll(unsound);
    List<Candidate> peers = candidates("p", 2, true);
    Selector among = new Among(local, peers);
    SplittableRandom random = new SplittableRandom(2);
    Tried tried = tried();
    assertEquals(sound.getFirst().chosen(), among.elsewhere(c -> !tried.has(c), true, random));
    tried.add(sound.getFirst());
    tried.add(peers.getFirst());
    assertEquals(peers.getLast().chosen(), among.elsewhere(c -> !tried.has(c), true, random));
    tried.add(peers.getLast());
    assertTrue(
        among.elsewhere(c -> !tried.has(c), true, random) instanceof Decision.Chosen last
            && unsound.contains(last.candidate()));
    assertTrue(among.elsewhere(c -> false, true, random) instanceof Decision.NoneAvailable);
  }

  @Test
  void looksAtEveryOneBeforeItSaysThatAllAreFull() {
    List<Candidate> six = candidates("e", 6, true);
    six.forEach(each -> breakers.put(each.id(), new Breaker(QUICK)));
    six.subList(0, 5).forEach(each -> breaker(each.id()).force());
    assertEquals(List.of(six.get(5).chosen()), often(service(six, List.of()), tried()));
    breaker("e5").force();
    assertEquals(List.of(Decision.NoneAvailable.FULL), often(service(six, List.of()), tried()));
  }

  @Test
  void forgetsARequestWhole() {
    List<Candidate> two = candidates("e", 2, true);
    Tried tried = tried(two.get(0), two.get(1));
    assertTrue(tried.has(two.get(0)) && tried.has(two.get(1)));
    tried.clear();
    assertFalse(tried.has(two.get(0)) || tried.has(two.get(1)));
  }
}
