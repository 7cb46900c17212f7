package io.skein.gossip.directory;

import static io.skein.gossip.directory.DirectoryNode.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Directories of nodes in this JVM over real sockets.
final class MeshDirectoryIT {
  private final List<DirectoryNode> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.reversed().forEach(DirectoryNode::close);
  }

  private DirectoryNode start(DirectoryNode... seeds) {
    DirectoryNode node = DirectoryNode.start(nodes.size() + 1, seeds);
    nodes.add(node);
    return node;
  }

  @Test
  void aJoinerReadsWhatTheMeshKnowsBeforeItsOwnLogDoes() {
    long t0 = System.nanoTime();
    DirectoryNode first = start();
    assertTrue(await(() -> first.directory().counters().running()));
    System.out.println("first up after " + (System.nanoTime() - t0) / 1_000_000 + " ms");
    for (int i = 0; i < 200; i++) {
      first.write("service/" + i, i, "s" + i);
    }
    assertTrue(await(first::equalsLog));
    t0 = System.nanoTime();
    DirectoryNode second = DirectoryNode.start(2, first);
    second.knows.set(false);
    nodes.add(second);
    assertTrue(
        await(() -> second.directory().entries().size() == 200),
        "" + second.directory().counters());
    System.out.println("second full after " + (System.nanoTime() - t0) / 1_000_000 + " ms");
    assertEquals(first.directory().entries(), second.directory().entries());
  }
}
