package io.skein.reputation.evidence;

/// Whom a score is about. Ordered: endpoints before peers, endpoints by their id's code points
/// (which is the order of its UTF-8 bytes), peers by identity.
public sealed interface Subject extends Comparable<Subject> permits EndpointSubject, PeerSubject {
  /// The subject's name: an endpoint id, or a node id in base32.
  String text();

  /// `endpoint` or `peer`.
  String kind();

  @Override
  default int compareTo(Subject other) {
    return switch (this) {
      case EndpointSubject endpoint ->
          other instanceof EndpointSubject that
              ? EndpointSubject.compareCodePoints(endpoint.id(), that.id())
              : -1;
      case PeerSubject peer ->
          other instanceof PeerSubject that ? peer.node().compareTo(that.node()) : 1;
    };
  }
}
