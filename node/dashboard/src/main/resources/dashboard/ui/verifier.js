// The button that verifies a record in this browser. The code it needs is loaded when it is pressed.

import { h, text } from "./dom.js";
import { read } from "./source.js";

/** @param {string} hash */
export function verifier(hash) {
  const steps = h("ol", { class: "steps", "aria-live": "polite" });
  const button = h("button", { type: "button", class: "verify" }, "Verify in this browser");
  const verdict = h("p", { class: "verdict", role: "status" });
  button.addEventListener("click", async () => {
    /** @type {HTMLButtonElement} */ (button).disabled = true;
    steps.replaceChildren();
    verdict.removeAttribute("data-ok");
    text(verdict, "Fetching the proof…");
    try {
      const [{ verify }, node, proof] = await Promise.all([
        import("./verify/proof.js"),
        read("/v1/node"),
        read(`/v1/ledger/proofs/inclusion?hash=${encodeURIComponent(hash)}`),
      ]);
      let holds = true;
      for await (const step of verify(proof, node.mesh.id, hash)) {
        holds &&= step.ok;
        steps.append(h("li", { "data-ok": String(step.ok) }, h("b", {}, step.words), h("span", { class: "sub" }, step.detail)));
      }
      verdict.setAttribute("data-ok", String(holds));
      text(verdict, holds ? `Verified: this record stands in mesh ${node.mesh.name}.` : "Not verified.");
    } catch (error) {
      text(verdict, error instanceof Error ? error.message : String(error));
    } finally {
      /** @type {HTMLButtonElement} */ (button).disabled = false;
    }
  });
  return h("section", { class: "verifier", "aria-label": "Verification" }, button, verdict, steps);
}
