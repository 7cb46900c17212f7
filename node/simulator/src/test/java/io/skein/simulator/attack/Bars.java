package io.skein.simulator.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.PeerOutcome;
import io.skein.ledger.record.SignedRecord;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.Scores;
import io.skein.reputation.snapshot.Why;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// The attacks, each with the bar it is held to, on forty nodes. A bar on traffic counts the
/// requests of honest nodes from the twelfth window on.
///
/// @param words how contact is acknowledged
/// @param requests of each node in each window
/// @param windows after the first twelve
record Bars(Words words, int requests, int windows) {
  private static final int NODES = 40;
  private static final int WARM_UP = 12;
  private static final int BUSY_REQUESTS = 800;

  /// What nobody has to fear: fast, for every build.
  static final Bars SHORT = new Bars(Words.PLAIN, 120, 12);

  /// The whole proof.
  static final Bars LONG = new Bars(Words.SIGNED, 200, 24);

  /// The whole proof once more, for many seeds: the same requests, records and scores as [#LONG],
  /// without the signatures that take nine tenths of its time.
  static final Bars LONG_PLAIN = new Bars(Words.PLAIN, 200, 24);

  private static final double TWO_PERCENT = 0.02;
  private static final double QUARTER = 0.25;
  private static final double HEARD_OF = 0.8;

  /// A and more: bad nodes do not get requests.
  void badPeersGetNoTraffic(
      String name, long seed, Senses senses, int attackers, Conduct conduct, double bar) {
    Village village = village(seed, senses, attackers, conduct);
    village.run(WARM_UP);
    Tally after = village.run(windows);
    say(name, seed, attackers + " of 40, " + senses + ": " + after);
    assertTrue(after.shareToBad() <= bar, name + " seed " + seed + ": " + after);
  }

  /// Slander by a collective that serves badly: what the others score is what the honest say.
  void slanderMovesNothing(String name, long seed, int attackers, double bar) {
    Village village =
        village(seed, Senses.REPUTATION, attackers, new Attacks.Collective(0, true, true));
    village.run(WARM_UP + windows);
    double moved = 0;
    Scores with = village.archive().scores();
    Scores without = village.archive().scoresWithout(liars(village));
    for (Citizen citizen : village.citizens) {
      moved = Math.max(moved, Math.abs(score(with, citizen) - score(without, citizen)));
    }
    say(name, seed, "%d of 40: scores moved by at most %.5f".formatted(attackers, moved));
    assertTrue(moved <= bar, name + " seed " + seed + ": " + moved);
  }

  private static Predicate<NodeId> liars(Village village) {
    List<NodeId> ids =
        village.citizens.stream().filter(it -> !it.honest()).map(it -> it.id).toList();
    return ids::contains;
  }

  /// A collective that serves badly says the worst of an honest node from the window on in which it
  /// comes, before anybody else can have asked it.
  void aSlanderedNewcomerIsHeardOf(String name, long seed, Senses senses, int attackers) {
    Village village = village(seed, senses, attackers, Attacks.SLANDERER);
    village.run(WARM_UP);
    Citizen newcomer = village.settle(Conduct.HONEST);
    int passed = 0;
    while (score(village.archive().scores(), newcomer) < HEARD_OF && passed < 2 * WARM_UP) {
      village.step();
      passed++;
    }
    say(name, seed, attackers + " of 41, " + senses + ": heard of after " + passed + " windows");
    assertTrue(
        passed < 2 * WARM_UP,
        name + " seed " + seed + ": " + score(village.archive().scores(), newcomer));
  }

  /// Bad-mouthing of one victim by well-served and well-serving nodes.
  void aSlanderedVictimHardlyMoves(String name, long seed, int attackers, double bar) {
    Village village = busy(seed);
    Citizen victim = village.citizens.getFirst();
    for (int i = 0; i < attackers; i++) {
      village.citizens.get(NODES - 1 - i).conduct = new Attacks.Slanderer(victim);
    }
    village.run(WARM_UP + 4);
    double with = score(village.archive().scores(), victim);
    double without = score(village.archive().scoresWithout(liars(village)), victim);
    say(name, seed, "%d of 40: %.4f instead of %.4f".formatted(attackers, with, without));
    assertTrue(
        Math.abs(with - without) <= bar, name + " seed " + seed + ": " + with + " " + without);
  }

  /// A collective that serves half of the requests well to be trusted.
  void camouflageGainsLittle(String name, long seed, Senses senses, int attackers, double bar) {
    Village village = village(seed, senses, attackers, new Attacks.Collective(50, true, true));
    village.run(WARM_UP);
    Tally after = village.run(windows);
    say(name, seed, attackers + " of 40, " + senses + ": " + after);
    assertTrue(after.badShare() <= bar, name + " seed " + seed + ": " + after);
  }

  /// Some serve badly and others, who serve well, speak for them.
  void spiesSaveNobody(String name, long seed, int bad, int spies, double bar) {
    Village village = village(seed, Senses.REPUTATION, bad, Attacks.individual());
    for (int i = 0; i < spies; i++) {
      village.citizens.get(NODES - 1 - bad - i).conduct = Attacks.SPY;
    }
    village.run(WARM_UP);
    Tally after = village.run(windows);
    say(name, seed, bad + " bad, " + spies + " spies of 40: " + after);
    assertTrue(after.badShare() <= bar, name + " seed " + seed + ": " + after);
  }

  /// A hundred identities by one token.
  void oneTokensNodesHaveAQuarterAtMost(String name, long seed, int uses) {
    Village village = new Village(seed, Senses.ALL, requests, words);
    for (int i = 0; i < NODES; i++) {
      village.settle(Conduct.HONEST);
    }
    Citizen victim = village.citizens.getFirst();
    SigningKey invite = village.invite(uses);
    for (int i = 0; i < 100; i++) {
      village.settle(new Attacks.Slanderer(victim), invite);
    }
    village.citizens.removeIf(it -> !village.member(it));
    assertEquals(NODES + Math.min(uses, 100), village.citizens.size(), name + " seed " + seed);
    moved(name, seed, village, victim, QUARTER);
  }

  /// One that was let in lets others in, each by a token of its own, who let in as many more: they
  /// weigh what it would alone.
  void whomOneInvitedWeighAsOne(String name, long seed, int invited) {
    Village village = new Village(seed, Senses.ALL, requests, words);
    for (int i = 0; i < NODES; i++) {
      village.settle(Conduct.HONEST);
    }
    Citizen victim = village.citizens.getFirst();
    Attacks.Slanderer conduct = new Attacks.Slanderer(victim);
    Citizen inviter = village.settle(conduct);
    for (int i = 0; i < invited; i++) {
      Citizen sybil = village.settle(conduct, village.invite(inviter, 1));
      village.settle(conduct, village.invite(sybil, 1));
    }
    assertTrue(village.citizens.stream().allMatch(village::member), name + " seed " + seed);
    moved(name, seed, village, victim, 1.0 / NODES + 0.01);
  }

  /// Forty by one invite of the founder's, and by the same some more that slander the first and let
  /// others in: each by an invite of its own, the second half in a row. What they weigh together is
  /// what as many would without guests.
  void guestsAddNothingInAMeshByOneToken(
      String name, long seed, int hosts, int guests, double bar) {
    Village village = new Village(seed, Senses.ALL, requests, words);
    SigningKey token = village.invite(NODES + hosts);
    for (int i = 0; i < NODES; i++) {
      village.settle(Conduct.HONEST, token);
    }
    Citizen victim = village.citizens.getFirst();
    Attacks.Slanderer conduct = new Attacks.Slanderer(victim);
    for (int i = 0; i < hosts; i++) {
      Citizen last = village.settle(conduct, token);
      Citizen host = last;
      for (int j = 0; j < guests; j++) {
        last = village.settle(conduct, village.invite(2 * j < guests ? host : last, 1));
      }
    }
    assertTrue(village.citizens.stream().allMatch(village::member), name + " seed " + seed);
    double moved = moved(name, seed, village, victim, (double) hosts / (NODES - 1 + hosts) + 0.01);
    assertTrue(moved <= bar, name + " seed " + seed + ": " + moved);
  }

  /// Some slander a victim.
  ///
  /// @param most of the weight over it
  /// @return how far they move it
  private double moved(String name, long seed, Village village, Citizen victim, double most) {
    village.run(WARM_UP);
    Predicate<NodeId> liars = liars(village);
    Why why = village.archive().reputation().why(victim.subject, village.archive().raters());
    double share =
        why.testimonies().stream()
                .filter(word -> liars.test(word.rater()))
                .mapToLong(Why.RaterWord::shareQ30)
                .sum()
            / (double) Score.ONE_Q30;
    double with = score(village.archive().scores(), victim);
    double without = score(village.archive().scoresWithout(liars), victim);
    long lying = village.citizens.stream().filter(it -> !it.honest()).count();
    say(
        name,
        seed,
        "%d admitted, %.4f of the weight, victim at %.4f instead of %.4f"
            .formatted(lying, share, with, without));
    assertTrue(share > 0, "they are heard at all");
    assertTrue(share <= most, name + " seed " + seed + ": " + share);
    return Math.abs(with - without);
  }

  /// Bad nodes that come back under another name, as often as they like.
  void whitewashingGainsLittle(
      String name, long seed, Senses senses, int attackers, boolean everyWindow) {
    Village village = village(seed, senses, attackers, Attacks.individual());
    Tally after = new Tally();
    int identities = 0;
    for (int i = 0; i < WARM_UP + windows; i++) {
      Scores scores = village.archive().scores();
      for (int at = NODES - attackers; at < NODES; at++) {
        Score score = scores.of(village.citizens.get(at).subject);
        if (i > 5 && (everyWindow || (!score.limited() && score.q30() < Score.HALF_Q30))) {
          Citizen fresh = village.settle(Attacks.individual());
          village.citizens.removeLast();
          village.citizens.set(at, fresh);
          identities++;
        }
      }
      Tally step = village.step();
      if (i >= WARM_UP) {
        after.add(step);
      }
    }
    say(name, seed, identities + " identities of " + attackers + ", " + senses + ": " + after);
    assertTrue(after.badShare() <= TWO_PERCENT, name + " seed " + seed + ": " + after);
  }

  /// Nodes that serve well until they are trusted.
  void whoTurnsBadIsOutTwoWindowsLater(String name, long seed, Senses senses, int attackers) {
    int good = 20;
    Village village = village(seed, senses, attackers, new Attacks.OnOff(good, 1_000));
    Tally before = village.run(good);
    Tally turned = village.run(2);
    Tally third = village.step();
    Tally after = village.run(windows);
    say(
        name,
        seed,
        attackers
            + " of 40, "
            + senses
            + ": "
            + before
            + "; two windows "
            + turned
            + "; the third "
            + third
            + "; then "
            + after);
    assertTrue(third.shareToBad() <= TWO_PERCENT, name + " seed " + seed + ": " + third);
    assertTrue(after.shareToBad() <= TWO_PERCENT, name + " seed " + seed + ": " + after);
  }

  /// Nodes that serve most well and some badly.
  void twoFacesAreSeen(
      String name, long seed, Senses senses, int attackers, int victims, double bar) {
    Village village = village(seed, senses, attackers, new Attacks.TwoFaced(victims));
    village.run(WARM_UP);
    Tally after = village.run(windows);
    say(
        name,
        seed,
        attackers + " of 40, one in " + victims + " badly served, " + senses + ": " + after);
    assertTrue(after.badShare() <= bar, name + " seed " + seed + ": " + after);
  }

  /// Ten minutes apart.
  void aSplitLeavesNoTrace(String name, long seed, int left) {
    Village whole = busy(seed);
    Village split = busy(seed);
    whole.run(WARM_UP);
    split.run(WARM_UP);
    split.split(citizen -> citizen.number < left);
    whole.run(60);
    split.run(60);
    Archive other = split.heal();
    assertEquals(split.archive().scores().repRoot(), other.scores().repRoot());
    double differs = 0;
    Scores with = split.archive().scores();
    Scores without = whole.archive().scores();
    int limited = 0;
    for (int i = 0; i < NODES; i++) {
      limited += with.of(split.citizens.get(i).subject).limited() ? 1 : 0;
      differs =
          Math.max(
              differs,
              Math.abs(score(with, split.citizens.get(i)) - score(without, whole.citizens.get(i))));
    }
    say(
        name,
        seed,
        "%d and %d: differs by at most %.4f, %d limited"
            .formatted(left, NODES - left, differs, limited));
    assertTrue(differs <= 0.02, name + " seed " + seed + ": " + differs);
  }

  /// Old words again, words about windows to come, and blame without contact.
  void whatIsNotMatchedCountsNothing(String name, long seed) {
    Village village = village(seed, Senses.ALL, 0, Conduct.HONEST);
    village.run(WARM_UP);
    Archive archive = village.archive();
    Citizen victim = village.citizens.getFirst();
    Citizen liar = village.citizens.getLast();
    Hash before = archive.scores().repRoot();

    // Replays: the author's own records and others', by somebody else's hand.
    for (SignedRecord old : List.copyOf(archive.accepted)) {
      assertInstanceOf(Acceptance.Duplicate.class, archive.accept(old));
      archive.reputation().apply(old);
    }
    assertEquals(before, archive.scores().repRoot(), "replayed records");

    // A second word about windows that were spoken of, and one about windows to come: its ledger
    // takes the record, which is well-formed, and reputation hears nothing.
    long now = village.window();
    for (long of : new long[] {now - 3, now - 1, now + 1, now + 2, now + 50, now + 1_000_000}) {
      byte[] word = words.word(victim, village.meshId(), liar, of);
      Body.Performance slander =
          new Body.Performance(of, List.of(), List.of(new PeerOutcome(victim.id, 0, 1_000, word)));
      archive.accept(liar.write(village.meshId(), village.nowMillis(), slander));
    }
    archive.commit();
    assertEquals(before, archive.scores().repRoot(), "old windows again and windows to come");

    // A record of tomorrow is refused whole.
    SignedRecord tomorrow =
        liar.draft(
            village.meshId(),
            village.nowMillis() + 86_400_000,
            new Body.Performance(now + 8_640, List.of(), List.of()));
    assertInstanceOf(Acceptance.Refused.class, archive.accept(tomorrow));

    // Blame of this window: without a word, with the victim's word to another, for another window,
    // by another, and for what the liar never asked of it.
    Citizen other = village.citizens.get(1);
    List<byte[]> unmatched =
        List.of(
            new byte[0],
            words.word(victim, village.meshId(), other, now),
            words.word(victim, village.meshId(), liar, now - 1),
            words.word(other, village.meshId(), liar, now),
            words.word(liar, village.meshId(), victim, now),
            new byte[PublicKey.SIGNATURE_BYTES]);
    Scores scores = archive.scores();
    for (int i = 0; i < unmatched.size(); i++) {
      Citizen author = village.citizens.get(NODES - 1 - i);
      // The forged word is one to the liar: the others have none either.
      archive.accept(
          author.write(
              village.meshId(),
              village.nowMillis(),
              new Body.Performance(
                  now,
                  List.of(),
                  List.of(new PeerOutcome(victim.id, 0, 1_000, unmatched.get(i))))));
    }
    archive.commit();
    assertEquals(scores.repRoot(), archive.scores().repRoot(), "unmatched blame");
    say(name, seed, archive.accepted.size() + " records, root " + before);
  }

  /// An author that shows another record of one place to each half.
  void whoSaysTwoThingsIsNothing(String name, long seed) {
    Village village = village(seed, Senses.ALL, 0, Conduct.HONEST);
    village.run(WARM_UP);
    village.split(citizen -> citizen.number % 2 == 0);
    Archive left = village.archive();
    Citizen liar = village.citizens.getLast();
    liar.conduct = new Attacks.OnOff(1, 0);
    Citizen victim = village.citizens.getFirst();
    long of = village.window() - 1;
    SignedRecord praise = liar.draft(village.meshId(), village.nowMillis(), word(victim, of, 9, 0));
    SignedRecord blame = liar.write(village.meshId(), village.nowMillis(), word(victim, of, 0, 0));
    left.accept(praise);
    left.commit();
    Archive right = village.other();
    right.accept(blame);
    right.commit();
    assertTrue(left.scores().of(liar.subject).q30() > 0, "nobody knows yet");
    village.citizens.remove(liar);
    village.run(2);
    village.heal();
    left.ledger().proofs().forEach(right.ledger()::accept);
    right.ledger().proofs().forEach(left.ledger()::accept);
    left.commit();
    right.commit();
    village.citizens.add(liar);
    for (Archive side : List.of(left, right)) {
      Score score = side.scores().of(liar.subject);
      assertEquals(Score.Basis.FORKED, score.basis(), name + " seed " + seed);
      assertEquals(0, score.q30());
    }
    assertEquals(left.scores().repRoot(), right.scores().repRoot(), name + " seed " + seed);
    Tally after = village.run(2);
    say(name, seed, "score 0 on both sides, then " + after);
    assertEquals(0, after.toBad, name + " seed " + seed);
  }

  private static Body.Performance word(Citizen about, long of, int good, int bad) {
    return new Body.Performance(
        of, List.of(), List.of(new PeerOutcome(about.id, good, bad, new byte[0])));
  }

  /// All honest, and so many requests that the figures are not those of chance: each node asks each
  /// other one fifteen to twenty times in a window.
  private Village busy(long seed) {
    Village village = new Village(seed, Senses.ALL, BUSY_REQUESTS, words);
    for (int i = 0; i < NODES; i++) {
      village.settle(Conduct.HONEST);
    }
    return village;
  }

  private Village village(long seed, Senses senses, int attackers, Conduct conduct) {
    Village village = new Village(seed, senses, requests, words);
    for (int i = 0; i < NODES; i++) {
      village.settle(i < NODES - attackers ? Conduct.HONEST : conduct);
    }
    return village;
  }

  private static double score(Scores scores, Citizen citizen) {
    return scores.of(citizen.subject).q30() / (double) Score.ONE_Q30;
  }

  private static void say(String name, long seed, String what) {
    System.out.printf(Locale.ROOT, "attack %s, seed %d: %s%n", name, seed, what);
  }
}
