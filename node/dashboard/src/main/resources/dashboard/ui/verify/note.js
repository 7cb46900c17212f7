// Signed notes of C2SP: a text, an empty line, and signature lines.

import { concat, equal, fromBase64, utf8 } from "./bytes.js";
import { ed25519, sha256 } from "./crypto.js";

const ED25519 = 1;
const COSIGNATURE = 4;

/**
 * @typedef {{ name: string, id: Uint8Array, signature: Uint8Array }} Line
 * @typedef {{ text: string, lines: Line[] }} Note
 * @typedef {{ origin: string, size: bigint, root: Uint8Array }} Head
 */

/** @param {string} note @returns {Note} */
export function parse(note) {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) throw new Error("not a signed note");
  const lines = note
    .slice(end + 2, -1)
    .split("\n")
    .map((line) => {
      const parts = /^\u2014 (\S+) (\S+)$/.exec(line);
      if (!parts) throw new Error("a line that is no signature");
      const bytes = fromBase64(parts[2]);
      return { name: parts[1], id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
    });
  return { text: note.slice(0, end + 1), lines };
}

/** @param {Note} note @returns {Head} */
export function head(note) {
  const [origin, size, root] = note.text.split("\n");
  if (!/^(?:0|[1-9][0-9]*)$/.test(size ?? "")) throw new Error("a checkpoint without a size");
  return { origin, size: BigInt(size), root: fromBase64(root) };
}

/** @param {string} name @param {number} algorithm @param {Uint8Array} key */
async function keyId(name, algorithm, key) {
  return (await sha256(concat(utf8(`${name}\n`), Uint8Array.of(algorithm), key))).subarray(0, 4);
}

/** Whether the key has signed the note under that name. @param {Note} note @param {string} name @param {Uint8Array} key */
export async function signedBy(note, name, key) {
  const id = await keyId(name, ED25519, key);
  for (const line of note.lines) {
    if (line.name === name && equal(line.id, id)) return ed25519(key, utf8(note.text), line.signature);
  }
  return false;
}

/** When the key cosigned the note, in Unix seconds; nothing if it has not. @param {Note} note @param {string} name @param {Uint8Array} key */
export async function cosignedBy(note, name, key) {
  const id = await keyId(name, COSIGNATURE, key);
  for (const line of note.lines) {
    if (line.name === name && equal(line.id, id) && line.signature.length === 72) {
      const time = new DataView(line.signature.buffer, line.signature.byteOffset).getBigUint64(0);
      const message = utf8(`cosignature/v1\ntime ${time}\n${note.text}`);
      if (await ed25519(key, message, line.signature.subarray(8))) return time;
    }
  }
  return undefined;
}
