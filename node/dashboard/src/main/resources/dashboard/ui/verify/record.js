// A signed record: COSE_Sign1 (RFC 9052) around one CBOR array. ledger/README.md has the format.

import { concat, equal, fromHex, toHex, utf8 } from "./bytes.js";
import { decode } from "./cbor.js";
import { ed25519, sha256 } from "./crypto.js";

const PREFIX = Uint8Array.of(0xd2, 0x84, 0x43, 0xa1, 0x01, 0x27, 0xa0);
const SIGNED_PREFIX = concat(Uint8Array.of(0x84, 0x6a), utf8("Signature1"), Uint8Array.of(0x43, 0xa1, 0x01, 0x27, 0x40));
const SIGNATURE_BYTES = 64;
const TAIL = Uint8Array.of(0x58, SIGNATURE_BYTES);

export const GENESIS = 1n;
export const INVITE = 2n;
export const JOIN = 3n;
export const ROTATE = 4n;

/**
 * @typedef {{
 *   signed: Uint8Array, signature: Uint8Array, meshId: Uint8Array, author: string, authorBytes: Uint8Array,
 *   epoch: bigint, seq: bigint, type: bigint, body: import("./cbor.js").Item[] }} SignedRecord
 */

/** @param {Uint8Array} encoded @returns {SignedRecord} */
export function parse(encoded) {
  const tail = encoded.length - TAIL.length - SIGNATURE_BYTES;
  if (tail <= PREFIX.length || !equal(encoded.subarray(0, PREFIX.length), PREFIX) || !equal(encoded.subarray(tail, tail + TAIL.length), TAIL)) {
    throw new Error("not a signed record");
  }
  const item = encoded.subarray(PREFIX.length, tail);
  const payload = decode(item);
  if (!(payload instanceof Uint8Array)) throw new Error("a record without a payload");
  const fields = decode(payload);
  if (!Array.isArray(fields) || fields.length !== 9 || fields[0] !== 1n) throw new Error("a record of another version");
  const [, meshId, author, epoch, seq, , , type, body] = fields;
  if (!(meshId instanceof Uint8Array) || !(author instanceof Uint8Array) || typeof epoch !== "bigint" || typeof seq !== "bigint" || typeof type !== "bigint") {
    throw new Error("a record of another form");
  }
  return {
    signed: concat(SIGNED_PREFIX, item),
    signature: encoded.subarray(tail + TAIL.length),
    meshId,
    author: base32(author),
    authorBytes: author,
    epoch,
    seq,
    type,
    body: Array.isArray(body) ? body : [],
  };
}

/** The record's hash, a leaf of its feed's tree. @param {SignedRecord} record */
export function hashOf(record) {
  return sha256(concat(Uint8Array.of(0), record.signed));
}

/** @param {SignedRecord} record @param {Uint8Array} key */
export async function signedBy(record, key) {
  return equal(await idOf(key), record.authorBytes) && ed25519(key, record.signed, record.signature);
}

/** The identity that belongs to a key. @param {Uint8Array} key */
export async function idOf(key) {
  return (await sha256(key)).subarray(0, 16);
}

/**
 * Who a set of identity records admits, starting from nothing but the mesh's id: keys by identity.
 * The records may come in any order; those that do not follow from the genesis admit nobody.
 *
 * @param {SignedRecord[]} records @param {string} meshId
 * @returns {Promise<Map<string, Uint8Array>>}
 */
export async function admitted(records, meshId) {
  const mesh = fromHex(meshId);
  /** @type {Map<string, Uint8Array>} */
  const keys = new Map();
  /** @type {Set<string>} */
  const invites = new Set();
  let left = records;
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    /** @type {SignedRecord[]} */
    const waiting = [];
    for (const record of left) {
      if (!(await follows(record, mesh, keys, invites))) waiting.push(record);
    }
    left = waiting;
  }
  return keys;
}

/**
 * Takes in one identity record, if it follows from those before it.
 *
 * @param {SignedRecord} record @param {Uint8Array} mesh @param {Map<string, Uint8Array>} keys @param {Set<string>} invites
 */
async function follows(record, mesh, keys, invites) {
  if (record.type === GENESIS) {
    const key = bytes(record.body[3]);
    if (!equal(await hashOf(record), mesh)) throw new Error("the genesis is not this mesh's");
    await must(signedBy(record, key), "the genesis is not signed by the first node");
    keys.set(record.author, key);
    return true;
  }
  if (!equal(record.meshId, mesh)) throw new Error("an identity record of another mesh");
  if (record.type === JOIN) {
    const [key, invite, proof] = [bytes(record.body[0]), bytes(record.body[1]), bytes(record.body[2])];
    if (!invites.has(toHex(invite))) return false;
    await must(ed25519(invite, concat(utf8("skein join 1\n"), mesh, key), proof), "a join that its invite did not sign for");
    await must(signedBy(record, key), "a join that is not signed by the joiner");
    keys.set(record.author, key);
    return true;
  }
  const known = keys.get(record.author);
  if (!known) return false;
  await must(signedBy(record, known), "an identity record that is not signed by its author");
  if (record.type === INVITE) {
    invites.add(toHex(bytes(record.body[0])));
  } else if (record.type === ROTATE) {
    const [key, proof] = [bytes(record.body[0]), bytes(record.body[1])];
    await must(ed25519(key, concat(utf8("skein rotate 1\n"), mesh, record.authorBytes), proof), "a rotation that its successor did not sign");
    keys.set(base32(await idOf(key)), key);
  } else {
    throw new Error("an identity record that admits nobody");
  }
  return true;
}

/** @param {Promise<boolean>} check @param {string} otherwise */
async function must(check, otherwise) {
  if (!(await check)) throw new Error(otherwise);
}

/** @param {import("./cbor.js").Item | undefined} item */
function bytes(item) {
  if (!(item instanceof Uint8Array)) throw new Error("a record of another form");
  return item;
}

/** RFC 4648 §6 in lower case, without padding. @param {Uint8Array} data */
export function base32(data) {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of data) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += "abcdefghijklmnopqrstuvwxyz234567"[(value >>> (bits - 5)) & 31];
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + "abcdefghijklmnopqrstuvwxyz234567"[(value << (5 - bits)) & 31] : text;
}
