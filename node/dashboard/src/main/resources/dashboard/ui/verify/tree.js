// Inclusion in a tree of RFC 9162: §2.1.3.2.

import { concat } from "./bytes.js";
import { sha256 } from "./crypto.js";

/**
 * The root that follows from a leaf hash and its path.
 *
 * @param {Uint8Array} leaf @param {bigint} index @param {bigint} size @param {Uint8Array[]} path
 * @returns {Promise<Uint8Array>}
 */
export async function rootFrom(leaf, index, size, path) {
  if (index < 0n || index >= size) throw new Error(`leaf ${index} is outside a tree of ${size}`);
  let node = index;
  let last = size - 1n;
  let root = leaf;
  for (const sibling of path) {
    if (last === 0n) throw new Error("the path is too long");
    if (node % 2n === 1n || node === last) {
      root = await parent(sibling, root);
      while (node % 2n === 0n && node !== 0n) {
        node /= 2n;
        last /= 2n;
      }
    } else {
      root = await parent(root, sibling);
    }
    node /= 2n;
    last /= 2n;
  }
  if (last !== 0n) throw new Error("the path is too short");
  return root;
}

/** @param {Uint8Array} left @param {Uint8Array} right */
function parent(left, right) {
  return sha256(concat(Uint8Array.of(1), left, right));
}
