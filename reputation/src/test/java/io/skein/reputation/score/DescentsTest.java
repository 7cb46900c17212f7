package io.skein.reputation.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.skein.ledger.key.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DescentsTest {
  private static final int INVITED = 20;
  private final Town town = new Town(40);

  @Test
  void wholeLinesAreTokensWhereAllInvitesAreTheFounders() {
    assertArrayEquals(
        new int[] {0, 1, 2, 3, 4},
        Descents.groups(List.of(line(), line(0), line(1), line(2), line(3))));
  }

  @Test
  void whomOneInvitedAreOneWithItWhereFourCameFromTheFounder() {
    List<List<PublicKey>> lines = new ArrayList<>(List.of(line(), line(0), line(1), line(2)));
    invitedBy(lines, 2);
    int[] groups = Descents.groups(lines);
    assertEquals(4, IntStream.of(groups).distinct().count());
    for (int i = 4; i < groups.length; i++) {
      assertEquals(groups[3], groups[i]);
    }
  }

  @Test
  void whereOneNodeInvitedTheOthersTheyAreToldApartAndWhomOneOfThemInvitedAreOneWithIt() {
    // The founder invited one node, and that one the others.
    List<List<PublicKey>> lines =
        new ArrayList<>(List.of(line(0), line(0, 1), line(0, 2), line(0, 3), line(0, 4)));
    invitedBy(lines, 0, 4);
    int[] groups = Descents.groups(lines);
    assertEquals(5, IntStream.of(groups).distinct().count());
    assertNotEquals(groups[0], groups[1]);
    for (int i = 5; i < groups.length; i++) {
      assertEquals(groups[4], groups[i]);
    }
  }

  @Test
  void fewerThanFourAreToldApartAsFarAsTheyCan() {
    assertArrayEquals(new int[] {0, 1, 2}, Descents.groups(List.of(line(), line(0), line(0, 1))));
    assertArrayEquals(new int[] {0}, Descents.groups(List.of(line())));
    assertArrayEquals(new int[0], Descents.groups(List.of()));
  }

  private void invitedBy(List<List<PublicKey>> lines, int... inviter) {
    for (int i = 0; i < INVITED; i++) {
      lines.add(line(IntStream.concat(IntStream.of(inviter), IntStream.of(10 + i)).toArray()));
    }
  }

  private List<PublicKey> line(int... tokens) {
    return IntStream.of(tokens).mapToObj(town::key).toList();
  }
}
