// Scores by rank, and whether all nodes come to the same ones.

import { attr, byId, h, keyed, style, text } from "./dom.js";
import { number, short } from "./format.js";

/** @typedef {import("./app.js").Model} Model */
/** @typedef {import("./drawer.js").Drawer} Drawer */

const SHOWN = 16;

export class ReputationPanel {
  /** @param {Drawer} drawer */
  constructor(drawer) {
    this.drawer = drawer;
    this.roots = h("p", { class: "roots" });
    this.body = h("tbody", {});
    byId("reputation").append(
      this.roots,
      h(
        "table",
        { class: "ranks" },
        h("thead", {}, h("tr", {}, ...["", "Subject", "Score", "", "Raters"].map((head) => h("th", { scope: "col" }, head)))),
        this.body,
      ),
    );
  }

  /** @param {Model} model */
  show({ reputation }) {
    if (!reputation) return;
    const subjects = reputation.subjects.slice(0, SHOWN);
    const hidden = reputation.subjects.length - subjects.length;
    text(byId("reputation-note"), `window ${reputation.ledgerTime}${hidden > 0 ? `, ${hidden} more` : ""}`);
    this.agreement(reputation);
    keyed(
      this.body,
      subjects.map((/** @type {any} */ one, /** @type {number} */ i) => ({ ...one, rank: i + 1 })),
      (/** @type {any} */ one) => one.subject,
      (one) =>
        h(
          "tr",
          {},
          h("td", { class: "rank" }),
          h(
            "th",
            { scope: "row" },
            h("button", { type: "button", class: "link", title: "Why?", onclick: () => this.drawer.why(one.subject) }, one.name || one.subject),
            h("span", { class: "kind" }, one.kind),
          ),
          h("td", { class: "bar" }, h("span", { class: "meter" }, h("i", {}))),
          h("td", { class: "value" }),
          h("td", { class: "raters" }),
        ),
      (row, one) => {
        const find = (/** @type {string} */ query) => /** @type {Element} */ (row.querySelector(query));
        text(find(".rank"), one.rank);
        text(find(".value"), number(one.score, 3));
        text(find(".raters"), one.raters);
        attr(row, "data-tone", one.neutral ? "neutral" : one.score < 0.5 ? "bad" : one.score < 0.8 ? "warn" : "ok");
        attr(row, "title", one.neutral ? "too few raters: neutral" : "");
        style(find(".meter i"), "width", `${one.score * 100}%`);
      },
    );
  }

  /** Equal heads must give equal scores; other heads are only late. @param {any} reputation */
  agreement(reputation) {
    const others = reputation.nodes;
    const differ = others.filter((/** @type {any} */ one) => one.headsRoot === reputation.headsRoot && one.repRoot !== reputation.repRoot);
    const late = others.filter((/** @type {any} */ one) => one.headsRoot !== reputation.headsRoot);
    const names = (/** @type {any[]} */ all) => all.map((one) => one.node).join(", ");
    let words = `Same records, same scores on ${others.length} of ${others.length} nodes`;
    let tone = "ok";
    if (others.length === 0) words = "This node alone";
    if (late.length) {
      words = `Same on ${others.length - late.length} of ${others.length} nodes; other records at ${names(late)}`;
      tone = "warn";
    }
    if (differ.length) {
      words = `Alarm: same records, other scores at ${names(differ)}`;
      tone = "bad";
    }
    // It begins with the number of the rules, the same for all.
    text(this.roots, `${words} · root ${short(reputation.repRoot?.slice(8))}`);
    attr(this.roots, "data-tone", tone);
  }
}
