package io.skein.ledger.vectors;

import static io.skein.ledger.vectors.Json.hex;
import static io.skein.ledger.vectors.Json.object;

import io.skein.ledger.key.KeySamples;
import io.skein.ledger.log.FileSamples;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.SignedRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Test vectors of files: those of a data directory, and key files.
final class FileVectors {
  private final Samples samples;

  FileVectors(Samples samples) {
    this.samples = samples;
  }

  Object segment() {
    List<SignedRecord> records = samples.founderFeed().subList(0, 3);
    return object(
        "records",
        List.copyOf(records.stream().map(record -> hex(record.encoded())).toList()),
        "file",
        hex(FileSamples.segment(records)));
  }

  /// What a directory holds of the founder's feed, cut before its checkpoint.
  Object directory() {
    if (!(samples.sample("checkpoint").body() instanceof Body.Checkpoint checkpoint)
        || !(samples.sample("fork-proof").body() instanceof ForkProof proof)) {
      throw new AssertionError("no checkpoint or no fork-proof");
    }
    int size = (int) checkpoint.size();
    FileSamples.Directory directory =
        FileSamples.directory(samples.founder, samples.founderFeed(), size);
    return object(
        "format",
        directory.format(),
        "author",
        hex(samples.feed.author().toBytes()),
        "epoch",
        Long.toUnsignedString(samples.feed.epoch()),
        "feedFolder",
        directory.folder(),
        "cutSize",
        size,
        "cut",
        hex(directory.cut()),
        "keptFile",
        directory.keptFile(),
        "kept",
        hex(directory.kept()),
        "hashes",
        hex(directory.hashes()),
        "verified",
        hex(directory.verified()),
        "fork",
        hex(FileSamples.fork(proof)));
  }

  /// The joiner's key, plain and encrypted.
  Object keyFiles() {
    String passphrase = KeySamples.PASSPHRASE;
    return object(
        "publicKey",
        samples.joiner().publicKey().toString(),
        "plain",
        text(KeySamples.files(samples.joiner()).get("pem")),
        "passphrase",
        passphrase,
        "encrypted",
        KeySamples.pem("ENCRYPTED PRIVATE KEY", written()));
  }

  private byte[] written() {
    return Optional.ofNullable(KeySamples.encrypted(samples.joiner()).get("written")).orElseThrow();
  }

  private static String text(byte @org.jspecify.annotations.Nullable [] ascii) {
    return new String(Optional.ofNullable(ascii).orElseThrow(), StandardCharsets.US_ASCII);
  }
}
