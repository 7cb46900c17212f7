package io.skein.ledger.key;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// Remembers which signatures have been found good, so that each is computed once.
///
/// For a program that runs many nodes in one thread: a simulation, where every node would verify
/// the very bytes that all others verify. Nothing can be put in from outside: a signature is
/// remembered after [PublicKey#verifies] has computed it, and found again only by the same key, the
/// same message and the same signature, byte by byte. So verification answers what it would answer
/// without; only sooner. What was found bad is not remembered.
///
/// Grows by every good signature and forgets none: let it end with what it was made for. Confined
/// to one thread.
public final class VerifiedSignatures {
  static final ScopedValue<VerifiedSignatures> IN_FORCE = ScopedValue.newInstance();

  private final Set<Good> good = new HashSet<>();
  private final Map<PointKey, Ed25519.PublicPoint> points = new HashMap<>();

  private record Good(PublicKey key, byte[] message, byte[] signature) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Good that
          && Arrays.equals(signature, that.signature)
          && key.equals(that.key)
          && Arrays.equals(message, that.message);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(signature);
    }
  }

  private record PointKey(byte[] key) {
    @Override
    public boolean equals(Object other) {
      return other instanceof PointKey that && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(key);
    }
  }

  /// Runs `work`; whatever it verifies in this thread is remembered here.
  public <T> T during(Supplier<T> work) {
    return ScopedValue.where(IN_FORCE, this).call(work::get);
  }

  /// How many signatures are remembered.
  public int size() {
    return good.size();
  }

  boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    if (good.contains(new Good(key, message, signature))) {
      return true;
    }
    boolean right = key.compute(message, signature);
    if (right) {
      good.add(new Good(key, message.clone(), signature.clone()));
    }
    return right;
  }

  Optional<Ed25519.PublicPoint> point(byte[] key) {
    PointKey asked = new PointKey(key);
    Ed25519.PublicPoint known = points.get(asked);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Ed25519.PublicPoint> decoded = PublicKey.decode(key);
    decoded.ifPresent(point -> points.put(new PointKey(key.clone()), point));
    return decoded;
  }
}
