// Checks the test vectors with nothing but Node's own library: `node check.mjs FOLDER`.
// It shares no code with the module and can serve as a start for another implementation.
import {createHash, createPrivateKey, createPublicKey, verify, X509Certificate} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

const folder = process.argv[2];
const load = (name) => JSON.parse(readFileSync(join(folder, name + '.json'), 'utf8'));
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const raw = (text) => Buffer.from(text, 'hex');
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
let checks = 0;
function same(actual, expected, what) {
  checks++;
  if (String(actual) !== String(expected)) throw new Error(`${what}: ${actual} is not ${expected}`);
}
const publicKey = (bytes) =>
  createPublicKey({key: Buffer.concat([raw('302a300506032b6570032100'), bytes]), format: 'der', type: 'spki'});
const signedBy = (key, message, signature) => verify(null, message, publicKey(key), signature);

// Deterministic CBOR: integers as BigInt, byte strings, texts, arrays, booleans, and nothing else.
function head(major, n) {
  const width = n < 24n ? 0 : n < 1n << 8n ? 1 : n < 1n << 16n ? 2 : n < 1n << 32n ? 4 : 8;
  const out = Buffer.alloc(1 + width, major << 5 | (width ? 24 + Math.log2(width) : Number(n)));
  for (let i = 0; i < width; i++) out[width - i] = Number(n >> BigInt(8 * i) & 255n);
  return out;
}
function encode(item) {
  if (typeof item === 'boolean') return Buffer.from([item ? 0xf5 : 0xf4]);
  if (typeof item === 'bigint') return item < 0n ? head(1, -1n - item) : head(0, item);
  if (typeof item === 'string') return Buffer.concat([head(3, BigInt(Buffer.byteLength(item))), Buffer.from(item)]);
  if (Array.isArray(item)) return Buffer.concat([head(4, BigInt(item.length)), ...item.map(encode)]);
  return Buffer.concat([head(2, BigInt(item.length)), item]);
}
function decode(bytes) {
  let at = 0;
  function need(n) { if (n > bytes.length - at) throw new Error('cut short'); }
  function next(depth) {
    need(1);
    const first = bytes[at++], major = first >> 5, info = first & 31;
    if (major === 7) { if (info === 20 || info === 21) return info === 21; throw new Error('type'); }
    if (major > 4 || info > 27) throw new Error('type or length');
    let n = BigInt(info);
    if (info > 23) {
      const width = 1 << info - 24;
      need(width);
      n = BigInt('0x' + hex(bytes.subarray(at, at += width)));
    }
    if (major < 2) return major ? -1n - n : n;
    need(Number(n));
    if (major === 4) {
      if (depth === 16) throw new Error('depth');
      return Array.from({length: Number(n)}, () => next(depth + 1));
    }
    const content = bytes.subarray(at, at += Number(n));
    return major === 2 ? content : new TextDecoder('utf-8', {fatal: true}).decode(content);
  }
  const item = next(0);
  if (at !== bytes.length || !encode(item).equals(bytes)) throw new Error('not the one encoding');
  return item;
}
function openRecord(encoded) {
  const prefix = raw('d28443a10127a0'), tail = encoded.length - 66;
  if (tail < 8 || !encoded.subarray(0, 7).equals(prefix)) throw new Error('envelope');
  if (hex(encoded.subarray(tail, tail + 2)) !== '5840') throw new Error('envelope');
  const payload = decode(encoded.subarray(7, tail));
  const signed = encode(['Signature1', raw('a10127'), Buffer.alloc(0), payload]);
  const fields = decode(payload);
  if (fields.length !== 9 || fields[0] !== 1n) throw new Error('payload');
  return {payload, signed, fields, signature: encoded.subarray(tail + 2), hash: sha256(Buffer.of(0), signed)};
}

// RFC 9162 §2.1.3.2 and §2.1.4.2.
const node = (left, right) => sha256(Buffer.of(1), left, right);
function included(leaf, index, size, path) {
  let fn = index, sn = size - 1, r = leaf;
  for (const p of path) {
    if (sn === 0) return null;
    if (fn % 2 || fn === sn) {
      r = node(p, r);
      while (fn % 2 === 0 && fn !== 0) { fn >>= 1; sn >>= 1; }
    } else r = node(r, p);
    fn >>= 1; sn >>= 1;
  }
  return sn === 0 ? hex(r) : null;
}
function consistent(from, to, first, second, path) {
  if (from === to) return path.length === 0 && first.equals(second);
  if ((from & from - 1) === 0) path = [first, ...path];
  let fn = from - 1, sn = to - 1;
  while (fn % 2) { fn >>= 1; sn >>= 1; }
  let fr = path[0], sr = path[0];
  for (const c of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 || fn === sn) {
      fr = node(c, fr); sr = node(c, sr);
      while (fn % 2 === 0 && fn !== 0) { fn >>= 1; sn >>= 1; }
    } else sr = node(sr, c);
    fn >>= 1; sn >>= 1;
  }
  return sn === 0 && fr.equals(first) && sr.equals(second);
}
function crc32c(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const keys = {};
for (const key of load('keys')) {
  const secret = createPrivateKey({key: Buffer.concat([raw('302e020100300506032b657004220420'), raw(key.seed)]), format: 'der', type: 'pkcs8'});
  same(hex(createPublicKey(secret).export({format: 'der', type: 'spki'}).subarray(12)), key.publicKey, key.name);
  same(hex(sha256(raw(key.publicKey)).subarray(0, 16)), key.nodeId, key.name);
  keys[key.name] = raw(key.publicKey);
}
for (const record of load('records')) {
  const opened = openRecord(raw(record.encoded));
  const [, mesh, author, epoch, seq, prev, hlc, type] = opened.fields;
  const read = [hex(mesh), hex(author), epoch, seq, hex(prev), hlc, type, hex(opened.payload), hex(opened.signed), hex(opened.hash)];
  const { mesh: m, author: a, epoch: e, seq: s, prev: p, hlc: h, type: t, payload, signed, hash } = record;
  same(read, [m, a, e, s, p, h, t, payload, signed, hash], record.name);
  same(signedBy(keys[record.key], opened.signed, raw(record.signature)), true, record.name);
  same(hex(opened.signature), record.signature, record.name);
}
// What stays when a feed is cut, and what checkpoints say of it.
const stays = (type) => [1, 2, 3, 4, 5, 6, 9, 11, 14, 15].includes(Number(type)) || type >= 32768n;
const feeds = new Map();
for (const {name, encoded, body} of load('records')) {
  const {fields: [, , author, epoch, seq, , , type, said], hash} = openRecord(raw(encoded));
  const feed = hex(author) + epoch, kept = feeds.get(feed) ?? {count: 0n, root: Buffer.alloc(32)};
  feeds.set(feed, kept);
  if (type === 12n) {
    same([said.length, said[4], hex(said[5])], [7, kept.count, hex(kept.root)], name + ' stays');
    same([body.keptCount, body.keptRoot], [kept.count, hex(kept.root)], name + ' stays');
  }
  if (stays(type)) { kept.count++; kept.root = sha256(Buffer.of(2), kept.root, hash); }
}
const tree = load('tree'), leaves = tree.leaves.map(raw), roots = tree.roots.map((each) => raw(each.root));
for (const {index, size, path} of tree.inclusion)
  same(included(leaves[index], index, size, path.map(raw)), hex(roots[size - 1]), `leaf ${index} in ${size}`);
for (const {from, to, path} of tree.consistency)
  same(consistent(from, to, roots[from - 1], roots[to - 1], path.map(raw)), true, `${from} to ${to}`);
for (const {name, heads, frozen, root} of load('heads')) {
  const all = new Map();
  for (const h of heads) all.set(h.author + h.epoch, [raw(h.author), BigInt(h.epoch), BigInt(h.seq), raw(h.hash)]);
  for (const f of frozen) {
    const none = [raw(f.author), BigInt(f.epoch), 0n, Buffer.alloc(32)];
    all.set(f.author + f.epoch, [...(all.get(f.author + f.epoch) ?? none), BigInt(f.at)]);
  }
  const sorted = [...all.values()].sort((x, y) => Buffer.compare(x[0], y[0]) || (x[1] < y[1] ? -1 : 1));
  same(hex(sha256(encode(sorted))), root, name);
}
const note = load('notes'), cosigned = `cosignature/v1\ntime ${note.cosignedAtSeconds}\n${note.text}`;
same(signedBy(keys.founder, Buffer.from(note.text), raw(note.authorSignature)), true, 'note');
same(signedBy(keys.joiner, Buffer.from(cosigned), raw(note.cosignature)), true, 'cosignature');
for (const verifier of [note.authorKey, note.cosignerKey]) {
  const [name, id, blob] = verifier.split(/\+([0-9a-f]{8})\+/);
  same(hex(sha256(Buffer.from(name + '\n'), Buffer.from(blob, 'base64')).subarray(0, 4)), id, name);
}
const {token, certificates} = load('admission'), content = Buffer.from(token.text.slice(7), 'base64url');
same(hex(sha256(content.subarray(0, -4)).subarray(0, 4)), hex(content.subarray(-4)), 'token');
const opened = decode(content.subarray(0, -4));
same([hex(opened[1]), hex(opened[2]), hex(opened[3]), opened[4], opened[5]], [token.mesh, token.inviteSeed, token.issuer, token.expiresAtMillis, token.meshName], 'token');
for (const each of certificates) {
  const certificate = new X509Certificate(raw(each.certificate)), claim = decode(raw(each.claim));
  same(certificate.verify(publicKey(keys[each.key])), true, each.key);
  same(certificate.raw.includes(raw(each.claim)), true, each.key);
  const admitted = Buffer.concat([Buffer.from('skein join 1\n'), claim[1], keys[each.key]]);
  if (claim[2].length) same(signedBy(claim[2], admitted, claim[3]), true, each.key);
}
const segment = load('segment');
let file = raw(segment.file);
for (const record of segment.records) {
  const content = raw(record), length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  same(hex(file.subarray(0, 8 + content.length)), hex(length) + crc32c(Buffer.concat([length, content])).toString(16).padStart(8, '0') + record, 'frame');
  file = file.subarray(8 + content.length);
}
for (const {name, message} of load('sync')) {
  const said = decode(raw(message));
  same(said[0], 1n, name);
  if (said[2] !== 9n) continue;
  // What a cut left: every record that stays is one of those hashed, the last is the checkpoint.
  const [, , , , author, epoch, size, from, hashes, rest] = said, kept = rest.map(openRecord);
  const ends = from + BigInt(hashes.length / 32) - 1n;
  if (ends === size) {
    const {fields, hash} = kept.pop();
    same([fields[4], fields[7], fields[8][0], hex(fields[5])], [size + 1n, 12, size, hex(hashes.subarray(-32))], name);
  }
  for (const {fields, hash} of kept) {
    const at = Number(fields[4] - from) * 32;
    same([hex(fields[2]), fields[3], stays(fields[7]), hex(hash)], [hex(author), epoch, true, hex(hashes.subarray(at, at + 32))], name);
  }
}
// Receipts: each leaf leads to the root that a record states.
const window = load('receipts'), records = load('records');
for (const {id, receipt, leaf, hash, index, hashes} of window.receipts) {
  const said = decode(raw(leaf));
  same(hex(sha256(Buffer.of(0), raw(leaf))), hash, id);
  same([said.length, said[0], hex(said[1]).slice(0, 16)], [13, 1, BigInt.asUintN(64, BigInt(receipt.id.high)).toString(16).padStart(16, '0')], id);
  same([said[2], said[3], said[5], said[6], said[7], said[8], said[9], said[10], said[11], said[12]],
    [receipt.startMicros, receipt.service, receipt.endpoint, receipt.peer, receipt.outcome, receipt.status, receipt.latencyMicros, receipt.tries, receipt.bytesIn, receipt.bytesOut], id);
  same(Number(said[4]), ['SAFE', 'IDEMPOTENT', 'OTHER'].indexOf(receipt.method), id);
  let bits = '';
  for (const c of id) bits += 'abcdefghijklmnopqrstuvwxyz234567'.indexOf(c).toString(2).padStart(5, '0');
  same(BigInt('0b' + bits.slice(0, 128)), BigInt('0x' + hex(said[1])), id);
  same(included(raw(hash), index, window.size, hashes.map(raw)), window.root, id);
}
const stated = openRecord(raw(records.find(({hash}) => hash === window.record).encoded)).fields;
same([stated[7], stated[8][1], hex(stated[8][2])], [8, window.size, window.root], 'receipts');
// proof.json: the same record, from the formats alone.
const proof = load('proof'), proved = openRecord(Buffer.from(proof.record, 'base64'));
const [, text] = proof.checkpoint.match(/^([^]*\n)\n((?:\u2014 .+\n)+)$/u), [, count, top] = text.split('\n');
same([hex(proved.hash), Number(proved.fields[4]) - 1, Number(count)], [window.record, proof.index, proof.size], 'proof');
same(included(proved.hash, proof.index, proof.size, proof.hashes.map(raw)), hex(Buffer.from(top, 'base64')), 'proof');
same(proof.admission.map((one) => Number(openRecord(Buffer.from(one, 'base64')).fields[7])), [1, 2, 3], 'admission');
same(hex(openRecord(Buffer.from(proof.admission[0], 'base64')).hash), proof.meshId, 'mesh');
// Tiles.
const tiles = load('tiles');
for (const {index, width, path} of tiles.paths) {
  let name = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest; rest = Math.floor(rest / 1000)) name = 'x' + String(rest % 1000).padStart(3, '0') + '/' + name;
  same(width === 256 ? name : `${name}.p/${width}`, path, 'path');
}
let entries = raw(tiles.entries), at = 0;
for (; entries.length; at += 32) {
  const length = entries.readUInt16BE();
  same(hex(sha256(Buffer.of(0), entries.subarray(2, 2 + length))), hex(raw(tiles.hashes).subarray(at, at + 32)), 'entry');
  entries = entries.subarray(2 + length);
}
same(at, raw(tiles.hashes).length, 'entries');
// Witnesses by rendezvous hash: the first of each branch, then the second; the author's own branch last.
const among = load('witnesses'), place = Buffer.alloc(8);
place.writeBigUInt64BE(BigInt(among.epoch));
const rank = (one) => hex(sha256(Buffer.from('skein witness 1\n'), raw(among.author), place, raw(one)));
const byRank = (all) => [...all].sort((x, y) => (rank(x) < rank(y) ? 1 : -1));
function witnesses(members, branches) {
  const own = branches[members.indexOf(among.author)], all = new Map();
  members.forEach((one, i) => one !== among.author && all.set(branches[i], [...(all.get(branches[i]) ?? []), one]));
  const kin = byRank(all.get(own) ?? []);
  all.delete(own);
  const others = byRank(all.keys()).map((branch) => byRank(all.get(branch)));
  const turns = [0, 1, 2, 3, 4].flatMap((turn) => others.flatMap((branch) => branch.slice(turn, turn + 1)));
  return [...turns, ...kin].slice(0, 5).sort();
}
same(witnesses(among.members, among.members), among.witnesses, 'witnesses');
for (const one of among.branched) same(witnesses(one.members, one.branches), one.witnesses, 'witnesses of branches');
// Files of a data directory.
const directory = load('directory'), cutFile = raw(directory.cut);
function frames(bytes) {
  const contents = [];
  while (bytes.length) {
    const length = bytes.readUInt32BE();
    same(crc32c(Buffer.concat([bytes.subarray(0, 4), bytes.subarray(8, 8 + length)])), bytes.readUInt32BE(4), 'frame');
    contents.push(bytes.subarray(8, 8 + length));
    bytes = bytes.subarray(8 + length);
  }
  return contents;
}
same(directory.format, 'skein data directory, version 1\n', 'format');
same(directory.feedFolder.endsWith('/' + BigInt(directory.epoch).toString(16).padStart(16, '0')), true, 'folder');
same([cutFile.length, cutFile.toString('latin1', 0, 4), cutFile.readBigUInt64BE(4)], [120, 'sknc', directory.cutSize], 'cut');
same([cutFile.readBigUInt64BE(12), hex(cutFile.subarray(84, 116))], [raw(directory.kept).length, hex(sha256(raw(directory.kept)))], 'cut');
same(crc32c(cutFile.subarray(0, 116)), cutFile.readUInt32BE(116), 'cut');
const cutHashes = raw(directory.hashes).subarray(0, 32 * directory.cutSize);
same(hex(cutFile.subarray(20, 52)), hex(cutHashes.subarray(-32)), 'cut');
const left = frames(raw(directory.kept)).map(openRecord), behind = left.pop();
same([behind.fields[4] - 1n, hex(behind.fields[8][1])], [directory.cutSize, hex(cutFile.subarray(52, 84))], 'cut');
let keptRoot = Buffer.alloc(32);
for (const {fields, hash} of left) {
  same([stays(fields[7]), hex(hash)], [true, hex(cutHashes.subarray(32 * Number(fields[4] - 1n)).subarray(0, 32))], 'kept');
  keptRoot = sha256(Buffer.of(2), keptRoot, hash);
}
same([left.length, hex(keptRoot)], [behind.fields[8][4], hex(behind.fields[8][5])], 'kept');
same(directory.keptFile, directory.cutSize.toString(16).padStart(16, '0') + '.kept', 'kept');
const verified = raw(directory.verified), marks = verified.subarray(0, -64);
same(signedBy(keys.founder, Buffer.concat([Buffer.from('skein verified 1\0'), marks]), verified.subarray(-64)), true, 'verified');
const [[marked, markEpoch, markSize, , signatures]] = decode(marks)[1];
same([hex(marked), markEpoch, markSize], [directory.author, directory.epoch, raw(directory.hashes).length / 32], 'verified');
const ofFounder = records.filter((one) => one.author === directory.author && one.epoch === directory.epoch);
same(hex(sha256(...ofFounder.sort((x, y) => x.seq - y.seq).map((one) => raw(one.signature)))), hex(signatures), 'signatures');
const [forker, ...branches] = frames(raw(directory.fork));
same(branches.map(openRecord).every(({signed, signature}) => signedBy(forker, signed, signature)), true, 'fork');
// Key files.
const files = load('key-files');
for (const secret of [createPrivateKey(files.plain), createPrivateKey({key: files.encrypted, passphrase: files.passphrase})])
  same(hex(createPublicKey(secret).export({format: 'der', type: 'spki'}).subarray(12)), files.publicKey, 'key file');
const structural = ['length', 'trailing bytes', 'envelope', 'unknown algorithm', 'unknown version', 'not the shortest form', 'type', 'text', 'depth'];
for (const each of load('refused').filter((each) => each.reader === 'record' && structural.includes(each.wrong))) {
  const inBody = /^(?!type-99)[a-z-]+: /.test(each.name) || / of (15|31) bytes|below 0/.test(each.name);
  if (inBody) continue; // what a body may hold is for a reader of bodies to say
  let refused = false;
  try { openRecord(raw(each.input)); } catch { refused = true; }
  same(refused, true, each.name);
}
console.log(`${checks} checks`);
