package io.skein.app;

import io.skein.app.config.NodeConfig;
import io.skein.app.config.Secret;
import io.skein.app.mesh.RevokedWords;
import io.skein.ledger.admission.Credential;
import io.skein.ledger.admission.InviteProof;
import io.skein.ledger.admission.JoinToken;
import io.skein.ledger.admission.Member;
import io.skein.ledger.admission.Revocation;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.admission.Rotation;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.RecordStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How this node belongs to a mesh: it founds one, joins one by a token, or goes on where it was.
///
/// @param ledger its ledger, open
/// @param credential what it claims when it connects
/// @param way how it came to it
record Belonging(Ledger ledger, Credential credential, Way way) {
  /// How a node comes to its mesh.
  enum Way {
    FOUNDED,
    JOINING,
    RETURNED
  }

  /// Asks the mesh whether it would take this node, before anything is written.
  interface Knock {
    void at(NodeConfig config, Credential credential) throws StartFailed;
  }

  /// Opens the ledger of the data directory, or begins one.
  ///
  /// @param knock called before a node joins for the first time
  /// @param knowsPeers whether the node has ever known a peer
  static Belonging of(
      NodeConfig config,
      RecordStore store,
      SigningKey key,
      HybridClock clock,
      SecureRandom random,
      Knock knock,
      boolean knowsPeers)
      throws StartFailed {
    Optional<JoinToken> token = token(config);
    if (!store.feeds().isEmpty()) {
      Hash held = meshOf(store);
      if (token.isPresent() && !token.get().meshId().equals(held)) {
        throw new StartFailed(
            StartFailed.USAGE,
            config.node().data()
                + " belongs to mesh "
                + brief(held.toString())
                + ", the token to mesh "
                + brief(token.get().meshId().toString())
                + ". Nothing was changed. Use another --data for another mesh.");
      }
      Ledger ledger = Ledger.reopen(store, key, clock, random, knowsPeers);
      refuseEnded(ledger, key);
      return new Belonging(ledger, ownCredential(config, store, ledger, key), Way.RETURNED);
    }
    if (token.isPresent()) {
      return join(config, store, key, clock, random, knock, token.get());
    }
    if (!config.mesh().seeds().isEmpty()) {
      throw new StartFailed(
          StartFailed.USAGE,
          "--seed: joining a mesh needs a token too. Any node of it makes one: skein invite"
              + " --api http://THAT-NODE:9700, then --token or --token-file here.");
    }
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    Ledger ledger =
        Ledger.found(
            store,
            key,
            config.mesh().name(),
            nonce,
            config.mesh().window().toMillis(),
            config.node().name(),
            clock,
            random);
    return new Belonging(
        ledger,
        Credential.ofFounder(key.publicKey(), ledger.meshId(), config.node().name()),
        Way.FOUNDED);
  }

  private static Hash meshOf(RecordStore store) throws StartFailed {
    for (FeedId feed : store.feeds()) {
      Optional<SignedRecord> first = store.record(feed, 1);
      if (first.isPresent()) {
        boolean genesis = first.get().body() instanceof Body.Genesis;
        return genesis ? first.get().hash() : first.get().meshId();
      }
    }
    throw new StartFailed(
        StartFailed.USAGE, "--data: no feed of it can be read from its beginning");
  }

  private static Belonging join(
      NodeConfig config,
      RecordStore store,
      SigningKey key,
      HybridClock clock,
      SecureRandom random,
      Knock knock,
      JoinToken token)
      throws StartFailed {
    if (config.mesh().seeds().isEmpty()) {
      throw new StartFailed(
          StartFailed.USAGE,
          "--token: joining needs the address of a node of mesh '"
              + token.meshName()
              + "' too: --seed HOST:PORT.");
    }
    if (token.expiresAtMillis() < HybridClock.millis(clock.now())) {
      throw new StartFailed(
          StartFailed.REFUSED,
          "the token expired at "
              + java.time.Instant.ofEpochMilli(token.expiresAtMillis())
              + ". Any node of mesh '"
              + token.meshName()
              + "' makes a new one: skein invite.");
    }
    InviteProof proof = InviteProof.sign(token.inviteKey(), token.meshId(), key.publicKey());
    Credential credential =
        Credential.ofJoiner(key.publicKey(), token.meshId(), proof, config.node().name());
    knock.at(config, credential);
    Body.Join first =
        new Body.Join(key.publicKey(), proof.inviteKey(), proof.proof(), config.node().name());
    Ledger ledger = Ledger.join(store, key, token.meshId(), first, clock, random);
    return new Belonging(ledger, credential, Way.JOINING);
  }

  /// What has ended does not come back; said here, because peers could only close the connection.
  private static void refuseEnded(Ledger ledger, SigningKey key) throws StartFailed {
    RosterSnapshot roster = ledger.roster().snapshot();
    Optional<Revocation> revocation = roster.revocation(key.nodeId());
    if (revocation.isPresent()) {
      throw new StartFailed(
          StartFailed.REFUSED,
          "this node's identity "
              + RevokedWords.of(roster, key.nodeId(), revocation.get())
              + ". It can come back only with a new identity: another --data and a new token.");
    }
    Optional<Rotation> rotation = roster.member(key.nodeId()).flatMap(Member::rotation);
    if (rotation.isPresent()) {
      throw new StartFailed(
          StartFailed.REFUSED,
          "this node's identity "
              + key.nodeId()
              + " was rotated to "
              + roster.current(key.nodeId())
              + ", and identity.key holds the old key. Nothing was changed. Put the new key in its"
              + " place.");
    }
  }

  /// The rotations that led to this key, oldest first.
  private static List<SignedRecord> rotations(Ledger ledger, NodeId id) {
    List<SignedRecord> rotations = new ArrayList<>();
    Optional<SignedRecord> last = ledger.roster().rotationTo(id);
    while (last.isPresent() && rotations.size() < Credential.MAX_SUCCESSION) {
      rotations.addFirst(last.get());
      last = ledger.roster().rotationTo(last.get().author());
    }
    return rotations;
  }

  /// The claim of a node that returns stands in the first record it ever wrote, or in the rotation
  /// that made it a successor.
  private static Credential ownCredential(
      NodeConfig config, RecordStore store, Ledger ledger, SigningKey key) throws StartFailed {
    for (FeedId feed : store.feeds()) {
      Optional<SignedRecord> first = store.record(feed, 1);
      if (feed.author().equals(key.nodeId()) && first.isPresent()) {
        switch (first.get().body()) {
          case Body.Genesis genesis -> {
            return Credential.ofFounder(key.publicKey(), ledger.meshId(), genesis.nodeName());
          }
          case Body.Join join -> {
            return Credential.ofJoiner(
                key.publicKey(),
                ledger.meshId(),
                new InviteProof(join.inviteKey(), join.proof()),
                join.nodeName());
          }
          default -> {
            // A later epoch's first record: the claim is in an earlier feed.
          }
        }
      }
    }
    List<SignedRecord> rotations = rotations(ledger, key.nodeId());
    if (!rotations.isEmpty()) {
      return Credential.ofSuccessor(
          key.publicKey(),
          ledger.meshId(),
          rotations,
          ledger.roster().member(key.nodeId()).map(Member::name).orElse(config.node().name()));
    }
    throw new StartFailed(
        StartFailed.USAGE,
        "the data directory holds records of other nodes but none by this node's identity.key."
            + " Nothing was changed. Was the key replaced?");
  }

  private static Optional<JoinToken> token(NodeConfig config) throws StartFailed {
    Optional<Secret> text;
    try {
      text = config.mesh().readToken();
    } catch (IOException e) {
      throw new StartFailed(StartFailed.USAGE, "--token-file: " + StartFailed.reason(e), e);
    }
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return switch (JoinToken.parse(text.get().value())) {
      case JoinToken.Parsed.Token(JoinToken token) -> Optional.of(token);
      case JoinToken.Parsed.NotAToken(String reason) ->
          throw new StartFailed(StartFailed.USAGE, "token: " + reason);
    };
  }

  private static String brief(String hex) {
    return hex.substring(0, 16);
  }
}
