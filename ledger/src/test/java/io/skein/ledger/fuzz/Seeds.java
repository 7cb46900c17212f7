package io.skein.ledger.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.skein.ledger.admission.AdmissionSamples;
import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.key.KeySamples;
import io.skein.ledger.log.FileSamples;
import io.skein.ledger.receipt.Receipt;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.SyncSamples;
import io.skein.ledger.vectors.Samples;
import io.skein.ledger.vectors.Vectors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The inputs that fuzzing starts from: samples of everything, and what was kept of earlier runs in
/// `src/test/resources/fuzz/TARGET.txt`, a name and hexadecimal digits on each line.
public final class Seeds {
  static final Path KEPT = Path.of("src/test/resources/fuzz");

  private final Path folder;

  private Seeds(Path folder) {
    this.folder = folder;
  }

  /// `write FOLDER` writes every input to a file of `FOLDER/TARGET/`; `keep FOLDER` takes those
  /// files over into what is kept.
  ///
  /// @param arguments as above
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "write" -> new Seeds(folder).write();
      case "keep" -> new Seeds(folder).keep();
      default -> throw new IllegalArgumentException("expected: write or keep");
    }
  }

  /// What is kept for a target, by name.
  public static SortedMap<String, byte[]> kept(String target) throws IOException {
    SortedMap<String, byte[]> inputs = new TreeMap<>();
    for (String line : Files.readAllLines(KEPT.resolve(target + ".txt"))) {
      int space = line.indexOf(' ');
      inputs.put(line.substring(0, space), HexFormat.of().parseHex(line.substring(space + 1)));
    }
    return inputs;
  }

  /// The names of what is kept.
  static SortedSet<String> targets() throws IOException {
    try (Stream<Path> files = Files.list(KEPT)) {
      SortedSet<String> targets = new TreeSet<>();
      files.forEach(file -> targets.add(file.getFileName().toString().replace(".txt", "")));
      return targets;
    }
  }

  private void keep() throws IOException {
    Files.createDirectories(KEPT);
    for (Path target : children(folder)) {
      StringBuilder lines = new StringBuilder();
      for (Path file : children(target)) {
        lines
            .append(file.getFileName())
            .append(' ')
            .append(HexFormat.of().formatHex(Files.readAllBytes(file)))
            .append('\n');
      }
      Files.writeString(KEPT.resolve(target.getFileName() + ".txt"), lines);
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private void write() throws Exception {
    if (Files.isDirectory(KEPT)) {
      for (String target : targets()) {
        for (var input : kept(target).entrySet()) {
          write(target, input.getKey(), input.getValue());
        }
      }
    }
    Seeds seeds = this;
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
    for (var sample : KeySamples.encrypted(samples.joiner()).entrySet()) {
      seeds.write("encrypted-key", sample.getKey(), sample.getValue());
    }
    for (var sample : FileSamples.cuts().entrySet()) {
      seeds.write("cut", sample.getKey(), sample.getValue());
    }
    for (var sample : FileSamples.verifieds().entrySet()) {
      seeds.write("verified", sample.getKey(), sample.getValue());
    }
    int leaf = 0;
    for (Receipt receipt : samples.receipts()) {
      seeds.write("receipt", "leaf-" + leaf++, receipt.encode());
      seeds.write("receipt", "id-" + leaf, receipt.id().toString().getBytes(UTF_8));
    }
    seeds.write("receipt", "proof", samples.receiptProof());
    notes(seeds, samples);
    if (samples.sample("fork-proof").body() instanceof ForkProof proof) {
      seeds.write("fork", "proof", FileSamples.fork(proof));
    }
  }

  private static void notes(Seeds seeds, Samples samples) throws IOException {
    seeds.write("note", "checkpoint", Vectors.checkpoint(samples).encoded());
    seeds.write("note", "head", Vectors.checkpoint(samples).head().text().getBytes(UTF_8));
    seeds.write(
        "note", "origin", Vectors.checkpoint(samples).head().origin().toString().getBytes(UTF_8));
    for (String path : List.of("000", "255.p/17", "x001/234", "x999/x999/000.p/255")) {
      seeds.write("note", "tile-" + path.replace('/', '-'), path.getBytes(UTF_8));
    }
  }

  private static byte[] typed(SignedRecord record, byte[] body) {
    int type = record.body().type();
    int said = type == RecordType.CONTRACT ? 31 : type == RecordType.EXPERIMENT ? 30 : type;
    return ByteBuffer.allocate(1 + body.length).put((byte) said).put(body).array();
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
