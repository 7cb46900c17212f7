package io.skein.gossip.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AddressBookTest {
  @TempDir Path directory;

  @Test
  void remembersAcrossOpenings() throws IOException {
    Path file = directory.resolve("peers");
    AddressBook book = AddressBook.open(file);
    assertTrue(book.add(new MeshAddress("10.0.0.1", 7800)));
    assertTrue(book.add(new MeshAddress("::1", 7801)));
    assertFalse(book.add(new MeshAddress("10.0.0.1", 7800)));
    assertFalse(book.add(new MeshAddress("10.0.0.9", 0)));
    assertEquals(List.of("10.0.0.1:7800", "[::1]:7801"), Files.readAllLines(file));
    assertEquals(2, AddressBook.open(file).addresses().size());
  }

  @Test
  void skipsDamagedLines() throws IOException {
    Path file = directory.resolve("peers");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, '\n', 'a', ':', '1', '\n', ':', '\n'});
    assertEquals(List.of(new MeshAddress("a", 1)), AddressBook.open(file).addresses());
  }

  @Test
  void isBounded() throws IOException {
    Path file = directory.resolve("peers");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      lines.append("h").append(i).append(":1\n");
    }
    Files.writeString(file, lines);
    AddressBook book = AddressBook.open(file);
    assertEquals(AddressBook.MAX_ADDRESSES, book.addresses().size());
    assertEquals("h2999", book.addresses().getLast().host());
    Files.write(file, new byte[2 << 20]);
    assertThrows(IOException.class, () -> AddressBook.open(file));
  }

  @Test
  void parsesAddresses() {
    assertEquals(
        Optional.of(new MeshAddress("node.example", 7800)), MeshAddress.parse("node.example:7800"));
    assertEquals(Optional.of(new MeshAddress("fe80::1", 1)), MeshAddress.parse("[fe80::1]:1"));
    for (String bad :
        List.of(
            "", ":", "a", "a:", ":1", "a:b", "a:65536", "a:-1", "fe80::1:1", "a b:1", "a:000001")) {
      assertEquals(Optional.empty(), MeshAddress.parse(bad), bad);
    }
  }
}
