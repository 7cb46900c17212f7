package io.skein.app;

import io.skein.ledger.key.NativeHandshakes;
import io.skein.ledger.key.SignatureLibrary;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Changes from the portable to the native library for signatures, and for TLS handshakes, in the
/// background: loading takes 0.1 s of a processor, which a start and the first requests have better
/// uses for. So it waits until the node is up, and half a second more; but not if that takes long,
/// since then there are many signatures to verify.
///
/// The system property `skein.ed25519` with the value `portable` leaves it at the portable ones.
final class NativeSignatures {
  private static final Logger LOG = LoggerFactory.getLogger(NativeSignatures.class);
  private static final String PROPERTY = "skein.ed25519";
  private static final String PORTABLE = "portable";
  private static final long PATIENCE_MILLIS = 3_000;
  private static final long AFTER_MILLIS = 500;

  private NativeSignatures() {}

  /// Begins; to be counted down once the node is up.
  static CountDownLatch soon() {
    CountDownLatch up = new CountDownLatch(1);
    if (PORTABLE.equals(System.getProperty(PROPERTY))) {
      LOG.info("signatures are computed by {}, as {} says", SignatureLibrary.name(), PROPERTY);
      return up;
    }
    Thread.ofPlatform()
        .daemon()
        .name("skein-signatures")
        .start(() -> {
          try {
            if (up.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
              TimeUnit.MILLISECONDS.sleep(AFTER_MILLIS);
            }
            load();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
    return up;
  }

  private static void load() {
    switch (SignatureLibrary.useNative()) {
      case SignatureLibrary.Choice.Native(String name) ->
          LOG.info(
              "signatures{} are computed by {}",
              NativeHandshakes.use() ? " and TLS handshakes" : "",
              name);
      case SignatureLibrary.Choice.Portable(String why) ->
          LOG.info(
              "signatures are computed by {}, at a quarter of the speed: {}",
              SignatureLibrary.name(),
              why);
    }
  }
}
