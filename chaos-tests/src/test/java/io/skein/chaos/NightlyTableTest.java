package io.skein.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NightlyTableTest {
  private static final Instant BEGUN = Instant.parse("2026-11-21T02:00:00Z");

  @TempDir Path root;

  @Test
  void tellsWhatTestsSaidAndCountsThoseThatSaidNothing() throws Exception {
    report(
        "node/proxy/target/surefire-reports/TEST-io.skein.A.xml",
        """
        <testsuite name="io.skein.A" tests="2" failures="0" errors="0" skipped="0" time="1,012.6">
          <testcase name="a"><system-out>noise
        nightly: h2spec 2.2.0: 146 of 146 | strict
        </system-out></testcase><testcase name="b"/>
        </testsuite>
        """,
        BEGUN.plusSeconds(5));
    report(
        "chaos-tests/target/failsafe-reports/TEST-io.skein.B.xml",
        """
        <testsuite name="io.skein.B" tests="3" failures="1" errors="0" skipped="1" time="2">
        </testsuite>
        """,
        BEGUN.plusSeconds(9));
    String table = NightlyTable.of(root, BEGUN).text(BEGUN);
    assertTrue(
        table.contains("| h2spec 2.2.0 | 146 of 146 \\| strict | passed | 1013 | `A` |"), table);
    assertTrue(table.contains("| B | 1 of 3 passed, 1 skipped | FAILED | 2 | `B` |"), table);
    assertTrue(table.contains("1 failed."), table);
  }

  @Test
  void leavesOutReportsOfEarlierRuns() throws Exception {
    report(
        "ledger/target/surefire-reports/TEST-io.skein.C.xml",
        "<testsuite name='io.skein.C' tests='1' failures='0' errors='0' skipped='0' time='2'/>",
        BEGUN.minusSeconds(1));
    String table = NightlyTable.of(root, BEGUN).text(BEGUN);
    assertFalse(table.contains("`C`"), table);
    assertEquals(1, table.split("nothing ran", -1).length - 1, table);
  }

  private void report(String name, String text, Instant written) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(written));
  }
}
