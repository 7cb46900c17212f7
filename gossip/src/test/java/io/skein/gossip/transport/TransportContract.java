package io.skein.gossip.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every transport must do.
public abstract class TransportContract {
  protected static final PeerId A = new PeerId(0, 1);
  protected static final PeerId B = new PeerId(-1, 2);
  protected static final PeerId C = new PeerId(7, Long.MIN_VALUE);

  private final List<Transport> opened = new ArrayList<>();

  /// A node not yet started; nodes made by one test can reach each other.
  protected abstract Transport node(PeerId peer);

  /// Lets the world go on until `condition` holds; false if it does not within a generous limit.
  protected abstract boolean await(BooleanSupplier condition);

  /// What one node was told.
  public static final class Heard implements Transport.Listener {
    public record Arrived(PeerId from, int channel, byte[] payload) {}

    public final ConcurrentLinkedQueue<Arrived> messages = new ConcurrentLinkedQueue<>();
    public volatile SortedSet<PeerId> view = new TreeSet<>();
    public volatile int views;

    @Override
    public void message(PeerId from, int channel, byte[] payload) {
      messages.add(new Arrived(from, channel, payload));
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // views come one after the other
    public void view(SortedSet<PeerId> reachable) {
      view = reachable;
      views++;
    }
  }

  protected final Transport open(PeerId peer, Heard heard) {
    Transport transport = node(peer);
    opened.add(transport);
    transport.start(heard);
    return transport;
  }

  @AfterEach
  final void closeAll() {
    opened.reversed().forEach(Transport::close);
  }

  @Test
  void aNodeAloneSeesAnEmptyView() {
    Heard heard = new Heard();
    Transport a = open(A, heard);
    assertEquals(A, a.self());
    assertTrue(await(() -> heard.views > 0));
    assertTrue(heard.view.isEmpty());
  }

  @Test
  void carriesMessagesWithSenderAndChannelAndTellsOfACloseAndAReturn() {
    Heard atA = new Heard();
    Heard atB = new Heard();
    Heard atC = new Heard();
    Transport a = open(A, atA);
    Transport b = open(B, atB);
    open(C, atC);
    assertTrue(await(() -> atA.view.equals(Set.of(B, C))), "view at A");
    assertTrue(await(() -> atB.view.equals(Set.of(A, C))), "view at B");
    assertTrue(await(() -> atC.view.equals(Set.of(A, B))), "view at C");

    byte[] bytes = {1, 2, 3};
    a.send(B, 255, bytes);
    bytes[0] = 9;
    assertTrue(await(() -> !atB.messages.isEmpty()), "message at B");
    Heard.Arrived arrived = atB.messages.remove();
    assertEquals(A, arrived.from());
    assertEquals(255, arrived.channel());
    assertArrayEquals(new byte[] {1, 2, 3}, arrived.payload());

    byte[] large = new byte[Transport.MAX_PAYLOAD_BYTES];
    large[large.length - 1] = 5;
    a.send(C, 16, large);
    a.send(C, 0, new byte[0]);
    assertTrue(await(() -> atC.messages.size() == 2), "large and empty at C");
    assertTrue(atC.messages.stream().anyMatch(m -> m.channel() == 0 && m.payload().length == 0));
    assertTrue(
        atC.messages.stream()
            .anyMatch(
                m -> m.payload().length == large.length && m.payload()[large.length - 1] == 5));

    a.send(A, 1, bytes);
    a.send(new PeerId(5, 5), 1, bytes);

    b.close();
    b.close();
    b.send(A, 1, bytes);
    assertTrue(await(() -> atA.view.equals(Set.of(C))), "view at A without B");
    a.send(B, 1, bytes);

    Heard again = new Heard();
    Transport secondLife = open(B, again);
    assertTrue(await(() -> atA.view.equals(Set.of(B, C))), "B is back at A");
    assertTrue(await(() -> again.view.equals(Set.of(A, C))), "A is back at B");
    a.send(B, 3, new byte[] {4});
    secondLife.send(A, 4, new byte[] {5});
    assertTrue(await(() -> again.messages.size() == 1 && atA.messages.size() == 1), "both ways");
    assertEquals(3, again.messages.remove().channel());
    assertEquals(B, atA.messages.remove().from());
    assertEquals(0, atB.messages.size());
  }

  @Test
  void refusesWhatItCannotCarry() {
    Heard heard = new Heard();
    Transport a = open(A, heard);
    assertThrows(IllegalArgumentException.class, () -> a.send(B, 256, new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> a.send(B, -1, new byte[0]));
    byte[] tooLarge = new byte[Transport.MAX_PAYLOAD_BYTES + 1];
    assertThrows(IllegalArgumentException.class, () -> a.send(B, 1, tooLarge));
    assertThrows(IllegalStateException.class, () -> a.start(heard));
    a.close();
    assertThrows(IllegalStateException.class, () -> a.start(heard));
  }
}
