package io.skein.ledger.fuzz;

import io.skein.ledger.admission.AdmissionSamples;
import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.key.KeySamples;
import io.skein.ledger.log.FileSamples;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.SyncSamples;
import io.skein.ledger.vectors.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Writes the inputs that fuzzing starts from, below the folder given.
public final class Seeds {
  private final Path folder;

  private Seeds(Path folder) {
    this.folder = folder;
  }

  /// @param arguments the folder
  public static void main(String[] arguments) throws Exception {
    Seeds seeds = new Seeds(Path.of(arguments[0]));
    Samples samples = new Samples();
    for (var sample : samples.records().entrySet()) {
      byte[] encoded = sample.getValue().encoded();
      byte[] body = body(encoded);
      seeds.write("record", sample.getKey(), encoded);
      seeds.write("record", sample.getKey() + "-body", typed(sample.getValue(), body));
      seeds.write("cbor", sample.getKey(), body);
    }
    for (var sample : SyncSamples.of(Hash.ZERO, samples.founderFeed()).entrySet()) {
      seeds.write("sync", sample.getKey(), sample.getValue());
    }
    for (var sample : AdmissionSamples.tokens(samples).entrySet()) {
      seeds.write("token", sample.getKey(), sample.getValue());
    }
    for (var sample : AdmissionSamples.certificates(samples).entrySet()) {
      seeds.write("certificate", sample.getKey(), sample.getValue());
    }
    for (var sample : KeySamples.files(samples.joiner()).entrySet()) {
      seeds.write("key", sample.getKey(), sample.getValue());
    }
    for (var sample : FileSamples.segments().entrySet()) {
      seeds.write("segment", sample.getKey(), sample.getValue());
    }
    if (Optional.ofNullable(samples.records().get("fork-proof")).orElseThrow().body()
        instanceof Body.ForkProof proof) {
      seeds.write("fork", "proof", FileSamples.fork(proof));
    }
  }

  private static byte[] typed(SignedRecord record, byte[] body) {
    return ByteBuffer.allocate(1 + body.length).put((byte) record.body().type()).put(body).array();
  }

  /// The last of a payload's nine items.
  private static byte[] body(byte[] encoded) throws CborException {
    CborReader envelope = new CborReader(encoded, 7, encoded.length - 7, CborLimits.RECORD);
    CborReader payload = new CborReader(envelope.bytes(SignedRecord.MAX_BYTES), CborLimits.RECORD);
    payload.arrayOf(9);
    byte[] item = {};
    for (int i = 0; i < 9; i++) {
      item = payload.item();
    }
    return item;
  }

  private void write(String target, String name, byte[] bytes) throws IOException {
    Path file = Files.createDirectories(folder.resolve(target)).resolve(name);
    Files.write(file, bytes);
  }
}
