package io.skein.proxy.route;

import io.skein.routing.experiment.ArmCounts;
import io.skein.routing.hash.KeyHash;
import java.util.concurrent.atomic.AtomicBoolean;

/// Divides the requests of a rule between two arms: as the rule has it, and as it is tried out. Who
/// is in which arm follows from the client's key and the experiment's name alone, so that a client
/// stays in its arm on all nodes and two experiments divide clients independently of each other.
///
/// The same for all tables, for as long as the experiment is the same. Any thread.
public final class Split {
  /// Parts that all clients are divided into.
  public static final int WHOLE = 1_000_000;

  private final String name;
  private final long salt;
  private final int share;
  private final By by;
  private final String field;
  private final ArmCounts control = new ArmCounts();
  private final ArmCounts treatment = new ArmCounts();
  private final AtomicBoolean on;

  /// By what a client is known.
  public enum By {
    /// The address it connects from.
    ADDRESS,
    /// The value of a header field; its address if there is none.
    HEADER,
    /// The value of a cookie; its address if there is none.
    COOKIE,
    /// Not at all: each request is drawn.
    REQUEST
  }

  /// @param name the experiment's
  /// @param share of the clients that get the treatment, in parts of [#WHOLE]
  /// @param field name of the header field, in lower case, or of the cookie; else empty
  /// @param on whether the experiment still goes on
  public Split(String name, int share, By by, String field, boolean on) {
    if (share < 0 || share > WHOLE) {
      throw new IllegalArgumentException("share: " + share + " (expected: 0.." + WHOLE + ")");
    }
    this.name = name;
    this.salt = KeyHash.of(name);
    this.share = share;
    this.by = by;
    this.field = field;
    this.on = new AtomicBoolean(on);
  }

  public String name() {
    return name;
  }

  public By by() {
    return by;
  }

  public String field() {
    return field;
  }

  /// Parts of [#WHOLE] that get the treatment.
  public int share() {
    return share;
  }

  /// Whether requests are divided; if not, all are the control's and none is counted.
  public boolean on() {
    return on.get();
  }

  /// From now on every request is the control's.
  public void stop() {
    on.set(false);
  }

  /// Whether the client with that key gets the treatment.
  public boolean treats(long key) {
    long spread = KeyHash.again(key, salt);
    return Math.multiplyHigh(spread >>> 1, 2L * WHOLE) < share;
  }

  /// The answers of the requests that are as the rule has them.
  public ArmCounts control() {
    return control;
  }

  /// The answers of the others.
  public ArmCounts treatment() {
    return treatment;
  }
}
