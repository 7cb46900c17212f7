package io.skein.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClientTlsTest {
  @TempDir Path folder;
  private final Queue<Runnable> reading = new ArrayDeque<>();
  private final ClientTls tls = new ClientTls(reading::add);
  private final List<Throwable> failures = new ArrayList<>();
  private int ready;

  private void prepare(EndpointTls wanted) {
    tls.prepare(wanted, Runnable::run, () -> ready++, failures::add);
  }

  private void read() {
    for (Runnable work; (work = reading.poll()) != null; ) {
      work.run();
    }
  }

  private static EndpointTls trusting(Path ca) {
    return new EndpointTls(true, Optional.of(ca), Optional.empty(), Optional.empty(), List.of());
  }

  @Test
  void whoAsksReadsNothingAndIsCalledWhenItIsRead() throws Exception {
    Path ca = new Pems(folder).write("ca", "ca.example").chain();
    EndpointTls wanted = trusting(ca);

    prepare(wanted);
    prepare(wanted);
    assertEquals(1, reading.size(), "those who ask meanwhile share the reading");
    assertFalse(tls.ready(wanted));
    assertTrue(tls.newHandler(UnpooledByteBufAllocator.DEFAULT, wanted, "h", 1).isEmpty());
    read();

    assertEquals(2, ready);
    assertTrue(tls.newHandler(UnpooledByteBufAllocator.DEFAULT, wanted, "h", 1).isPresent());
  }

  @Test
  void aFileThatCannotBeUsedIsToldAndTriedAgain() throws Exception {
    Path ca = folder.resolve("wanted.pem");
    prepare(trusting(ca));
    read();
    assertInstanceOf(UnusableCertificate.class, failures.getFirst());

    Files.copy(new Pems(folder).write("later", "ca.example").chain(), ca);
    prepare(trusting(ca));
    read();
    assertEquals(1, ready);
  }

  @Test
  void readsAgainWhatChangedAndKeepsWhatWasIfThatIsBad() throws Exception {
    Path ca = new Pems(folder).write("ca", "ca.example").chain();
    prepare(trusting(ca));
    read();
    assertFalse(tls.reloadIfChanged());

    Files.setLastModifiedTime(ca, FileTime.fromMillis(1_000_000));
    assertTrue(tls.reloadIfChanged());
    assertEquals(1, tls.reloads());

    Files.writeString(ca, "no certificate");
    assertFalse(tls.reloadIfChanged());
    assertEquals(1, tls.failedReloads());
    assertTrue(tls.ready(trusting(ca)));
    assertFalse(tls.reloadIfChanged(), "told once");
    assertEquals(1, tls.failedReloads());
  }
}
