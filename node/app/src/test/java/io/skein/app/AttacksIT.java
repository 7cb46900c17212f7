package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.PeerOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Attacks on the reputation of real nodes over real sockets. A bar on traffic counts what clients
/// ask honest nodes for after the first twelve windows. Where requests are few, who speaks first is
/// alone believed: so a window lasts until there were some 50 a node ([ClientsClock]), however busy
/// the machine.
@Tag("net")
@Tag("nightly")
@Timeout(1_200)
final class AttacksIT {
  private static final long WINDOW = 1_000;
  private static final int MORE_WINDOWS = 12;
  private static final int WARM_UP = 12;
  private static final int CLAIMS = 200;
  private static final int SYBILS = 10;
  private static final int FEW = 2;
  private static final double TWO_PERCENT = 0.02;

  // A node that chooses by reputation alone, which is the harder case: its own eyes are shut.
  private static final String BLIND = "random";
  private static final String USUAL = "skein";

  @TempDir Path folder;

  /// Some serve badly, each for itself, and say nothing.
  @ParameterizedTest(name = "{1} beside {0}")
  @CsvSource({"6, 1", "6, 4"})
  void individualsWhoServeBadlyAreAskedNoMore(int good, int bad) throws Exception {
    try (AttackedMesh mesh = new AttackedMesh(folder, good, BLIND, WINDOW)) {
      List<LyingPeer> individuals = new ArrayList<>();
      for (int i = 0; i < bad; i++) {
        individuals.add(mesh.liar(mesh.invite(1)));
      }
      mesh.begin();
      AttackedMesh.Tally after = measured(mesh, individuals);
      say("individuals, %d of %d: %s", bad, good + bad, after);
      assertTrue(after.shareToLiars() <= TWO_PERCENT, after::toString);
    }
  }

  /// More identities by one invite than a token usually admits, who serve well and all say the
  /// worst of one other: together they have a quarter of the weight at most.
  @Test
  void sybilsByOneInviteHaveAQuarterOfTheWeight() throws Exception {
    try (AttackedMesh mesh = new AttackedMesh(folder, 5, BLIND, WINDOW)) {
      NodeId victim = mesh.honest.keySet().iterator().next();
      List<LyingPeer> sybils = byOneInvite(mesh, SYBILS);
      for (LyingPeer one : sybils) {
        one.answer(true);
        mesh.says(one, () -> one.claim(victim, 0, CLAIMS));
      }
      mesh.begin();
      mesh.pass(WARM_UP);
      mesh.awaitHonestRaters(sybils.getFirst(), victim, FEW);
      mesh.agree();
      double weight = mesh.weight(sybils);
      say(
          "%d by one invite: %.3f of the weight, moved %.4f; the victim: %s",
          SYBILS, weight, mesh.moved(sybils.getFirst()), mesh.raters(sybils.getFirst(), victim));
      assertTrue(weight > 0 && weight <= 0.25, () -> "weight: " + weight);
    }
  }

  /// Two of seven come by one invite, serve badly, praise each other and say the worst of everybody
  /// else; a third serves well, and then says two things.
  @Test
  void slanderersByOneInviteAndWhoSaysTwoThings() throws Exception {
    try (AttackedMesh mesh = new AttackedMesh(folder, 4, BLIND, WINDOW)) {
      List<LyingPeer> gang = byOneInvite(mesh, 2);
      for (LyingPeer one : gang) {
        mesh.says(
            one,
            () -> {
              mesh.honest.keySet().forEach(victim -> one.claim(victim, 0, CLAIMS));
              gang.stream().filter(it -> it != one).forEach(it -> one.claim(it.id(), CLAIMS, 0));
            });
      }
      LyingPeer mole = mesh.liar(mesh.invite(1));
      mole.answer(true);
      mesh.begin();

      AttackedMesh.Tally after = measured(mesh, gang);
      mesh.agree();
      double weight = mesh.weight(gang);
      double moved = mesh.moved(mole);
      say("slander, 2 of 7: %s; %.3f of the weight, moved %.4f", after, weight, moved);
      assertTrue(after.shareToLiars() <= TWO_PERCENT, after::toString);
      assertTrue(weight > 0 && weight <= 0.25, () -> "weight: " + weight);
      assertTrue(moved <= 0.02, () -> "moved: " + moved);

      mesh.begin();
      saysTwoThings(mesh, mole);
    }
  }

  /// One of eight serves well and says the worst of one other.
  @Test
  void aVictimOfBadMouthingHardlyMoves() throws Exception {
    try (AttackedMesh mesh = new AttackedMesh(folder, 7, BLIND, WINDOW)) {
      LyingPeer liar = mesh.liar(mesh.invite(1));
      liar.answer(true);
      NodeId victim = mesh.honest.keySet().iterator().next();
      mesh.says(liar, () -> liar.claim(victim, 0, CLAIMS));
      mesh.begin();
      mesh.pass(WARM_UP + MORE_WINDOWS);
      mesh.agree();
      double moved = mesh.moved(liar);
      say("bad-mouthing, 1 of 8: moved %.4f", moved);
      assertTrue(moved <= 0.02, () -> "moved: " + moved);
    }
  }

  /// A bad node that comes back under new names, as often as its invite allows.
  @Test
  void whitewashingGainsLittle() throws Exception {
    try (AttackedMesh mesh = new AttackedMesh(folder, 5, USUAL, WINDOW)) {
      mesh.begin();
      mesh.pass(WARM_UP);
      AttackedMesh.Tally before = mesh.tally(List.of());
      String token = mesh.invite(8);
      long asked = 0;
      for (int i = 0; i < 8; i++) {
        LyingPeer washed = mesh.liar(token);
        mesh.pass(3);
        asked += washed.asked();
        mesh.gone(washed);
      }
      AttackedMesh.Tally after = mesh.tally(List.of()).minus(before);
      double share = (double) asked / after.requests();
      say("whitewashing, 8 identities of 1: %.2f %% bad answers; %s", 100 * share, after);
      assertRefused(mesh, token);
      assertTrue(asked > 0, "it is tried at all");
      assertTrue(share <= TWO_PERCENT, () -> "bad answers: " + share);
    }
  }

  /// As many as a token admits; it does not admit one more.
  private static List<LyingPeer> byOneInvite(AttackedMesh mesh, int uses) throws Exception {
    String token = mesh.invite(uses);
    List<LyingPeer> admitted = new ArrayList<>();
    for (int i = 0; i < uses; i++) {
      admitted.add(mesh.liar(token));
    }
    assertRefused(mesh, token);
    return admitted;
  }

  private static void assertRefused(AttackedMesh mesh, String token) {
    StartFailed refused = assertThrows(StartFailed.class, () -> mesh.join(token));
    assertEquals(StartFailed.REFUSED, refused.exitCode(), refused::getMessage);
  }

  /// The tally of some windows after the first twelve.
  private static AttackedMesh.Tally measured(AttackedMesh mesh, List<LyingPeer> bad)
      throws Exception {
    mesh.pass(WARM_UP);
    AttackedMesh.Tally before = mesh.tally(bad);
    assertTrue(before.toLiars() > 0, "the bad are asked at first, or nothing is shown");
    mesh.pass(MORE_WINDOWS);
    return mesh.tally(bad).minus(before);
  }

  /// A liar shows half of the mesh another record at the next place of its feed.
  private static void saysTwoThings(AttackedMesh mesh, LyingPeer liar) throws Exception {
    assertTrue(mesh.score(mesh.first(), liar.id()) > 0.5, "nobody knows yet");
    List<NodeId> all = List.copyOf(mesh.honest.keySet());
    liar.writeTwice(
        all.subList(0, all.size() / 2), praise(all.getLast(), 9), praise(all.getLast(), 1));
    for (Node node : mesh.honest.values()) {
      // While a node derives everything anew it has no score of anybody.
      mesh.mesh()
          .await(
              "the fork is proven",
              () ->
                  mesh.subject(node, liar.id())
                      .map(held -> held.getDouble("score") == 0)
                      .orElse(false));
    }
    // What was chosen before may be on its way.
    mesh.pass(1);
    AttackedMesh.Tally before = mesh.tally(List.of(liar));
    mesh.pass(2);
    AttackedMesh.Tally after = mesh.tally(List.of(liar)).minus(before);
    say("equivocation: score 0 at every node, then %s", after);
    assertEquals(0, after.toLiars(), after::toString);
  }

  private static Body praise(NodeId of, int good) {
    return new Body.Performance(1, List.of(), List.of(new PeerOutcome(of, good, 0, new byte[0])));
  }

  private static void say(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, "nightly: attack on real nodes, " + format + "%n", arguments);
  }
}
