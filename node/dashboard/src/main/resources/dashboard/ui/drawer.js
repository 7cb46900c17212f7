// The side panel: one record, or why a score is what it is. The address names what it shows.

import { byId, h, text } from "./dom.js";
import { age, number, short, whole } from "./format.js";
import { read } from "./source.js";
import { verifier } from "./verifier.js";

/** @typedef {import("./app.js").Model} Model */

export class Drawer {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.dialog = /** @type {HTMLDialogElement} */ (byId("drawer"));
    this.title = byId("drawer-title");
    this.body = byId("drawer-body");
    byId("drawer-close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    this.dialog.addEventListener("close", () => {
      if (location.hash) history.pushState(null, "", location.pathname);
    });
    window.addEventListener("hashchange", () => this.follow());
    this.follow();
  }

  /** @param {string} hash */
  record(hash) {
    location.hash = `record/${hash}`;
  }

  /** @param {string} subject */
  why(subject) {
    location.hash = `why/${encodeURIComponent(subject)}`;
  }

  /** Shows what the address names. */
  async follow() {
    const [kind, name] = location.hash.slice(1).split("/", 2);
    if (!name || (kind !== "record" && kind !== "why")) {
      if (this.dialog.open) this.dialog.close();
      return;
    }
    const asked = location.hash;
    text(this.title, kind === "record" ? "Record" : "Why this score");
    this.body.replaceChildren(h("p", { class: "sub" }, "Reading…"));
    if (!this.dialog.open) this.dialog.showModal();
    const path = kind === "record" ? `/v1/ledger/records/${encodeURIComponent(name)}` : `/v1/reputation/${name}/why`;
    try {
      const data = await read(path);
      if (location.hash === asked) {
        this.body.replaceChildren(...(kind === "record" ? this.recordOf(data) : this.whyOf(data)), source(path));
      }
    } catch (error) {
      this.body.replaceChildren(h("p", { class: "problem", role: "alert" }, error instanceof Error ? error.message : String(error)));
    }
  }

  /** @param {any} record */
  recordOf(record) {
    text(this.title, `${record.type} by ${record.name || short(record.author)}`);
    const first = /^0*$/.test(record.prev);
    return [
      facts([
        ["State", record.state],
        ["Sequence", `${whole(record.seq)} of epoch ${record.epoch}`],
        ["Written", `${record.at} (${age((this.model.now() - Date.parse(record.at)) / 1000)})`],
        ["Hash", record.hash],
        ["Previous", first ? "none, the first of its feed" : link(record.prev, () => this.record(record.prev))],
        ["Author", record.author],
        ["Clock", record.hlc],
        ["Signature", record.signature],
      ]),
      verifier(record.hash),
      h("h3", {}, "Body"),
      h("pre", { tabindex: "0" }, JSON.stringify(record.body, null, 2)),
    ];
  }

  /** @param {any} why */
  whyOf(why) {
    text(this.title, `${why.name || why.subject}: ${number(why.score, 3)}`);
    return [
      h("p", {}, why.explanation),
      facts([
        ["Score", String(why.score)],
        ["All windows", number(why.whole, 3)],
        ["Last six", number(why.recent, 3)],
        ["Kind", why.kind],
        ["Window", String(why.ledgerTime)],
      ]),
      h("h3", {}, "Raters"),
      h(
        "table",
        { class: "why" },
        h("thead", {}, h("tr", {}, ...["Rater", "Opinion", "Weight", "Kept", "Good", "Bad", "Records"].map((head) => h("th", { scope: "col" }, head)))),
        h(
          "tbody",
          {},
          ...why.raters.map((/** @type {any} */ one) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, one.name || short(one.rater), one.reason && h("span", { class: "sub" }, ` ${one.reason}`)),
              h("td", {}, number(one.opinion, 3)),
              h("td", {}, `${one.weight} %`),
              h("td", {}, `${one.kept} %`),
              h("td", {}, whole(one.good)),
              h("td", {}, whole(one.bad)),
              h(
                "td",
                {},
                ...one.windows
                  .filter((/** @type {any} */ window) => window.record)
                  .slice(0, 4)
                  .map((/** @type {any} */ window) => link(short(window.record), () => this.record(window.record))),
              ),
            ),
          ),
        ),
      ),
    ];
  }
}

/** @param {[string, string | Node][]} pairs */
function facts(pairs) {
  return h("dl", { class: "facts" }, ...pairs.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** @param {string} words @param {() => void} action */
function link(words, action) {
  return h("button", { type: "button", class: "link mono", onclick: action }, words);
}

/** @param {string} path */
function source(path) {
  return h("p", { class: "sub" }, "From ", h("a", { href: path }, path));
}
