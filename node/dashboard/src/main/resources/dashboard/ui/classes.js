// Kinds of requests of a service, and what each takes at each endpoint.

import { attr, byId, h, keyed, style, text } from "./dom.js";
import { millis, percent, rate } from "./format.js";
import { colour } from "./palette.js";

/** @typedef {import("./app.js").Model} Model */

const MOST_CLASSES = 12;
const MOST_ENDPOINTS = 8;

export class ClassesPanel {
  constructor() {
    this.tabs = h("div", { class: "tabs", role: "group", "aria-label": "Service" });
    this.list = h("div", { class: "classes" });
    this.empty = h("p", { class: "empty" }, "No service learns classes of its requests yet: the policy skein does, as soon as there are requests.");
    byId("classes").append(this.tabs, this.list, this.empty);
    /** @type {Model | null} */
    this.model = null;
  }

  /** @param {Model} model */
  show(model) {
    this.model = model;
    if (!model.classes) return;
    const all = model.classes.services;
    const wanted = new URLSearchParams(location.search).get("classes");
    const chosen = all.find((/** @type {any} */ one) => one.service === wanted) ?? all[0];
    this.empty.hidden = all.length > 0;
    this.tabs.hidden = all.length < 2;
    keyed(
      this.tabs,
      all,
      (/** @type {any} */ one) => one.service,
      (one) => h("button", { type: "button", onclick: () => this.choose(one.service) }, one.service),
      (button, one) => attr(button, "aria-pressed", one === chosen),
    );
    const classes = chosen?.classes ?? [];
    const more = classes.length - MOST_CLASSES;
    text(
      byId("classes-note"),
      chosen ? `${chosen.service}, what this node has learned${more > 0 ? `; ${more} more: skein classes ${chosen.service}` : ""}` : "",
    );
    keyed(
      this.list,
      classes.slice(0, MOST_CLASSES),
      (/** @type {any} */ one) => `${chosen.service} ${one.number}`,
      create,
      (element, one) => update(element, one, model),
    );
  }

  /** @param {string} service */
  choose(service) {
    history.replaceState(null, "", `?classes=${encodeURIComponent(service)}${location.hash}`);
    if (this.model) this.show(this.model);
  }
}

/** @param {any} one */
function create(one) {
  return h(
    "article",
    { class: "class" },
    h(
      "div",
      {},
      h("h3", {}, one.method ? `${one.method} ${one.template}` : "all others"),
      h("p", { class: "sub about" }),
    ),
    h("p", { class: "rate" }, h("b", {}), h("span", { class: "sub" }, " a second")),
    h("div", { class: "places" }),
  );
}

/** @param {Element} element @param {any} one @param {Model} model */
function update(element, one, model) {
  const find = (/** @type {string} */ query) => /** @type {Element} */ (element.querySelector(query));
  const traits = [
    one.payload && one.payload !== "none" && `body ${one.payload}`,
    one.credential && one.credential !== "none" && one.credential,
    one.client && one.client !== "none" && `by ${one.client}`,
    one.origin && `from ${one.origin}`,
  ].filter(Boolean);
  text(find(".about"), one.method ? traits.join(", ") : "requests of no class of their own");
  text(find(".rate b"), rate(one.requestsPerSecond));
  const sum = one.endpoints.reduce((/** @type {number} */ all, /** @type {any} */ at) => all + at.requestsPerSecond, 0);
  const places = [...one.endpoints].sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1));
  keyed(
    find(".places"),
    places.slice(0, MOST_ENDPOINTS),
    (at) => at.endpoint,
    (at) =>
      h(
        "div",
        { class: "place" },
        h("span", { class: "named" }, h("i", { class: "swatch" }), h("span", { class: "where" }, named(at.endpoint, model))),
        h("span", { class: "meter" }, h("i", {})),
        h("b", { class: "part" }),
        h("b", { class: "took" }),
        h("span", { class: "sub next" }),
      ),
    (row, at) => {
      const part = (/** @type {string} */ query) => /** @type {Element} */ (row.querySelector(query));
      const share = sum > 0 ? at.requestsPerSecond / sum : 0;
      style(part(".swatch"), "background", colour(at.endpoint));
      style(part(".meter i"), "background", colour(at.endpoint));
      style(part(".meter i"), "width", `${share * 100}%`);
      text(part(".part"), sum > 0 ? `${percent(share)} %` : "–");
      text(part(".took"), `${millis(at.latencyMs)} ms`);
      text(
        part(".next"),
        at.predictedMs === null
          ? "too little known"
          : `next ${millis(at.predictedMs)} ms by ${at.basis}${at.error === null ? "" : `, off by ${percent(at.error)} %`}`,
      );
    },
  );
}

/** Endpoints by their ids, which have a slash; peers by their names. @param {string} id @param {Model} model */
function named(id, model) {
  const peer = id.includes("/") ? null : model.members?.members.find((/** @type {any} */ one) => one.id === id);
  return peer ? `${peer.name} (peer)` : id;
}
