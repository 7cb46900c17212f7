package io.skein.app.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.RemoveEndpoint;
import io.skein.ledger.record.SignedRecord;
import java.util.Optional;

/// Whether a record is about a subject: an endpoint, a service and its endpoints, a node, or the
/// key of an invite.
///
/// @param text an endpoint's id, a service, a node's id, or a key, as it was asked for
/// @param node the node of that id or name, if there is one
record RecordSubjects(String text, Optional<NodeId> node) {
  /// Whether the record is about it.
  boolean in(SignedRecord record) {
    return switch (record.body()) {
      case Body.Genesis _, Body.Epoch _ -> is(record.author());
      case Body.Join join -> is(record.author()) || text.equals(join.inviteKey().toString());
      case Body.Invite invite -> text.equals(invite.inviteKey().toString());
      case Body.Revoke revoke -> is(revoke.subject());
      case Body.Rotate rotate -> is(record.author()) || is(rotate.successor().nodeId());
      case Body.Performance performance ->
          performance.endpoints().stream().anyMatch(one -> endpoint(one.endpoint()))
              || performance.peers().stream().anyMatch(one -> is(one.peer()));
      case Body.Service service -> change(service.change());
      case Body.Contract contract -> contract.change().name().equals(text);
      case Body.Heal heal -> endpoint(heal.subject()) || named(heal.subject());
      case Body.Effect effect -> text.equals(effect.repair().toString());
      case Body.Experiment result -> result.route().equals(text) || result.name().equals(text);
      case Body.Cosign cosign ->
          cosign.cosignatures().stream().anyMatch(one -> is(one.feed().author()));
      case ForkProof proof -> is(proof.feed().author());
      case Body.Snapshot snapshot ->
          snapshot.cuts().stream().anyMatch(cut -> is(cut.feed().author()));
      case Body.Receipts _, Body.Checkpoint _, Body.Reserved _ -> false;
    };
  }

  private boolean change(ServiceChange change) {
    return change.subject().equals(text)
        || switch (change) {
          case PutEndpoint put ->
              put.endpoint().equals(text) || put.owner().filter(this::is).isPresent();
          case RemoveEndpoint remove -> remove.endpoint().equals(text);
          case ServiceChange.PutService _,
              ServiceChange.RemoveService _,
              ServiceChange.PutRoute _,
              ServiceChange.RemoveRoute _ ->
              false;
        };
  }

  /// An endpoint's id is `service/name`.
  private boolean endpoint(String id) {
    return id.equals(text)
        || (id.length() > text.length() && id.charAt(text.length()) == '/' && id.startsWith(text));
  }

  private boolean named(String id) {
    return node.filter(known -> known.toString().equals(id)).isPresent();
  }

  private boolean is(NodeId other) {
    return node.filter(other::equals).isPresent();
  }
}
