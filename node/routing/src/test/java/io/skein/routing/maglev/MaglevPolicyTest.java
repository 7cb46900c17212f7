package io.skein.routing.maglev;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.KeyedPolicyContract;
import io.skein.routing.candidate.Policy;
import org.junit.jupiter.api.Test;

class MaglevPolicyTest extends KeyedPolicyContract {
  @Override
  protected Policy policy() {
    return new MaglevPolicy(MaglevConfig.DEFAULT);
  }

  @Override
  protected Policy bounded() {
    return new MaglevPolicy(new MaglevConfig(65_537, 1.25));
  }

  @Override
  protected double mostMoved() {
    return 0.02;
  }

  @Override
  protected double keyTolerance() {
    return 0.01;
  }

  @Test
  void everyPlaceIsTakenAndSharesAreEvenToOneInAHundred() {
    CandidateSet set = Candidates.alike(100);
    MaglevTable table = new MaglevTable(set, 65_537);
    int[] counts = new int[100];
    for (int place = 0; place < table.size(); place++) {
      counts[table.at(place)]++;
    }
    for (int count : counts) {
      assertEquals(655.37, count, 1);
    }
  }
}
