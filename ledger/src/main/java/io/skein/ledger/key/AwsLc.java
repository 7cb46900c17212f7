package io.skein.ledger.key;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// AWS-LC, a library of the processor's own code, by the Amazon Corretto Crypto Provider: twice as
/// fast at verifying as [BouncyCastle], and three times at signing. Not registered with the JDK,
/// but for what [NativeHandshakes] offers it.
///
/// It verifies by (3) of [Ed25519Library] to the letter: it refuses `S` ≥ `L`, computes `[S]B −
/// [k]A`, encodes it, and compares the 32 bytes with `R`. An encoding that is not canonical is
/// never what it computes.
///
/// What it is given are 32 bytes that were checked to be a key, 64 bytes, and a message it only
/// hashes; it parses nothing that a peer has sent.
final class AwsLc implements Ed25519Library {
  private static final String ALGORITHM = "Ed25519";

  /// So many engines are kept for the next caller, each with native memory for one key: a thread
  /// that finds its place empty makes one of its own, for a microsecond.
  private static final int KEPT = 16;

  /// An engine keeps a buffer as long as its longest message; those of longer ones are let go.
  private static final int LONGEST_KEPT_BYTES = 4_096;

  private final AmazonCorrettoCryptoProvider provider;
  private final BouncyCastle otherwise;
  private final AtomicReferenceArray<@Nullable Signature> verifiers =
      new AtomicReferenceArray<>(KEPT);
  private final AtomicReferenceArray<@Nullable Signature> signers =
      new AtomicReferenceArray<>(KEPT);

  private AwsLc(AmazonCorrettoCryptoProvider provider, BouncyCastle otherwise) {
    this.provider = provider;
    this.otherwise = otherwise;
  }

  /// Loads the library. It unpacks itself into a new folder of `java.io.tmpdir` (or of
  /// `com.amazon.corretto.crypto.provider.tmpdir`), loads and deletes it: some 0.1 s.
  ///
  /// @param otherwise who is asked if the library should ever fail
  /// @throws GeneralSecurityException if it does not load here
  /// @throws LinkageError likewise
  static AwsLc load(BouncyCastle otherwise) throws GeneralSecurityException {
    AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
    Throwable error = provider.getLoadingError();
    if (error != null) {
      throw new GeneralSecurityException(String.valueOf(error.getMessage()), error);
    }
    return new AwsLc(provider, otherwise);
  }

  @Override
  public String name() {
    return provider.getAwsLcVersionStr();
  }

  @Override
  public boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    int place = place();
    try {
      Signature engine = take(verifiers, place);
      engine.initVerify(key.provided());
      engine.update(message);
      boolean right = engine.verify(signature);
      give(verifiers, place, engine, message.length);
      return right;
    } catch (GeneralSecurityException | RuntimeException _) {
      return otherwise.verifies(key, message, signature);
    }
  }

  @Override
  public byte[] sign(SigningKey key, byte[] message) {
    int place = place();
    try {
      Signature engine = take(signers, place);
      engine.initSign(key.provided());
      engine.update(message);
      byte[] signature = engine.sign();
      give(signers, place, engine, message.length);
      return signature;
    } catch (GeneralSecurityException | RuntimeException _) {
      return otherwise.sign(key, message);
    }
  }

  private static int place() {
    return (int) Thread.currentThread().threadId() & KEPT - 1;
  }

  private Signature take(AtomicReferenceArray<@Nullable Signature> kept, int place)
      throws GeneralSecurityException {
    Signature engine = kept.getAndSet(place, null);
    return engine == null ? Signature.getInstance(ALGORITHM, provider) : engine;
  }

  private static void give(
      AtomicReferenceArray<@Nullable Signature> kept, int place, Signature engine, int bytes) {
    if (bytes <= LONGEST_KEPT_BYTES) {
      kept.set(place, engine);
    }
  }
}
