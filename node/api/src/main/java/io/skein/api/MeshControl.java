package io.skein.api;

import io.skein.api.view.Ladder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/// Changes of the mesh that this node makes on an operator's behalf.
///
/// Any thread; no method blocks, but for [#trafficFaults] and [#routeFaults]: what reads documents
/// is loaded when the first comes, so they are not for event loops. A stage completes when the
/// record is durable in this node's own feed, or the change was refused; it completes exceptionally
/// only on an internal failure. Requests arrive checked for form (names, ranges, URLs); what
/// depends on the mesh's state is the implementation's to check and to refuse.
public interface MeshControl {
  /// What is wrong with a document of a service's traffic, such as comes with [ServiceRequest].
  ///
  /// @param traffic a JSON object; empty text: nothing said, nothing wrong
  List<Fault> trafficFaults(String traffic);

  /// A mistake in a document.
  ///
  /// @param pointer JSON Pointer into it
  /// @param detail what is wrong and what was expected
  record Fault(String pointer, String detail) {}

  /// Adds or replaces a service.
  CompletionStage<Result> putService(ServiceRequest request);

  /// Removes a service with its endpoints.
  CompletionStage<Result> deleteService(String service);

  /// What is wrong with a route's document.
  ///
  /// @param document a JSON object; empty text: nothing said
  List<Fault> routeFaults(String name, String document);

  /// Adds or replaces a route.
  ///
  /// @param name 1 to 63 characters of a–z, 0–9 and dash
  /// @param document free of faults
  CompletionStage<Result> putRoute(String name, String document);

  /// Removes a route.
  CompletionStage<Result> deleteRoute(String name);

  /// Ends an experiment on all nodes.
  ///
  /// @param name 1 to 63 characters of a–z, 0–9 and dash
  CompletionStage<Result> stopExperiment(String name);

  /// What is wrong with a contract's document, its condition included.
  ///
  /// @param document a JSON object; empty text: nothing said
  CompletionStage<List<Fault>> contractFaults(String document);

  /// Adds or replaces a contract.
  ///
  /// @param name 1 to 63 characters of a–z, 0–9 and dash
  /// @param document free of faults
  CompletionStage<Result> putContract(String name, String document);

  /// Removes a contract.
  CompletionStage<Result> deleteContract(String name);

  /// Adds or replaces an endpoint.
  CompletionStage<Result> putEndpoint(EndpointRequest request);

  /// Removes an endpoint.
  ///
  /// @param endpoint its id in the mesh, `service/name`
  CompletionStage<Result> deleteEndpoint(String service, String endpoint);

  /// Takes an endpoint out of traffic in the whole mesh, or back in: it gets no new requests, ends
  /// what it has begun, and keeps its pinned sessions for a time.
  ///
  /// @param endpoint its id in the mesh, `service/name`
  CompletionStage<Result> drainEndpoint(String service, String endpoint, boolean draining);

  /// Takes this node out of traffic, or back in.
  CompletionStage<Result> drainNode(boolean draining);

  /// Makes an invite.
  ///
  /// @param uses how many identities it admits, 1 to 1,000
  /// @param validFor from now, 1 s to 365 days
  CompletionStage<Result> createInvite(int uses, Duration validFor);

  /// Waits until a record stands as high as wanted, or the time is over.
  ///
  /// @param record hash of a durable record held here, in hexadecimal
  /// @param timeout at most so long, up to 60 s
  /// @return where it stands then, whether that is enough or not; at once if too many wait already
  CompletionStage<Ladder> await(String record, Acknowledgement wanted, Duration timeout);

  /// Ends a member's identity.
  ///
  /// @param member its id, or its name if no other active member has that name
  /// @param reason for people, at most 512 bytes; may be empty text
  CompletionStage<Result> revoke(String member, String reason);

  /// Hands this node's identity on to a new key, which takes effect on restart.
  ///
  /// @param force also if no peer can be told now
  CompletionStage<Result> rotate(boolean force);

  /// A service as wanted.
  ///
  /// @param service 1 to 63 characters of a–z, 0–9 and dash
  /// @param protocol `http`
  /// @param policy name of a routing policy; not yet checked for existence
  /// @param hosts Host values, lower case, without port; empty: the service's name
  /// @param pathPrefix begins with a slash
  /// @param healthPath begins with a slash; empty text: no active checks
  /// @param healthIntervalMillis from one active check to the next, 50 to 600,000
  /// @param healthTimeoutMillis how long a check's answer may take, 50 to `healthIntervalMillis`
  /// @param slowAfterMillis 1 to 3,600,000
  /// @param traffic document of what its traffic is to be like, free of faults; empty: as usual
  record ServiceRequest(
      String service,
      String protocol,
      String policy,
      List<String> hosts,
      String pathPrefix,
      String healthPath,
      long healthIntervalMillis,
      long healthTimeoutMillis,
      long slowAfterMillis,
      String traffic) {
    public ServiceRequest {
      hosts = List.copyOf(hosts);
    }

    /// A service whose traffic is as usual.
    public ServiceRequest(
        String service,
        String protocol,
        String policy,
        List<String> hosts,
        String pathPrefix,
        String healthPath,
        long healthIntervalMillis,
        long healthTimeoutMillis,
        long slowAfterMillis) {
      this(
          service,
          protocol,
          policy,
          hosts,
          pathPrefix,
          healthPath,
          healthIntervalMillis,
          healthTimeoutMillis,
          slowAfterMillis,
          "");
    }
  }

  /// An endpoint as wanted.
  ///
  /// @param service the service it serves
  /// @param endpoint its id in the mesh, `service/name`
  /// @param url `http://host:port`
  /// @param owner who reaches it
  /// @param region where it stands; empty: this node's, or the owner's
  /// @param weight 1 to 1,000
  /// @param priceMilli what a request costs there relative to the service's other endpoints, in
  ///   thousandths: 10 to 100,000
  record EndpointRequest(
      String service,
      String endpoint,
      String url,
      Owner owner,
      Optional<String> region,
      int weight,
      int priceMilli) {}

  /// Who reaches an endpoint.
  sealed interface Owner {
    /// The node that is asked, alone.
    record Self() implements Owner {}

    /// Every node of the endpoint's region.
    record Region() implements Owner {}

    /// One node alone.
    ///
    /// @param node its id or its name
    record Node(String node) implements Owner {}
  }

  /// What became of a change.
  sealed interface Result {
    /// The change is a durable record of this node's feed.
    ///
    /// @param record its hash in hexadecimal
    record Accepted(String record) implements Result {}

    /// The change concerns this node alone and leaves no record.
    record Applied() implements Result {}

    /// An invite was made.
    ///
    /// @param token what a joiner passes with `--token`; secret
    /// @param inviteKey the public half
    /// @param uses how many identities it admits
    /// @param expiresAt after which it admits nobody
    /// @param command the whole command that joins this mesh
    /// @param record hash of the record that says so, in hexadecimal
    record Invited(
        String token, String inviteKey, int uses, Instant expiresAt, String command, String record)
        implements Result {}

    /// A member's identity has ended.
    ///
    /// @param record hash of the record that says so
    /// @param id whose
    /// @param name its name for people
    record Revoked(String record, String id, String name) implements Result {}

    /// This node's identity was handed on.
    ///
    /// @param record hash of the record that says so
    /// @param from the old identity
    /// @param to the new one
    /// @param replicas how many peers are known to hold the record
    /// @param detail what is to be done now
    record Rotated(String record, String from, String to, int replicas, String detail)
        implements Result {}

    /// Not done, and why.
    ///
    /// @param status the HTTP status, 400 to 599
    /// @param code stable, lower case with dashes, such as `unknown-service`
    /// @param detail for people
    /// @param pointer JSON Pointer into the request's body; empty text: concerns the whole
    /// @param retrySeconds when it may be tried again; empty: not said
    record Refused(int status, String code, String detail, String pointer, OptionalInt retrySeconds)
        implements Result {
      /// One of which is not said when it may be tried again.
      public Refused(int status, String code, String detail, String pointer) {
        this(status, code, detail, pointer, OptionalInt.empty());
      }
    }
  }
}
