package io.skein.chaos.nemesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.chaos.driver.HostPort;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Recorder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryFaultTest {
  private static final class Tight extends BareNode {
    boolean starved;
    boolean kills = true;
    long waits = 4;

    Tight() {
      super("n1", new HostPort("127.0.0.1", 1));
    }

    @Override
    public void starveMemory(boolean on) {
      starved = on;
    }

    @Override
    public long memoryShortages() {
      return waits;
    }

    @Override
    public boolean killForMemory(Duration limit) {
      return kills;
    }
  }

  private final Tight node = new Tight();

  private ProcessFault fault(Kind kind) throws Exception {
    ProcessFault fault =
        new ProcessFault(
            new Step(1, 0, 1, kind, List.of("n1")), List.of(node), node, new Recorder(() -> 0));
    assertEquals(List.of("n1"), fault.mark(FaultMark.begins(1, kind.word(), "")).down());
    fault.begin();
    return fault;
  }

  @Test
  void aNodeThatHadToWaitWasStarvedAndIsLetGo() throws Exception {
    ProcessFault fault = fault(Kind.STARVE_MEMORY);
    assertTrue(node.starved);
    node.waits = 5;

    Fault.Proof proof = fault.proof();
    fault.end();

    assertTrue(proof.held(), proof::text);
    assertFalse(node.starved);
    assertEquals(List.of("ready"), node.done);
  }

  @Test
  void whatWaitedBeforeIsNoProof() throws Exception {
    assertFalse(fault(Kind.STARVE_MEMORY).proof().held());
  }

  @Test
  void aNodeThatTheKernelKilledIsStartedAgain() throws Exception {
    ProcessFault fault = fault(Kind.OOM_KILL);

    assertTrue(fault.proof().held());
    fault.end();
    assertEquals(List.of("kill", "start", "ready"), node.done);
  }

  @Test
  void aNodeThatTheKernelSparedIsKilledAndNamed() throws Exception {
    node.kills = false;
    ProcessFault fault = fault(Kind.OOM_KILL);

    assertFalse(fault.proof().held());
    assertFalse(node.running());
  }
}
