// SHA-256 and Ed25519: the browser's own where it has them, else the vendored library. A page that
// did not come over TLS or from loopback has no WebCrypto at all.

const subtle = globalThis.crypto?.subtle;

/** @param {Uint8Array} bytes @returns {Promise<Uint8Array>} */
export async function sha256(bytes) {
  if (subtle) return new Uint8Array(await subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes)));
  const { sha256: hash } = await import("../vendor/noble-hashes/sha2.js");
  return hash(bytes);
}

/** @type {Promise<boolean> | undefined} */
let native;

/** Whether the browser itself checks Ed25519. */
export function nativeEd25519() {
  native ??= (async () => {
    try {
      if (!subtle) return false;
      // RFC 8032 §7.1, test 1.
      const key = Uint8Array.from(
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".match(/../g) ?? [],
        (pair) => parseInt(pair, 16),
      );
      await subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
      return true;
    } catch {
      return false;
    }
  })();
  return native;
}

/** @param {Uint8Array} key @param {Uint8Array} message @param {Uint8Array} signature */
export async function ed25519(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  if (subtle && (await nativeEd25519())) {
    const imported = await subtle.importKey("raw", /** @type {BufferSource} */ (key), "Ed25519", false, ["verify"]);
    return subtle.verify("Ed25519", imported, /** @type {BufferSource} */ (signature), /** @type {BufferSource} */ (message));
  }
  const [ed, { sha512 }] = await Promise.all([
    import("../vendor/noble-ed25519/index.js"),
    import("../vendor/noble-hashes/sha2.js"),
  ]);
  ed.hashes.sha512 = sha512;
  return ed.verify(signature, message, key, { zip215: false });
}
