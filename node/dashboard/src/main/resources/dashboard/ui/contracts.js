// What was agreed on, whether it holds, and how each of the last windows went.

import { attr, byId, h, keyed, text } from "./dom.js";
import { millis, whole } from "./format.js";

/** @typedef {import("./app.js").Model} Model */
/** @typedef {import("./drawer.js").Drawer} Drawer */

const MOST_SUBJECTS = 8;
const TONES = { holds: "ok", broken: "bad", quarantined: "bad", spared: "warn", compiling: "warn", faulty: "warn" };

export class ContractsPanel {
  /** @param {Drawer} drawer */
  constructor(drawer) {
    this.drawer = drawer;
    this.list = h("div", { class: "rules" });
    this.empty = h(
      "p",
      { class: "empty" },
      "No contract yet. Add one: ",
      h("code", {}, "skein contract add fast --service orders --require 'p99_ms <= 200'"),
    );
    byId("contracts").append(this.list, this.empty);
  }

  /** @param {Model} model */
  show({ contracts }) {
    if (!contracts) return;
    const all = contracts.contracts;
    this.empty.hidden = all.length > 0;
    text(byId("contracts-note"), contracts.more > 0 ? `${contracts.more} more: skein contract list` : "judged alike by every node");
    keyed(
      this.list,
      all,
      (/** @type {any} */ one) => one.name,
      (one) => this.create(one),
      (element, one) => this.update(element, one),
    );
  }

  /** @param {any} one */
  create(one) {
    return h(
      "article",
      { class: "rule" },
      h(
        "h3",
        {},
        h("button", { type: "button", class: "link name", title: "Window by window", onclick: () => this.drawer.contract(one.name) }, one.name),
        h("span", { class: "chip" }),
      ),
      h("p", { class: "terms" }, h("span", {}), h("code", {}), h("span", { class: "often" })),
      h("p", { class: "sub else" }),
      h("p", { class: "problem" }),
      h("div", { class: "subjects" }),
      h("p", { class: "sub more" }),
    );
  }

  /** @param {Element} element @param {any} one */
  update(element, one) {
    const find = (/** @type {string} */ query) => /** @type {HTMLElement} */ (element.querySelector(query));
    const { document: terms } = one;
    const windows = Number(terms.windows ?? 30);
    const length = one.windowMillis / 1000;
    const chip = find(".chip");
    text(chip, one.state);
    attr(chip, "data-tone", tone(one.state));
    const held = Number(terms.holding ?? windows);
    text(find(".terms span"), `${terms.service ?? ""} must have `);
    text(find(".terms code"), terms.require ?? "");
    text(find(".often"), ` in ${held === windows ? `all of ${windows}` : `${held} of ${windows}`} windows of ${length} s`);
    const follows = [
      Number(terms.penalty ?? 0) > 0 && `score −${terms.penalty}`,
      one.quarantineWindows > 0 && `quarantine ${one.quarantineWindows * length} s`,
    ].filter(Boolean);
    text(find(".else"), `${follows.length ? `else ${follows.join(", ")}` : "only watched"} · by ${one.author}`);
    text(find(".problem"), one.faults.join("; "));
    find(".problem").hidden = one.faults.length === 0;
    const subjects = [...one.subjects].sort((a, b) => rank(a) - rank(b) || (a.subject < b.subject ? -1 : 1));
    const more = subjects.length - MOST_SUBJECTS;
    text(find(".more"), more > 0 ? `${more} more that hold no worse` : "");
    find(".more").hidden = more <= 0;
    keyed(
      find(".subjects"),
      subjects.slice(0, MOST_SUBJECTS),
      (/** @type {any} */ subject) => subject.subject,
      (subject) => this.subject(subject),
      (row, subject) => show(row, subject, one, windows),
    );
  }

  /** @param {any} subject */
  subject(subject) {
    return h(
      "div",
      { class: "subject" },
      h("button", { type: "button", class: "link name", title: "Why this score?", onclick: () => this.drawer.why(subject.subject) }, subject.subject),
      h("span", { class: "chip" }),
      h("div", { class: "windows", role: "img" }),
      h("span", { class: "sub last" }),
    );
  }
}

/** @param {string} state */
function tone(state) {
  return TONES[/** @type {keyof typeof TONES} */ (state)] ?? "";
}

/** Those that broke it first. @param {any} subject */
function rank(subject) {
  return subject.state === "holds" ? 1 : 0;
}

/** @param {Element} row @param {any} subject @param {any} contract @param {number} windows */
function show(row, subject, contract, windows) {
  const find = (/** @type {string} */ query) => /** @type {Element} */ (row.querySelector(query));
  text(find(".chip"), subject.state);
  attr(find(".chip"), "data-tone", tone(subject.state));
  const seen = new Map(subject.windows.map((/** @type {any} */ one) => [one.window, one]));
  const cells = [];
  for (let i = contract.ledgerWindow - windows; i < contract.ledgerWindow; i++) cells.push({ window: i, figures: seen.get(i) });
  keyed(
    find(".windows"),
    cells,
    (one) => String(one.window),
    () => h("i", {}),
    (cell, one) => {
      attr(cell, "data-ruling", one.figures?.ruling ?? "none");
      attr(cell, "title", one.figures ? told(one.figures) : "nothing measured");
    },
  );
  attr(find(".windows"), "aria-label", `${subject.held} held, ${subject.failed} failed of the last ${windows} windows`);
  const last = subject.windows.at(-1);
  const judged = subject.failed + subject.held;
  const words = judged ? `${subject.failed} of ${judged} failed` : "not judged";
  text(find(".last"), `${words}${last ? ` · last p99 ${millis(last.p99Micros / 1000)} ms` : ""}`);
}

/** @param {any} one */
function told(one) {
  return `${one.ruling}: p99 ${millis(one.p99Micros / 1000)} ms, ${whole(one.badPpm)} of a million bad, ${whole(one.requests)} requests, ${one.raters} raters`;
}
