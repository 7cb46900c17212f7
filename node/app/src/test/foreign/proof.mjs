// Verifies a proof from the written formats alone: RFC 8949, 9052, 9162, C2SP signed-note,
// tlog-checkpoint and tlog-cosignature. Usage: node proof.mjs PROOF.JSON MESH-ID
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const sha = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const refuse = (why) => { console.log("refused: " + why); process.exit(1); };
const demand = (holds, what) => holds || refuse(what);
const ed25519 = (key, message, signature) =>
  verify(null, message, createPublicKey({ key: Buffer.concat(
    [Buffer.from("302a300506032b6570032100", "hex"), key]), format: "der", type: "spki" }), signature);

// The subset of CBOR that records are written in.
function cbor(bytes) {
  let at = 0;
  const item = () => {
    const major = bytes[at] >> 5, info = bytes[at++] & 31;
    if (major === 7) return info === 21;
    let length = BigInt(info);
    if (info > 23) { const width = 1 << (info - 24); length = 0n;
      for (let i = 0; i < width; i++) length = (length << 8n) | BigInt(bytes[at++]); }
    if (major === 0) return length;
    if (major === 1) return -1n - length;
    if (major === 4) return Array.from({ length: Number(length) }, item);
    if (major === 6) return item();
    const value = bytes.subarray(at, at += Number(length));
    return major === 3 ? value.toString("utf8") : value;
  };
  return item();
}

// A record: what is signed, its hash, what it says.
function record(base64) {
  const bytes = Buffer.from(base64, "base64");
  const [protectedHeader, , payload, signature] = cbor(bytes);
  const tail = bytes.subarray(7, bytes.length - 66);
  const signed = Buffer.concat(
    [Buffer.from("846a5369676e617475726531", "hex"), bytes.subarray(2, 6), Buffer.from("40", "hex"), tail]);
  demand(protectedHeader.equals(Buffer.from("a10127", "hex")), "another algorithm");
  const [, mesh, author, epoch, seq, , hlc, type, body] = cbor(payload);
  return { signed, signature, hash: sha(Buffer.from([0]), signed), mesh, author, epoch, seq, hlc, type, body };
}

const proof = JSON.parse(readFileSync(process.argv[2], "utf8"));
const mesh = Buffer.from(process.argv[3], "hex");

// Who belongs: genesis, then joins by invites of those who belong.
const chain = proof.admission.map(record);
const members = new Map();
const key = (id) => members.get(id.toString("hex"));
const identity = (publicKey) => sha(publicKey).subarray(0, 16);
const admit = (publicKey) => members.set(identity(publicKey).toString("hex"), publicKey);
const genesis = chain.find((one) => one.type === 1n && one.hash.equals(mesh));
demand(genesis, "no genesis of the mesh");
demand(ed25519(genesis.body[3], genesis.signed, genesis.signature), "genesis not signed");
admit(genesis.body[3]);
for (let size = 0; size !== members.size;) {
  size = members.size;
  for (const invite of chain.filter((one) => one.type === 2n && key(one.author))) {
    demand(ed25519(key(invite.author), invite.signed, invite.signature), "invite not signed");
    for (const join of chain.filter((one) => one.type === 3n && one.body[1].equals(invite.body[0]))) {
      const [publicKey, inviteKey, consent] = join.body;
      demand(ed25519(publicKey, join.signed, join.signature), "join not signed");
      demand(ed25519(inviteKey, Buffer.concat([Buffer.from("skein join 1\n"), mesh, publicKey]), consent), "no consent");
      admit(publicKey);
    }
  }
}

// The record is its author's.
const leaf = record(proof.record);
demand(key(leaf.author), "author not admitted");
demand(leaf.mesh.equals(mesh) || leaf.hash.equals(mesh), "record of another mesh");
demand(ed25519(key(leaf.author), leaf.signed, leaf.signature), "record not signed");

// The checkpoint is the author's, and cosigned.
const [, text, lines] = proof.checkpoint.match(/^([^]*\n)\n((?:\u2014 .+\n)+)$/u);
const [origin, size, root] = text.split("\n");
demand(origin.startsWith(`skein/${mesh.toString("hex")}/`)
  && origin.endsWith("/" + leaf.epoch.toString(16).padStart(16, "0")), "checkpoint of another feed");
let author = 0, witnesses = 0;
for (const line of lines.trimEnd().split("\n")) {
  const [, name, base64] = line.split(" ");
  const blob = Buffer.from(base64, "base64"), id = blob.subarray(0, 4), rest = blob.subarray(4);
  const made = (publicKey, kind) =>
    sha(Buffer.from(name + "\n"), Buffer.from([kind]), publicKey).subarray(0, 4).equals(id);
  if (name === origin && made(key(leaf.author), 1)) {
    demand(ed25519(key(leaf.author), Buffer.from(text), rest), "checkpoint not signed");
    author++;
  }
  for (const witness of members.values()) {
    if (made(witness, 4)) {
      const time = rest.readBigUInt64BE();
      const said = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
      demand(ed25519(witness, said, rest.subarray(8)), "cosignature of " + name);
      witnesses++;
    }
  }
}
demand(author === 1, "the author's signature is missing");

// The way from the leaf to the root (RFC 9162, 2.1.3.2).
let place = leaf.seq - 1n, last = BigInt(size) - 1n, hash = leaf.hash;
demand(place <= last, "beyond the tree");
for (const sibling of proof.hashes.map((one) => Buffer.from(one, "hex"))) {
  demand(last !== 0n, "too many hashes");
  if ((place & 1n) === 1n || place === last) {
    hash = sha(Buffer.from([1]), sibling, hash);
    while ((place & 1n) === 0n && place !== 0n) { place >>= 1n; last >>= 1n; }
  } else {
    hash = sha(Buffer.from([1]), hash, sibling);
  }
  place >>= 1n; last >>= 1n;
}
demand(last === 0n && hash.equals(Buffer.from(root, "base64")), "does not lead to the root");
console.log(`valid: record ${leaf.seq} of ${size}, ${witnesses} witnesses`);
