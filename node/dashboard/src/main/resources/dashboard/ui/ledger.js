// Feeds, and the newest records with their place on the ladder.

import { attr, byId, h, keyed, text } from "./dom.js";
import { age, short, whole } from "./format.js";

/** @typedef {import("./app.js").Model} Model */
/** @typedef {import("./drawer.js").Drawer} Drawer */

const SHOWN = 12;

export class LedgerPanel {
  /** @param {Drawer} drawer */
  constructor(drawer) {
    this.drawer = drawer;
    this.body = h("tbody", {});
    byId("records").append(
      h(
        "table",
        { class: "records" },
        h("thead", {}, h("tr", {}, ...["Type", "Author", "Seq", "Hash", "Age", "Ladder"].map((head) => h("th", { scope: "col" }, head)))),
        this.body,
      ),
    );
  }

  /** @param {Model} model */
  show(model) {
    const { heads, records } = model;
    if (!heads) return;
    text(byId("ledger-note"), `heads root ${short(heads.headsRoot)}`);
    keyed(
      byId("feeds"),
      heads.heads,
      (/** @type {any} */ one) => `${one.author}/${one.epoch}`,
      (one) =>
        h(
          "button",
          { type: "button", class: "feed" },
          h("span", { class: "name" }, one.name || short(one.author)),
          h("b", {}),
          h("span", { class: "sub" }),
        ),
      (element, one) => {
        /** @type {HTMLElement} */ (element).onclick = () => this.drawer.record(one.hash);
        text(/** @type {Element} */ (element.querySelector("b")), whole(one.seq));
        text(/** @type {Element} */ (element.querySelector(".sub")), `${one.state}, ${short(one.hash)}`);
        attr(element, "data-state", one.state);
      },
    );
    keyed(
      this.body,
      records.slice(0, SHOWN),
      (one) => one.hash,
      (one) =>
        h(
          "tr",
          { tabindex: "0", onclick: () => this.drawer.record(one.hash), onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && this.drawer.record(one.hash) },
          h("td", {}, h("span", { class: "type", "data-type": one.type }, one.type)),
          h("td", {}, one.name || short(one.author)),
          h("td", { class: "num" }, whole(one.seq)),
          h("td", { class: "mono" }, short(one.hash)),
          h("td", { class: "num age" }),
          h("td", {}, h("span", { class: "ladder" })),
        ),
      (row, one) => {
        text(/** @type {Element} */ (row.querySelector(".age")), age((model.now() - Date.parse(one.at)) / 1000));
        const ladder = /** @type {Element} */ (row.querySelector(".ladder"));
        text(ladder, one.state);
        attr(ladder, "data-step", one.state.replace(/\(.*/, ""));
      },
    );
  }
}
