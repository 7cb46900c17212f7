// One row per endpoint: state and reason, requests, latency, share, load, reputation.

import { attr, byId, h, keyed, style, text } from "./dom.js";
import { millis, number, percent, rate, whole } from "./format.js";
import { Spark } from "./chart.js";
import { colour, token } from "./palette.js";
import { columns, smooth } from "./traffic.js";

/** @typedef {import("./app.js").Model} Model */
/** @typedef {import("./drawer.js").Drawer} Drawer */

const MOST_ROWS = 60;
const SPARK_SECONDS = 120;
const HEADS = ["Endpoint", "State", "Requests/s", "Latency p50 / p99", "Share", "In flight", "Reputation"];

/** @type {WeakMap<Element, {requests: Spark, latency: Spark}>} */
const sparks = new WeakMap();

export class EndpointsPanel {
  /** @param {Drawer} drawer */
  constructor(drawer) {
    this.drawer = drawer;
    this.body = h("tbody", {});
    this.table = h(
      "table",
      { class: "endpoints" },
      h("thead", {}, h("tr", {}, ...HEADS.map((head) => h("th", { scope: "col" }, head)))),
      this.body,
    );
    this.empty = h("p", { class: "empty", hidden: "" }, "No endpoint yet. Register one: skein register orders http://127.0.0.1:9000");
    byId("endpoints").append(this.table, this.empty);
  }

  /** @param {Model} model */
  show(model) {
    if (!model.services) return;
    /** @type {any[]} */
    const all = [];
    for (const service of model.services.services) {
      for (const endpoint of service.endpoints) all.push({ ...endpoint, service });
    }
    const policies = model.services.services.map((/** @type {any} */ one) => `${one.name} by ${one.policy}`);
    const more = all.length - MOST_ROWS;
    text(byId("endpoints-note"), policies.join(", ") + (more > 0 ? `; ${more} more at /v1/services` : ""));
    this.empty.hidden = all.length > 0;
    this.table.hidden = all.length === 0;
    keyed(
      this.body,
      all.slice(0, MOST_ROWS),
      (one) => one.id,
      (one) => this.create(one),
      (row, one) => this.update(row, one, model),
    );
  }

  /** @param {any} endpoint */
  create(endpoint) {
    const requests = h("div", { class: "spark" });
    const latency = h("div", { class: "spark" });
    const swatch = h("i", { class: "swatch" });
    const row = h(
      "tr",
      {},
      h(
        "th",
        { scope: "row" },
        h("div", { class: "named" }, swatch, h("span", { class: "name" }, endpoint.id)),
        h("span", { class: "sub where" }),
      ),
      h("td", { "data-label": "State" }, h("span", { class: "chip" }), h("span", { class: "sub reason" })),
      h("td", { "data-label": "Requests/s", class: "with-spark" }, requests, h("b", { class: "rps" })),
      h("td", { "data-label": "p50 / p99", class: "with-spark" }, latency, h("b", { class: "lat" })),
      h("td", { "data-label": "Share", class: "share" }, h("span", { class: "meter" }, h("i", {})), h("b", {})),
      h("td", { "data-label": "In flight", class: "inflight" }),
      h(
        "td",
        { "data-label": "Reputation", class: "score" },
        h("button", {
          type: "button",
          class: "link",
          title: "Why?",
          onclick: () => this.drawer.why(endpoint.id),
        }),
      ),
    );
    sparks.set(row, {
      requests: new Spark(requests, `Requests per second to ${endpoint.id}, last two minutes`),
      latency: new Spark(latency, `Latency of ${endpoint.id}, last two minutes`),
    });
    return row;
  }

  /** @param {Element} row @param {any} one @param {Model} model */
  update(row, one, model) {
    const find = (/** @type {string} */ query) => /** @type {Element} */ (row.querySelector(query));
    const tint = colour(one.id);
    style(find(".swatch"), "background", tint);
    text(find(".where"), `${one.url.replace("http://", "")} · ${one.node || `region ${one.region}`}`);
    const chip = find(".chip");
    text(chip, one.state);
    attr(chip, "data-state", one.state);
    text(find(".reason"), one.reason);
    text(find(".inflight"), whole(one.inFlight));
    text(find(".score button"), one.reputation === null ? "–" : number(one.reputation, 3));
    text(find(".share b"), one.share === null ? "–" : `${percent(one.share)} %`);
    style(find(".share i"), "width", `${(one.share ?? 0) * 100}%`);
    style(find(".share i"), "background", tint);
    text(find(".lat"), one.latencyMs.p50 === null ? "–" : `${millis(one.latencyMs.p50)} / ${millis(one.latencyMs.p99)} ms`);

    const series = model.traffic.endpoints.get(one.id);
    const pair = sparks.get(row);
    if (!series || !pair) {
      text(find(".rps"), "–");
      return;
    }
    text(find(".rps"), rate(model.traffic.rate(series)));
    const all = columns(series, model.traffic.last, SPARK_SECONDS);
    const failed = all.failures.flatMap((count, i) => (count ? [i] : []));
    pair.requests.show([{ values: smooth(all.requests), colour: tint, fill: true }], failed, 2);
    pair.latency.show([
      { values: smooth(all.p99), colour: token("p99") },
      { values: smooth(all.p50), colour: token("p50") },
    ], [], 5);
  }
}
