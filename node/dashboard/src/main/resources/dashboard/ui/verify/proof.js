// Verifies, in this browser, that a record stands in the ledger. Nothing the node says is believed
// but the mesh's id; everything else follows from bytes and signatures. ledger/PROOFS.md has the
// format.

import { equal, fromBase64, fromHex, toHex } from "./bytes.js";
import { nativeEd25519 } from "./crypto.js";
import { cosignedBy, head, parse as parseNote, signedBy as noteSignedBy } from "./note.js";
import { admitted, hashOf, parse, signedBy } from "./record.js";
import { rootFrom } from "./tree.js";

const FORMAT = "skein-record-proof-1";
const MAX_HASHES = 64;
const MAX_ADMISSION = 1024;

/** @typedef {{ words: string, detail: string, ok: boolean }} Step */

/**
 * Checks a proof step by step; stops at the first step that fails.
 *
 * @param {any} proof @param {string} meshId @param {string} wanted the record's hash
 * @returns {AsyncGenerator<Step>}
 */
export async function* verify(proof, meshId, wanted) {
  const fail = (/** @type {string} */ words, /** @type {unknown} */ why) => ({ words, detail: why instanceof Error ? why.message : String(why), ok: false });
  /** @type {ReturnType<typeof parse>} */
  let record;
  let words = "The bytes are a record with the hash that was asked for";
  try {
    if (proof.format !== FORMAT) throw new Error(`a proof of format ${proof.format}, not ${FORMAT}`);
    record = parse(fromBase64(proof.record));
    const hash = toHex(await hashOf(record));
    if (hash !== wanted) throw new Error(`they hash to ${hash}`);
    if (toHex(record.meshId) !== meshId && hash !== meshId) throw new Error("a record of another mesh");
    yield { words, detail: `SHA-256 over ${record.signed.length + 1} bytes`, ok: true };
  } catch (error) {
    yield fail(words, error);
    return;
  }

  /** @type {Map<string, Uint8Array>} */
  let keys;
  /** @type {Uint8Array} */
  let key;
  words = "Its author was admitted to this mesh";
  try {
    if (proof.admission.length > MAX_ADMISSION) throw new Error("too many identity records");
    const chain = proof.admission.map((/** @type {string} */ encoded) => parse(fromBase64(encoded)));
    keys = await admitted(chain, meshId);
    const known = keys.get(record.author);
    if (!known) throw new Error("no chain of invites leads from the genesis to it");
    key = known;
    yield { words, detail: `${chain.length} signed identity records, from the genesis on`, ok: true };
  } catch (error) {
    yield fail(words, error);
    return;
  }

  words = "Its author signed it";
  try {
    if (!(await signedBy(record, key))) throw new Error("the signature is not the author's");
    yield { words, detail: `Ed25519, ${(await nativeEd25519()) ? "checked by the browser itself" : "checked by the vendored library"}`, ok: true };
  } catch (error) {
    yield fail(words, error);
    return;
  }

  const note = parseNote(proof.checkpoint);
  const epoch = record.epoch.toString(16).padStart(16, "0");
  const origin = `skein/${meshId}/${record.author}/${epoch}`;
  words = "A checkpoint of its feed contains it";
  try {
    const stated = head(note);
    if (stated.origin !== origin) throw new Error("a checkpoint of another feed");
    if (proof.hashes.length > MAX_HASHES) throw new Error("the path is too long");
    const root = await rootFrom(await hashOf(record), record.seq - 1n, stated.size, proof.hashes.map(fromHex));
    if (!equal(root, stated.root)) throw new Error("the path does not lead to the checkpoint's root");
    yield { words, detail: `${proof.hashes.length} hashes lead from record ${record.seq} to the root of ${stated.size}`, ok: true };
  } catch (error) {
    yield fail(words, error);
    return;
  }

  words = "The author signed the checkpoint";
  try {
    if (!(await noteSignedBy(note, origin, key))) throw new Error("the note does not carry the author's signature");
    yield { words, detail: origin, ok: true };
  } catch (error) {
    yield fail(words, error);
    return;
  }

  words = "Other members cosigned it";
  const witnesses = [];
  for (const [id, witnessKey] of keys) {
    if (id !== record.author && (await cosignedBy(note, `skein/${meshId}/${id}`, witnessKey)) !== undefined) witnesses.push(id);
  }
  yield { words, detail: witnesses.length === 0 ? "none has yet: only the author vouches for the tree" : `${witnesses.length}: ${witnesses.join(", ")}`, ok: true };
}
