package io.skein.chaos.nemesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.chaos.driver.HostPort;
import io.skein.chaos.history.Recorder;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpgradeTest {
  private static final HostPort NOWHERE = new HostPort("127.0.0.1", 1);
  private static final List<String> RESTARTED = List.of("terminate", "start", "ready");

  private static Fault.Proof upgrade(BareNode... nodes) throws Exception {
    List<String> names = List.of(nodes).stream().map(BareNode::name).toList();
    Recorder recorder = new Recorder(() -> 0);
    ProcessFault fault =
        new ProcessFault(
            new Step(1, 0, 1, Kind.UPGRADE, names), List.of(nodes), nodes[0], recorder);
    fault.begin();
    fault.last(1);
    Fault.Proof proof = fault.proof();
    fault.end();
    return proof;
  }

  @Test
  void eachNodeIsRestartedOnceWithTheBuildUnderTest() throws Exception {
    BareNode first = new BareNode("n1", NOWHERE);
    BareNode second = new BareNode("n2", NOWHERE);

    Fault.Proof proof = upgrade(first, second);

    assertTrue(proof.held(), proof::text);
    assertEquals(RESTARTED, first.done);
    assertEquals(RESTARTED, second.done);
  }

  @Test
  void aNodeThatStillIsOfTheOlderBuildIsNoUpgrade() throws Exception {
    BareNode stays =
        new BareNode("n1", NOWHERE) {
          @Override
          public void upgrade() {}
        };

    assertFalse(upgrade(stays).held());
  }

  @Test
  void aPlanHasOneUpgrade() {
    List<String> nodes = List.of("n1", "n2", "n3");

    Plan only = Plan.draw(1, nodes, List.of(Kind.UPGRADE), 600_000, 0);
    Plan both = Plan.draw(1, nodes, List.of(Kind.UPGRADE, Kind.KILL), 600_000, 1);

    assertEquals(1, only.steps().size());
    assertTrue(both.steps().size() > 10);
    assertEquals(1, both.steps().stream().filter(step -> step.kind() == Kind.UPGRADE).count());
  }
}
