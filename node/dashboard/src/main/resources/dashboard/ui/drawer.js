// The side panel: one record, or why a score is what it is. The address names what it shows.

import { byId, h, text } from "./dom.js";
import { age, millis, number, percent, short, whole } from "./format.js";
import { read } from "./source.js";
import { verifier } from "./verifier.js";

/** @typedef {import("./app.js").Model} Model */

/** What can be shown, by the first word of the address. */
const VIEWS = {
  record: {
    title: "Record",
    path: (/** @type {string} */ name) => `/v1/ledger/records/${encodeURIComponent(name)}`,
    show: (/** @type {Drawer} */ drawer, /** @type {any} */ data) => drawer.recordOf(data),
  },
  why: {
    title: "Why this score",
    path: (/** @type {string} */ name) => `/v1/reputation/${name}/why`,
    show: (/** @type {Drawer} */ drawer, /** @type {any} */ data) => drawer.whyOf(data),
  },
  contract: {
    title: "Contract",
    path: (/** @type {string} */ name) => `/v1/contracts/${encodeURIComponent(name)}`,
    show: (/** @type {Drawer} */ drawer, /** @type {any} */ data) => drawer.contractOf(data),
  },
};

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
      if (location.hash) history.pushState(null, "", location.pathname + location.search);
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

  /** @param {string} name */
  contract(name) {
    location.hash = `contract/${name}`;
  }

  /** Shows what the address names. */
  async follow() {
    const [kind, name] = location.hash.slice(1).split("/", 2);
    const view = VIEWS[/** @type {keyof typeof VIEWS} */ (kind)];
    if (!name || !view) {
      if (this.dialog.open) this.dialog.close();
      return;
    }
    const asked = location.hash;
    text(this.title, view.title);
    this.body.replaceChildren(h("p", { class: "sub" }, "Reading…"));
    if (!this.dialog.open) this.dialog.showModal();
    const path = view.path(name);
    try {
      const data = await read(path);
      if (location.hash === asked) {
        this.body.replaceChildren(...view.show(this, data), source(path));
      }
    } catch (error) {
      this.body.replaceChildren(h("p", { class: "problem", role: "alert" }, error instanceof Error ? error.message : String(error)));
    }
  }

  /** @param {any} contract */
  contractOf(contract) {
    text(this.title, `${contract.name}: ${contract.state}`);
    const heads = ["Window", "Ruling", "Requests", "Raters", "Bad", "p50", "p99"];
    return [
      h("pre", { tabindex: "0" }, JSON.stringify(contract.document, null, 2)),
      ...contract.subjects.flatMap((/** @type {any} */ subject) => [
        h("h3", {}, `${subject.subject}: ${subject.state}, ${subject.held} held, ${subject.failed} failed`),
        h(
          "table",
          { class: "why" },
          h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
          h(
            "tbody",
            {},
            ...[...subject.windows].reverse().map((/** @type {any} */ one) =>
              h(
                "tr",
                {},
                h("th", { scope: "row", title: one.at }, age((this.model.now() - Date.parse(one.at)) / 1000)),
                h("td", {}, one.ruling),
                h("td", {}, whole(one.requests)),
                h("td", {}, one.raters),
                h("td", {}, `${percent(one.badPpm / 1e6, 2)} %`),
                h("td", {}, `${millis(one.p50Micros / 1000)} ms`),
                h("td", {}, `${millis(one.p99Micros / 1000)} ms`),
              ),
            ),
          ),
        ),
      ]),
    ];
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
