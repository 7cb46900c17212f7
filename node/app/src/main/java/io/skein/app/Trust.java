package io.skein.app;

import io.skein.gossip.transport.jgroups.JGroupsTransport;
import io.skein.ledger.admission.Refusal;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.admission.Verdict;
import io.skein.ledger.key.MeshCertificate;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who may connect: the roster decides, or for a joiner without one the mesh id of its token.
final class Trust {
  private static final Logger LOG = LoggerFactory.getLogger(Trust.class);

  private Trust() {}

  static io.skein.ledger.admission.MeshTls tls(
      SigningKey key,
      Belonging belonging,
      AtomicReference<RosterSnapshot> roster,
      Instant started) {
    X509Certificate certificate = Certificates.of(belonging.credential(), key, started);
    io.skein.ledger.admission.MeshTrust trust =
        new io.skein.ledger.admission.MeshTrust(
            claim -> {
              RosterSnapshot now = roster.get();
              return now.mesh().isPresent()
                  ? now.check(claim, System.currentTimeMillis())
                  : Verdict.provisional(now.meshId(), claim);
            },
            Trust::logRefusal);
    return new io.skein.ledger.admission.MeshTls(key, certificate, trust);
  }

  /// Closes what connections there are with members that were revoked, and with those that were
  /// never admitted; all, if this node is one of them. Who was rotated keeps the connections it
  /// has: its process goes on until it is restarted.
  static void cutOff(
      JGroupsTransport transport,
      io.skein.ledger.admission.MeshTls tls,
      RosterSnapshot roster,
      NodeId self) {
    boolean alone = roster.revocation(self).isPresent() || roster.latecomers().contains(self);
    int closed =
        transport.disconnectUnless(session ->
            !alone
                && !(tls.trustManager().verdict(session) instanceof Verdict.Refused refused
                    && (refused.reason() == Verdict.Reason.REVOKED
                        || refused.reason() == Verdict.Reason.INVITE_USED_UP)));
    if (closed > 0) {
      LOG.info("closed {} connections of nodes that are no members any more", closed);
    }
  }

  static void logRefusal(Refusal refusal) {
    LOG.atWarn()
        .addKeyValue("reason", refusal.reason())
        .addKeyValue("peer", refusal.peerAddress().orElse("unknown"))
        .log("connection refused: {}", refusal.sentence());
  }

  static boolean isNode(X509Certificate certificate, String nodeId) {
    try {
      return MeshCertificate.parse(certificate).key().nodeId().toString().equals(nodeId);
    } catch (CertificateException e) {
      return false;
    }
  }
}
