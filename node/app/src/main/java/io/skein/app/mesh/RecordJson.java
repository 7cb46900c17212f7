package io.skein.app.mesh;

import io.skein.ledger.record.Body;
import io.skein.ledger.record.ContractChange;
import io.skein.ledger.record.Cosignature;
import io.skein.ledger.record.Cut;
import io.skein.ledger.record.EffectFigures;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.ExperimentArm;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.PeerOutcome;
import io.skein.ledger.record.ServiceChange;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HexFormat;

/// What records say, as JSON for people and scripts.
final class RecordJson {
  private RecordJson() {}

  static JsonObject of(Body body) {
    return switch (body) {
      case Body.Genesis genesis ->
          new JsonObject()
              .put("meshName", genesis.meshName())
              .put("nonce", HexFormat.of().formatHex(genesis.nonce()))
              .put("windowMillis", genesis.windowMillis())
              .put("publicKey", genesis.publicKey().toString())
              .put("nodeName", genesis.nodeName());
      case Body.Invite invite ->
          new JsonObject()
              .put("inviteKey", invite.inviteKey().toString())
              .put("uses", invite.uses())
              .put("expiresAt", Instant.ofEpochMilli(invite.expiresAtMillis()).toString());
      case Body.Join join ->
          new JsonObject()
              .put("publicKey", join.publicKey().toString())
              .put("inviteKey", join.inviteKey().toString())
              .put("proof", HexFormat.of().formatHex(join.proof()))
              .put("nodeName", join.nodeName());
      case Body.Revoke revoke ->
          new JsonObject()
              .put("subject", revoke.subject().toString())
              .put("reason", revoke.reason());
      case Body.Epoch epoch ->
          new JsonObject()
              .put("publicKey", epoch.publicKey().toString())
              .put("previousEpoch", Long.toUnsignedString(epoch.previousEpoch()));
      case Body.Performance performance -> performance(performance);
      case Body.Service service -> change(service.change());
      case Body.Contract contract -> contract(contract.change());
      case Body.Experiment result -> experiment(result);
      case Body.Heal heal ->
          new JsonObject()
              .put("action", heal.action())
              .put("subject", heal.subject())
              .put("subjectKind", heal.subjectKind())
              .put("diagnosis", heal.diagnosis())
              .put("evidence", heal.evidence())
              .put("cause", heal.cause().toString());
      case Body.Effect effect ->
          new JsonObject()
              .put("repair", effect.repair().toString())
              .put("diagnosis", effect.diagnosis())
              .put("action", effect.action())
              .put("outcome", effect.outcome())
              .put("seconds", effect.seconds())
              .put("before", figures(effect.before()))
              .put("after", figures(effect.after()));
      case Body.Rotate rotate ->
          new JsonObject()
              .put("successor", rotate.successor().toString())
              .put("proof", HexFormat.of().formatHex(rotate.proof()));
      case Body.Receipts(long window, long count, Hash root) ->
          new JsonObject().put("window", window).put("count", count).put("root", root.toString());
      case Body.Checkpoint checkpoint ->
          new JsonObject()
              .put("size", checkpoint.size())
              .put("root", checkpoint.root().toString())
              .put("headsRoot", checkpoint.headsRoot().toString())
              .put("repRoot", checkpoint.repRoot().toString())
              .put("keptCount", checkpoint.keptCount())
              .put("keptRoot", checkpoint.keptRoot().toString())
              .put("noteSignature", HexFormat.of().formatHex(checkpoint.noteSignature()));
      case Body.Cosign cosign -> cosign(cosign);
      case ForkProof proof ->
          new JsonObject()
              .put("author", proof.feed().author().toString())
              .put("epoch", Long.toUnsignedString(proof.feed().epoch()))
              .put("seq", proof.seq())
              .put("key", proof.key().toString())
              .put("first", HexFormat.of().formatHex(proof.first().encoded()))
              .put("second", HexFormat.of().formatHex(proof.second().encoded()));
      case Body.Snapshot snapshot -> snapshot(snapshot);
      case Body.Reserved reserved ->
          new JsonObject().put("content", HexFormat.of().formatHex(reserved.content()));
    };
  }

  private static JsonObject figures(EffectFigures figures) {
    return new JsonObject()
        .put("requests", figures.requests())
        .put("failed", figures.failed())
        .put("latencyMicros", figures.latencyMicros());
  }

  private static JsonObject experiment(Body.Experiment result) {
    return new JsonObject()
        .put("run", result.run().toString())
        .put("route", result.route())
        .put("name", result.name())
        .put("verdict", result.verdict())
        .put("seconds", result.seconds())
        .put("nodes", result.nodes())
        .put("control", arm(result.control()))
        .put("treatment", arm(result.treatment()))
        .put("latencyMicros", result.latencyMicros())
        .put("latencyWidthMicros", result.latencyWidthMicros())
        .put("harmMillis", result.harmMillis())
        .put("gainMillis", result.gainMillis())
        .put("enoughMillis", result.enoughMillis());
  }

  private static JsonObject arm(ExperimentArm arm) {
    return new JsonObject()
        .put("requests", arm.requests())
        .put("failed", arm.failed())
        .put("meanMicros", arm.meanMicros());
  }

  private static JsonObject cosign(Body.Cosign cosign) {
    JsonArray cosignatures = new JsonArray();
    for (Cosignature each : cosign.cosignatures()) {
      cosignatures.add(
          new JsonObject()
              .put("author", each.feed().author().toString())
              .put("epoch", Long.toUnsignedString(each.feed().epoch()))
              .put("size", each.size())
              .put("root", each.root().toString())
              .put("timeSeconds", each.timeSeconds())
              .put("signature", HexFormat.of().formatHex(each.signature())));
    }
    return new JsonObject().put("cosignatures", cosignatures);
  }

  private static JsonObject snapshot(Body.Snapshot snapshot) {
    JsonArray cuts = new JsonArray();
    for (Cut cut : snapshot.cuts()) {
      cuts.add(
          new JsonObject()
              .put("author", cut.feed().author().toString())
              .put("epoch", Long.toUnsignedString(cut.feed().epoch()))
              .put("size", cut.size())
              .put("root", cut.root().toString()));
    }
    return new JsonObject().put("cuts", cuts);
  }

  private static JsonObject performance(Body.Performance performance) {
    JsonArray endpoints = new JsonArray();
    for (EndpointOutcome outcome : performance.endpoints()) {
      endpoints.add(
          new JsonObject()
              .put("endpoint", outcome.endpoint())
              .put("good", outcome.good())
              .put("bad", outcome.bad())
              .put("p50Micros", outcome.p50Micros())
              .put("p99Micros", outcome.p99Micros()));
    }
    JsonArray peers = new JsonArray();
    for (PeerOutcome outcome : performance.peers()) {
      peers.add(
          new JsonObject()
              .put("peer", outcome.peer().toString())
              .put("good", outcome.good())
              .put("bad", outcome.bad())
              .put("acknowledged", outcome.acknowledgement().length > 0));
    }
    return new JsonObject()
        .put("window", performance.window())
        .put("endpoints", endpoints)
        .put("peers", peers);
  }

  private static JsonObject contract(ContractChange change) {
    return switch (change) {
      case ContractChange.PutContract put ->
          new JsonObject()
              .put("change", "put-contract")
              .put("contract", put.name())
              .put("document", DocumentJson.of(put.document()));
      case ContractChange.RemoveContract remove ->
          new JsonObject().put("change", "remove-contract").put("contract", remove.name());
    };
  }

  private static JsonObject change(ServiceChange change) {
    return switch (change) {
      case ServiceChange.PutService put -> {
        JsonObject json =
            new JsonObject()
                .put("change", "put-service")
                .put("service", put.service())
                .put("protocol", put.protocol())
                .put("policy", put.policy())
                .put("hosts", new JsonArray(put.hosts()))
                .put("path", put.pathPrefix())
                .put("healthPath", put.healthPath())
                .put("healthIntervalMillis", put.healthIntervalMillis())
                .put("healthTimeoutMillis", put.healthTimeoutMillis())
                .put("slowAfterMillis", put.slowAfterMillis());
        if (!put.traffic().isEmpty()) {
          json.put("traffic", DocumentJson.of(put.traffic()));
        }
        yield json;
      }
      case ServiceChange.RemoveService remove ->
          new JsonObject().put("change", "remove-service").put("service", remove.service());
      case ServiceChange.PutEndpoint put -> {
        JsonObject json =
            new JsonObject()
                .put("change", "put-endpoint")
                .put("service", put.service())
                .put("endpoint", put.endpoint())
                .put("url", put.url())
                .put("region", put.region())
                .put("weight", put.weight());
        if (put.priceMilli() != ServiceChange.PutEndpoint.USUAL_PRICE) {
          json.put("price", put.priceMilli() / 1_000.0);
        }
        put.owner().ifPresent(owner -> json.put("owner", owner.toString()));
        yield json;
      }
      case ServiceChange.RemoveEndpoint remove ->
          new JsonObject()
              .put("change", "remove-endpoint")
              .put("service", remove.service())
              .put("endpoint", remove.endpoint());
      case ServiceChange.PutRoute put ->
          new JsonObject()
              .put("change", "put-route")
              .put("route", put.name())
              .put("document", DocumentJson.of(put.document()));
      case ServiceChange.RemoveRoute remove ->
          new JsonObject().put("change", "remove-route").put("route", remove.name());
    };
  }
}
