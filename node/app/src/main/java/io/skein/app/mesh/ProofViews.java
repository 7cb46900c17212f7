package io.skein.app.mesh;

import io.skein.api.LedgerProofs;
import io.skein.api.view.ConsistencyView;
import io.skein.api.view.ProofView;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.note.CheckpointNote;
import io.skein.ledger.note.NoteKey;
import io.skein.ledger.proof.ConsistencyProof;
import io.skein.ledger.proof.Tile;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.witness.Checkpoints;
import io.skein.ledger.witness.Coverage;
import io.skein.ledger.witness.LedgerFacts;
import io.skein.ledger.witness.RecordProofs;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Proofs and tiles for the API. Each takes one short turn of the mesh thread, a bundle of entries
/// one for every [#TURN] records. Any thread.
final class ProofViews implements LedgerProofs {
  /// Records read in one turn of the mesh thread.
  private static final int TURN = 32;

  private final Beginning beginning;
  private final Ledger ledger;
  private final LedgerFacts facts;
  private final Checkpoints checkpoints;
  private final RecordProofs proofs;

  /// @param beginning what has to be over before there is all that proofs follow from
  ProofViews(
      Beginning beginning,
      Ledger ledger,
      LedgerFacts facts,
      Checkpoints checkpoints,
      RecordProofs proofs) {
    this.beginning = beginning;
    this.ledger = ledger;
    this.facts = facts;
    this.checkpoints = checkpoints;
    this.proofs = proofs;
  }

  /// A proof with the keys that tools want.
  private record Keyed(
      SignedRecord record,
      io.skein.ledger.proof.RecordProof proof,
      PublicKey author,
      List<PublicKey> witnesses) {}

  @Override
  public CompletionStage<Inclusion> inclusion(String hash) {
    return beginning
        .then(() -> ledger.record(Hash.parse(hash)).map(this::keyed))
        .thenApply(found ->
            found
                .map(keyed -> keyed.<Inclusion>map(one -> new Inclusion.Proven(view(one))))
                .map(proven -> proven.orElseGet(Inclusion.Uncovered::new))
                .orElseGet(Inclusion.Unknown::new));
  }

  private Optional<Keyed> keyed(SignedRecord record) {
    Optional<Coverage> coverage = checkpoints.coverage(record.feed(), record.seq());
    List<PublicKey> witnesses = new ArrayList<>();
    coverage.ifPresent(held ->
        held.cosignatures().keySet().forEach(node -> facts.keyOf(node).ifPresent(witnesses::add)));
    return proofs
        .of(record)
        .flatMap(proof ->
            facts
                .keyOf(record.author())
                .map(author -> new Keyed(record, proof, author, witnesses)));
  }

  private static ProofView view(Keyed keyed) {
    SignedRecord record = keyed.record();
    Hash mesh = keyed.proof().meshId();
    return new ProofView(
        ProofView.FORMAT,
        mesh.toString(),
        record.author().toString(),
        Long.toUnsignedString(record.epoch()),
        record.seq(),
        record.hash().toString(),
        base64(keyed.proof().record()),
        keyed.proof().inclusion().index(),
        keyed.proof().inclusion().size(),
        keyed.proof().inclusion().hashes().stream().map(Hash::toString).toList(),
        new String(keyed.proof().checkpoint(), StandardCharsets.UTF_8),
        NoteKey.author(mesh, record.feed(), keyed.author()).verifierKey(),
        keyed.witnesses().stream()
            .map(witness -> NoteKey.cosigner(mesh, witness).verifierKey())
            .toList(),
        keyed.proof().admission().stream().map(ProofViews::base64).toList());
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public CompletionStage<Optional<ConsistencyView>> consistency(
      String author, long epoch, long from, long to) {
    return onTree(
        author,
        epoch,
        (feed, tree) ->
            to > tree.size() ? Optional.empty() : Optional.of(view(feed, tree, from, to)));
  }

  private static ConsistencyView view(FeedId feed, TreeHashes tree, long from, long to) {
    ConsistencyProof proof = TreeProofs.consistency(tree, from, to);
    return new ConsistencyView(
        feed.author().toString(),
        Long.toUnsignedString(feed.epoch()),
        from,
        to,
        TreeProofs.root(tree, from).toString(),
        TreeProofs.root(tree, to).toString(),
        proof.hashes().stream().map(Hash::toString).toList());
  }

  @Override
  public CompletionStage<Optional<byte[]>> checkpoint(String author, long epoch) {
    return onFeed(
        author,
        epoch,
        feed ->
            checkpoints
                .newest(feed)
                .flatMap(held -> held.note(facts.meshId(), facts::keyOf))
                .map(CheckpointNote::encoded));
  }

  @Override
  public CompletionStage<Optional<byte[]>> tile(String author, long epoch, int level, String path) {
    Optional<Tile> tile = Tile.parse(level, path);
    return onTree(
        author,
        epoch,
        (_, tree) -> tile.filter(one -> one.within(tree.size())).map(one -> one.hashes(tree)));
  }

  @Override
  public CompletionStage<Optional<byte[]>> entries(String author, long epoch, String path) {
    Optional<Tile> tile = Tile.parse(0, path);
    Optional<FeedId> feed = feed(author, epoch);
    if (tile.isEmpty() || feed.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return entries(feed.get(), tile.get(), 0, new ByteArrayOutputStream());
  }

  private CompletionStage<Optional<byte[]>> entries(
      FeedId feed, Tile tile, int done, ByteArrayOutputStream out) {
    if (done == tile.width()) {
      return CompletableFuture.completedFuture(Optional.of(out.toByteArray()));
    }
    int turn = Math.min(TURN, tile.width() - done);
    return beginning
        .then(() ->
            facts.tree(feed).filter(tree -> tile.within(tree.size())).isPresent()
                ? ledger.page(feed, tile.firstLeaf() + done + 1, turn)
                : List.<SignedRecord>of())
        .thenCompose(page -> {
          if (page.size() < turn || page.getLast().seq() != tile.firstLeaf() + done + turn) {
            return CompletableFuture.completedFuture(Optional.empty());
          }
          for (SignedRecord record : page) {
            byte[] entry = record.signed();
            out.write(entry.length >>> 8);
            out.write(entry.length);
            out.writeBytes(entry);
          }
          return entries(feed, tile, done + turn, out);
        });
  }

  private <T> CompletionStage<Optional<T>> onTree(
      String author, long epoch, BiFunction<FeedId, TreeHashes, Optional<T>> answer) {
    return onFeed(
        author, epoch, feed -> facts.tree(feed).flatMap(tree -> answer.apply(feed, tree)));
  }

  private <T> CompletionStage<Optional<T>> onFeed(
      String author, long epoch, Function<FeedId, Optional<T>> answer) {
    return feed(author, epoch)
        .map(feed -> beginning.then(() -> answer.apply(feed)))
        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
  }

  private static Optional<FeedId> feed(String author, long epoch) {
    try {
      return Optional.of(new FeedId(NodeId.parse(author), epoch));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
