// The subset of CBOR (RFC 8949) that records are written in: integers, byte strings, texts, arrays.

/** @typedef {bigint | Uint8Array | string | Item[]} Item */

const MAX_DEPTH = 16;

/** @param {Uint8Array} bytes @returns {Item} */
export function decode(bytes) {
  const reader = new Reader(bytes);
  const item = reader.item(MAX_DEPTH);
  if (reader.at !== bytes.length) throw new Error("bytes after the item");
  return item;
}

class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** @param {number} count */
  take(count) {
    if (count > this.bytes.length - this.at) throw new Error("cut off");
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** @param {number} info */
  argument(info) {
    if (info < 24) return BigInt(info);
    if (info > 27) throw new Error("not deterministic CBOR");
    let value = 0n;
    for (const byte of this.take(1 << (info - 24))) value = (value << 8n) | BigInt(byte);
    return value;
  }

  /** @param {number} depth @returns {Item} */
  item(depth) {
    if (depth === 0) throw new Error("nested too deeply");
    const head = this.take(1)[0];
    const value = this.argument(head & 31);
    switch (head >> 5) {
      case 0:
        return value;
      case 1:
        return -1n - value;
      case 2:
        return this.take(Number(value)).slice();
      case 3:
        return new TextDecoder("utf-8", { fatal: true }).decode(this.take(Number(value)));
      case 4: {
        /** @type {Item[]} */
        const items = [];
        for (let left = Number(value); left > 0; left--) items.push(this.item(depth - 1));
        return items;
      }
      default:
        throw new Error("an item that records do not have");
    }
  }
}
