package io.skein.ledger.admission;

import io.skein.ledger.admission.Refusal.Side;
import io.skein.ledger.admission.Verdict.Reason;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Decides in a TLS handshake whether the peer's certificate is one of this mesh: a node made it,
/// and the checker does not refuse its claim. Host names and dates mean nothing here; that the peer
/// holds the certificate's key is proved by TLS itself.
///
/// TLS tells the refused side only that its certificate was not accepted, so that the listener is
/// the one place to learn why. Any thread, as the checker and the listener must be: a typical
/// checker is `claim -> roster.get().check(claim, clock.millis())` over a published
/// [RosterSnapshot]; a joiner uses `claim -> Verdict.provisional(meshId, claim)` until it has the
/// ledger.
public final class MeshTrust extends X509ExtendedTrustManager {
  private static final X509Certificate[] NO_CHAIN = {};

  private final Function<Credential, Verdict> checker;
  private final Consumer<Refusal> listener;

  /// @param checker gives the verdict on a claim
  /// @param listener is told of each refusal before the handshake ends
  public MeshTrust(Function<Credential, Verdict> checker, Consumer<Refusal> listener) {
    this.checker = checker;
    this.listener = listener;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain, Side.SERVER, address(socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain, Side.CLIENT, address(socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain, Side.SERVER, address(engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain, Side.CLIENT, address(engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, Side.SERVER, Optional.empty());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, Side.CLIENT, Optional.empty());
  }

  /// None: nodes sign for themselves.
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return NO_CHAIN.clone();
  }

  /// The verdict, as of now, on the peer of a connection that stands: to close those of a node that
  /// was revoked since, and to judge sessions that were resumed without a check. The listener is
  /// not told.
  public Verdict verdict(SSLSession session) {
    try {
      return verdict(
          Arrays.stream(session.getPeerCertificates())
              .filter(X509Certificate.class::isInstance)
              .toArray(X509Certificate[]::new));
    } catch (SSLPeerUnverifiedException _) {
      return verdict(NO_CHAIN);
    }
  }

  private void check(X509Certificate @Nullable [] chain, Side side, Optional<String> address)
      throws CertificateException {
    if (verdict(chain) instanceof Verdict.Refused(Reason reason, String sentence)) {
      listener.accept(new Refusal(side, address, reason, sentence));
      throw new CertificateException(sentence);
    }
  }

  private Verdict verdict(X509Certificate @Nullable [] chain) {
    if (chain == null || chain.length != 1) {
      return new Verdict.Refused(
          Reason.NOT_A_NODE_CERTIFICATE, "peer shows not exactly one certificate, as nodes do");
    }
    try {
      return checker.apply(Credential.of(chain[0]));
    } catch (CertificateException e) {
      return new Verdict.Refused(
          Reason.NOT_A_NODE_CERTIFICATE,
          "peer's certificate is not a mesh node's: " + e.getMessage());
    }
  }

  private static Optional<String> address(@Nullable Socket socket) {
    return socket == null
        ? Optional.empty()
        : Optional.ofNullable(socket.getRemoteSocketAddress()).map(Object::toString);
  }

  private static Optional<String> address(@Nullable SSLEngine engine) {
    return engine == null
        ? Optional.empty()
        : Optional.ofNullable(engine.getPeerHost()).map(host -> host + ":" + engine.getPeerPort());
  }
}
