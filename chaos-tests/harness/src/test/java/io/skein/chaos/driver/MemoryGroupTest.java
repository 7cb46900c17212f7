package io.skein.chaos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the kernel is told, and what is read of its answers, with plain files in its place.
class MemoryGroupTest {
  @TempDir private Path folder;

  private void file(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private String written(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  private MemoryGroup first() throws IOException {
    file("memory.limit_in_bytes", "9223372036854771712\n");
    file("memory.stat", "cache 4096\nrss 1048576\nrss_huge 2097152\n");
    file("memory.failcnt", "7\n");
    file("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    return MemoryGroup.at(folder);
  }

  private MemoryGroup second() throws IOException {
    file("memory.stat", "anon 1048576\nfile 4096\nanon_thp 2097152\n");
    file("memory.events", "low 0\nhigh 5\nmax 1\noom 1\noom_kill 3\noom_group_kill 0\n");
    return MemoryGroup.at(folder);
  }

  @Test
  void ofTheFirstVersionWhoWaitsIsHeldByALimitWithoutAKiller() throws Exception {
    MemoryGroup group = first();

    group.hold();

    assertEquals("1048576", written("memory.limit_in_bytes"));
    assertEquals("1", written("memory.oom_control"));
    assertEquals(7, group.held());
    group.lift();
    assertEquals("-1", written("memory.limit_in_bytes"));
    assertEquals("0", written("memory.oom_control"));
  }

  @Test
  void ofTheFirstVersionTheKillerIsLeftOn() throws Exception {
    MemoryGroup group = first();
    assertEquals(2, group.killed());

    group.kill();

    assertEquals("1048576", written("memory.limit_in_bytes"));
    assertEquals("0", written("memory.oom_control"));
  }

  @Test
  void ofTheSecondVersionHighHoldsAndMaxKills() throws Exception {
    MemoryGroup group = second();
    assertEquals(5, group.held());
    assertEquals(3, group.killed());

    group.hold();
    assertEquals("1048576", written("memory.high"));
    group.kill();
    assertEquals("1048576", written("memory.max"));
    group.lift();
    assertEquals("max", written("memory.high"));
    assertEquals("max", written("memory.max"));
  }
}
