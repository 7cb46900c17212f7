package io.skein.proxy.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What the bodies of one client's connection in HTTP/2 make this side hold because no endpoint has
/// taken them yet, and what is done about it. Its windows are the sum of its streams', so that a
/// stream that is stuck holds up no other; the price is that all of them together may be.
///
/// | from | answer |
/// |---|---|
/// | half of [Http2Config#heldBytes] | every stream's window shrinks to 16 KiB, and an endpoint's connection holds 16 KiB instead of 256; back at a quarter, a second later |
/// | all of it | the requests that hold most get 503 `overloaded`, WebSockets ENHANCE_YOUR_CALM, until half is left |
///
/// While memory is scarce ([BufferMemory]), the bound is a sixteenth. It is looked at after reads,
/// so that one read (16 times 64 KiB at most) may come on top of it. Event loop only.
final class Http2Held {
  private static final int SCARCE_PART = 16;
  private static final int LOOKS = 16;
  private static final int LEAST_WINDOW = 16 << 10;
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Worker worker;
  private final Http2Server server;
  private final List<Http2Downstream> open = new ArrayList<>(0);
  private long came;
  private long held;
  private boolean narrow;
  private long changedNanos;

  Http2Held(Worker worker, Http2Server server) {
    this.worker = worker;
    this.server = server;
  }

  private long most() {
    long most = worker.plane.config.http2().heldBytes();
    return worker.plane.memory.level() == BufferMemory.Level.PLENTY ? most : most / SCARCE_PART;
  }

  /// Bytes of a body came.
  void came(int bytes) {
    came += bytes;
  }

  /// A read is over, and what it brought was sent as far as that goes.
  void readComplete() {
    if (came > most() / LOOKS) {
      look();
    }
  }

  void tick() {
    if (came > 0 || held > 0 || narrow) {
      look();
    }
  }

  private void look() {
    came = 0;
    long most = most();
    held = 0;
    server.forEachOpen(client -> {
      long its = client.heldBytes();
      held += its;
      if (its > 0) {
        open.add(client);
      }
    });
    if (held > most) {
      open.sort(Comparator.comparingLong(Http2Downstream::heldBytes).reversed());
      for (int i = 0; i < open.size() && held > most / 2; i++) {
        held -= open.get(i).heldBytes();
        open.get(i).giveUp();
      }
    }
    if (held > most / 2) {
      open.forEach(Http2Downstream::narrow);
    }
    open.clear();
    fit(held > most / 2, held < most / 4);
  }

  private void fit(boolean crowded, boolean empty) {
    int usual = worker.plane.config.http2().streamWindow();
    long now = worker.nowNanos;
    if (crowded && !narrow) {
      narrow = true;
      changedNanos = now;
      server.window(Math.min(usual, LEAST_WINDOW));
    } else if (crowded) {
      changedNanos = now;
    } else if (narrow && empty && now - changedNanos > SETTLED_NANOS) {
      narrow = false;
      server.window(usual);
    }
  }
}
