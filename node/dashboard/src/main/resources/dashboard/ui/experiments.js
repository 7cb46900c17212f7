// What is tried out on clients: both arms, the change between them and how sure that is.

import { attr, byId, h, keyed, style, text } from "./dom.js";
import { age, millis, number, percent, whole } from "./format.js";

/** @typedef {import("./app.js").Model} Model */

const SHOWN = 6;
const TONES = { better: "ok", slower: "bad", failing: "bad", undecided: "warn", stopped: "warn", changed: "warn" };

export class ExperimentsPanel {
  constructor() {
    this.list = h("div", { class: "rules" });
    this.empty = h("p", { class: "empty" }, "No experiment yet. ", h("code", {}, "experiment"), " in a route’s document tries another policy on some of its clients.");
    byId("experiments").append(this.list, this.empty);
  }

  /** @param {Model} model */
  show({ experiments }) {
    if (!experiments) return;
    const all = [...experiments.experiments].sort((a, b) => Number(!!a.verdict) - Number(!!b.verdict) || a.ageSeconds - b.ageSeconds);
    this.empty.hidden = all.length > 0;
    const more = all.length - SHOWN;
    text(byId("experiments-note"), more > 0 ? `${more} more: skein experiment list` : "");
    keyed(this.list, all.slice(0, SHOWN), (one) => one.run, create, update);
  }
}

/** @param {any} one */
function create(one) {
  const arm = (/** @type {string} */ name) =>
    h("tr", { class: name }, h("th", { scope: "row" }, name), h("td", { class: "requests" }), h("td", { class: "failed" }), h("td", { class: "mean" }));
  return h(
    "article",
    { class: "rule" },
    h("h3", {}, h("span", { class: "name" }, one.name), h("span", { class: "chip" })),
    h("p", { class: "sub about" }),
    h(
      "table",
      { class: "arms" },
      h("thead", {}, h("tr", {}, ...["Arm", "Requests", "Failed", "Mean latency"].map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, arm("control"), arm("treatment")),
    ),
    h("p", { class: "latency" }),
    h("div", { class: "interval", role: "img" }, h("i", { class: "range" }), h("i", { class: "zero" }), h("i", { class: "point" })),
    h(
      "div",
      { class: "evidence" },
      ...["harm", "gain"].map((kind) => h("p", { class: kind }, h("span", { class: "sub" }), h("span", { class: "meter" }, h("i", {})))),
    ),
  );
}

/** @param {Element} element @param {any} one */
function update(element, one) {
  const find = (/** @type {string} */ query) => /** @type {HTMLElement} */ (element.querySelector(query));
  const state = one.verdict || "running";
  text(find(".chip"), state);
  attr(find(".chip"), "data-tone", TONES[/** @type {keyof typeof TONES} */ (state)] ?? "");
  const share = one.share === null ? "" : `, ${percent(one.share)} % of clients treated`;
  text(find(".about"), `route ${one.route}${share}, ${one.verdict ? "ran" : "for"} ${age(one.ageSeconds)}, answers of ${one.nodes} ${one.nodes === 1 ? "node" : "nodes"}`);
  for (const arm of ["control", "treatment"]) {
    const { requests, failed, meanMs } = one[arm];
    text(find(`.${arm} .requests`), whole(requests));
    text(find(`.${arm} .failed`), requests ? `${percent(failed / requests, 2)} %` : "–");
    text(find(`.${arm} .mean`), meanMs === null ? "–" : `${millis(meanMs)} ms`);
  }
  const { estimate, low, high } = one.latency;
  const known = estimate !== null;
  const words = known ? `Latency ${signed(estimate)} %${within(low, high)}` : "Latency: not compared yet";
  text(find(".latency"), `${words} · failures ${signed(one.failures)} % of requests`);
  const interval = find(".interval");
  interval.hidden = !known;
  attr(interval, "aria-label", words);
  if (known) {
    const most = Math.max(0.05, Math.abs(estimate), Math.abs(low ?? 0), Math.abs(high ?? 0)) * 1.1;
    const at = (/** @type {number} */ value) => 50 + (value / most) * 50;
    const [from, to] = [at(low ?? -most), at(high ?? most)];
    find(".range").hidden = low === null && high === null;
    style(find(".range"), "left", `${from}%`);
    style(find(".range"), "width", `${to - from}%`);
    style(find(".point"), "left", `${at(estimate)}%`);
    attr(interval, "data-side", low !== null && low > 0 ? "worse" : high !== null && high < 0 ? "better" : "open");
  }
  for (const kind of ["harm", "gain"]) {
    const { [kind]: value, enough } = one.evidence;
    text(find(`.${kind} .sub`), `evidence of ${kind} ${number(Math.max(0, value), 1)} of ${number(enough, 1)} needed`);
    style(find(`.${kind} i`), "width", `${Math.min(1, Math.max(0, value / enough)) * 100}%`);
  }
}

/** Where the true change lies; either bound may not be known yet. @param {number | null} low @param {number | null} high */
function within(low, high) {
  if (low === null) return high === null ? "" : `, at most ${signed(high)} %`;
  return high === null ? `, at least ${signed(low)} %` : `, between ${signed(low)} and ${signed(high)} %`;
}

/** A change in percent, with its sign. @param {number} share */
function signed(share) {
  const value = percent(Math.abs(share), 1);
  return Number(value) === 0 ? value : `${share < 0 ? "−" : "+"}${value}`;
}
