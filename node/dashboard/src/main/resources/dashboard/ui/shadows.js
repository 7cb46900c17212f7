// Who stands in for whom.

import { byId, h, keyed } from "./dom.js";
import { millis, percent } from "./format.js";

/** @typedef {import("./app.js").Model} Model */

export class ShadowsPanel {
  constructor() {
    this.list = h("dl", { class: "shadows" });
    byId("shadows").append(this.list);
  }

  /** @param {Model} model */
  show({ shadows }) {
    if (!shadows) return;
    keyed(
      this.list,
      shadows.assignments,
      (/** @type {any} */ one) => one.node,
      () => h("div", {}),
      (row, one) => {
        row.replaceChildren(
          h("dt", {}, one.node),
          ...one.shadows.map((/** @type {any} */ shadow) =>
            h(
              "dd",
              {},
              h("b", {}, shadow.node),
              h("span", { class: "sub" }, `${millis(shadow.rttMs)} ms, ${percent(shadow.headroom)} % free${shadow.validated ? ", tried" : ""}`),
            ),
          ),
          ...(one.shadows.length === 0 ? [h("dd", { class: "sub" }, "none")] : []),
        );
      },
    );
  }
}
