package io.skein.ledger.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FaultyDiskTest {
  private static final Path HOME = Path.of("/data");
  private static final Path FILE = HOME.resolve("a");
  private final FaultyDisk disk = new FaultyDisk(HOME);

  private DiskFile written(Path file, String text) throws IOException {
    DiskFile open = disk.open(file);
    open.write(bytes(text), 0);
    return open;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String read(Path file) throws IOException {
    DiskFile open = disk.open(file);
    ByteBuffer into = ByteBuffer.allocate(100);
    open.read(into, 0);
    String text = new String(into.array(), 0, into.position(), StandardCharsets.US_ASCII);
    assertEquals(text.length(), open.size());
    assertArrayEquals(text.getBytes(StandardCharsets.US_ASCII), disk.bytes(file));
    return text;
  }

  @Test
  void aCrashTakesWhatWasNotForced() throws IOException {
    DiskFile open = written(FILE, "forced");
    open.force();
    disk.forceFolder(HOME);
    open.write(bytes(" and not"), 6);
    written(HOME.resolve("b"), "its folder was not").force();
    assertEquals("forced and not", read(FILE));
    disk.crash();
    assertEquals("forced", read(FILE));
    assertFalse(disk.exists(HOME.resolve("b")));
    assertEquals(List.of(FILE), disk.files());
    assertThrows(IOException.class, open::size, "opened before the crash");
  }

  @Test
  void aCrashLeavesTheFirstOfTheBytesWrittenSince() throws IOException {
    DiskFile open = written(FILE, "0123");
    open.force();
    disk.forceFolder(HOME);
    open.write(bytes("abc"), 4);
    open.write(bytes("def"), 7);
    disk.crashKeeping(4);
    assertEquals("0123abcd", read(FILE));
  }

  @Test
  void whatWasWrittenOverOrCutOffComesBack() throws IOException {
    DiskFile open = written(FILE, "0123456789");
    open.force();
    disk.forceFolder(HOME);
    open.write(bytes("x"), 2);
    open.truncate(4);
    open.write(bytes("yz"), 6);
    assertEquals("01x3\0\0yz", read(FILE), "nothing of what was cut off shows between");
    disk.crash();
    assertEquals("0123456789", read(FILE));
    open = disk.open(FILE);
    open.truncate(4);
    open.force();
    disk.crash();
    assertEquals("0123", read(FILE));
  }

  @Test
  void whatAFailedForceDroppedCanBeReadUntilTheCrash() throws IOException {
    DiskFile open = written(FILE, "first");
    open.force();
    disk.forceFolder(HOME);
    open.write(bytes("second"), 5);
    disk.faults((operation, _) ->
        operation == FaultyDisk.Operation.FORCE ? Optional.of("broken") : Optional.empty());
    assertThrows(IOException.class, open::force);
    disk.faults(FaultyDisk.Faults.NONE);
    open.write(bytes("third"), 11);
    open.force();
    assertEquals("firstsecondthird", read(FILE));
    disk.crash();
    assertEquals("first\0\0\0\0\0\0third", read(FILE));
    open = disk.open(FILE);
    open.write(bytes("!"), 16);
    open.force();
    disk.crash();
    assertEquals("first\0\0\0\0\0\0third!", read(FILE));
  }

  @Test
  void aFolderKeepsNothingUntilItIsKeptItself() throws IOException {
    Path folder = HOME.resolve("folder");
    disk.createFolder(folder);
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    written(first, "1").force();
    disk.forceFolder(folder);
    disk.forceFolder(HOME);
    written(second, "2").force();
    disk.crash();
    assertEquals(List.of(), disk.files(), "it was forced before its folder was there for good");
    written(second, "2").force();
    disk.forceFolder(folder);
    disk.crash();
    assertEquals(List.of(second), disk.list(folder));
  }

  @Test
  void namesChangeForGoodWhenTheirFolderIsForced() throws IOException {
    Path moved = HOME.resolve("b");
    Path linked = HOME.resolve("c");
    written(FILE, "text").force();
    disk.forceFolder(HOME);
    disk.move(FILE, moved);
    disk.link(moved, linked);
    disk.crash();
    assertEquals(List.of(FILE), disk.files());
    disk.move(FILE, moved);
    disk.link(moved, linked);
    disk.forceFolder(HOME);
    disk.delete(moved);
    disk.crash();
    assertEquals(List.of(moved, linked), disk.files());
    assertEquals("text", read(linked));
  }

  @Test
  void aCopyIsForcedAndApart() throws IOException {
    written(FILE, "text");
    FaultyDisk copy = disk.copy();
    disk.open(FILE).write(bytes("more"), 4);
    copy.crash();
    assertEquals(List.of(FILE), copy.files());
    assertArrayEquals("text".getBytes(StandardCharsets.US_ASCII), copy.bytes(FILE));
    assertEquals(8, disk.usedBytes());
    disk.crash();
    assertTrue(disk.files().isEmpty());
  }

  @Test
  void whatDoesNotFitIsLeftOut() throws IOException {
    DiskFile open = written(FILE, "four");
    disk.capacity(6);
    IOException full = assertThrows(IOException.class, () -> open.write(bytes("more"), 4));
    assertEquals(FaultyDisk.NO_SPACE, full.getMessage());
    assertEquals("fourmo", read(FILE));
  }
}
