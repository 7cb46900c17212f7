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
for (const {name, message} of load('sync')) same(decode(raw(message))[0], 1n, name);
const structural = ['length', 'trailing bytes', 'envelope', 'unknown algorithm', 'unknown version', 'not the shortest form', 'type', 'text', 'depth'];
for (const each of load('refused').filter((each) => each.reader === 'record' && structural.includes(each.wrong))) {
  const inBody = /^(?!type-99)[a-z-]+: /.test(each.name) || / of (15|31) bytes|below 0/.test(each.name);
  if (inBody) continue; // what a body may hold is for a reader of bodies to say
  let refused = false;
  try { openRecord(raw(each.input)); } catch { refused = true; }
  same(refused, true, each.name);
}
console.log(`${checks} checks`);
