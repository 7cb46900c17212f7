// What was noticed, what it meant, what was done.

import { attr, byId, h, keyed, text } from "./dom.js";
import { age } from "./format.js";

/** @typedef {import("./app.js").Model} Model */
/** @typedef {import("./drawer.js").Drawer} Drawer */

const SHOWN = 8;
// What ends something.
const GOOD = new Set(["restore", "unshift", "give-back", "welcome", "readmit", "resume", "rebuilt", "reinstate"]);

export class HealingPanel {
  /** @param {Drawer} drawer */
  constructor(drawer) {
    this.drawer = drawer;
    this.empty = h("li", { class: "empty", "data-key": "" }, "Nothing had to be repaired.");
  }

  /** @param {Model} model */
  show(model) {
    if (!model.healing) return;
    const actions = model.healing.actions.slice(0, SHOWN);
    const list = byId("healing");
    const ended = new Set(model.healing.actions.map((/** @type {any} */ one) => one.cause));
    keyed(
      list,
      actions,
      (/** @type {any} */ one) => one.id,
      (one) => this.create(one),
      (row, one) => {
        const open = !GOOD.has(one.action) && !ended.has(one.id);
        attr(row, "data-tone", GOOD.has(one.action) ? "good" : open ? "open" : "closed");
        const when = /** @type {Element} */ (row.querySelector("time"));
        text(when, age((model.now() - Date.parse(one.at)) / 1000));
        const words = GOOD.has(one.action) ? "" : open ? "open" : "ended";
        text(/** @type {Element} */ (row.querySelector(".effect")), [words, one.effect].filter(Boolean).join(", "));
      },
    );
    if (actions.length === 0) list.append(this.empty);
  }

  /** @param {any} one */
  create(one) {
    return h(
      "li",
      {},
      h("time", { datetime: one.at, title: one.at }),
      h(
        "div",
        {},
        h("strong", {}, one.subjectName || one.subject),
        h(
          "span",
          { class: "steps" },
          one.signal && h("span", {}, one.signal),
          h("span", { class: "diagnosis" }, one.diagnosis),
          h("span", { class: "action" }, one.action),
        ),
        h("span", { class: "sub" }, h("span", { class: "effect" })),
      ),
      h(
        "button",
        { type: "button", class: "link sub", title: "The signed record", onclick: () => this.drawer.record(one.record) },
        `by ${one.by}`,
      ),
    );
  }
}
