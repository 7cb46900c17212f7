// Verifies a proof by the very modules of the dashboard: node page.mjs UI-FOLDER PROOF MESH-ID [library]
// With `library`, as in a browser without WebCrypto.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, file, meshId, way] = process.argv.slice(2);
if (way === "library") Object.defineProperty(globalThis, "crypto", { value: undefined });
const { verify } = await import(pathToFileURL(`${folder}/verify/proof.js`).href);
const proof = JSON.parse(readFileSync(file, "utf8"));
let holds = true;
for await (const step of verify(proof, meshId, proof.hash)) {
  holds &&= step.ok;
  console.log(`${step.ok ? "ok" : "FAILED"}: ${step.words}: ${step.detail}`);
}
process.exit(holds ? 0 : 1);
