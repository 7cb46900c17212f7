// Four figures with their last three minutes.

import { byId, h, text, attr } from "./dom.js";
import { millis, number, percent, rate, whole } from "./format.js";
import { Spark } from "./chart.js";
import { token } from "./palette.js";
import { columns } from "./traffic.js";

/** @typedef {import("./app.js").Model} Model */

class Tile {
  /** @param {Element} parent @param {string} title */
  constructor(parent, title) {
    this.value = h("b", {});
    this.unit = h("span", { class: "unit" });
    this.note = h("p", { class: "note" });
    const spark = h("div", { class: "spark" });
    this.element = h(
      "section",
      { class: "tile", "aria-label": title },
      h("h2", {}, title),
      h("p", { class: "figure" }, this.value, this.unit),
      this.note,
      spark,
    );
    parent.append(this.element);
    this.spark = new Spark(spark, `${title}, last three minutes`);
  }

  /** @param {string} value @param {string} unit @param {string} note @param {string} [tone] */
  tell(value, unit, note, tone = "") {
    text(this.value, value);
    text(this.unit, unit);
    text(this.note, note);
    attr(this.element, "data-tone", tone);
  }
}

export class Tiles {
  constructor() {
    const parent = byId("tiles");
    this.requests = new Tile(parent, "Requests");
    this.failures = new Tile(parent, "Failures");
    this.latency = new Tile(parent, "Latency");
    this.records = new Tile(parent, "Records");
    /** @type {number[]} */
    this.growth = [];
  }

  /** @param {Model} model */
  show(model) {
    const { overview, traffic } = model;
    if (!overview) return;
    const ratio = overview.requestsPerSecond > 0 ? overview.failuresPerSecond / overview.requestsPerSecond : 0;
    this.requests.tell(rate(overview.requestsPerSecond), "/s", `${overview.endpointsHealthy} of ${overview.endpoints} endpoints in service`);
    this.failures.tell(
      percent(ratio, 2),
      "%",
      `${number(overview.failuresPerSecond, 1)} a second`,
      ratio >= 0.05 ? "bad" : ratio > 0 ? "warn" : "",
    );
    this.latency.tell(millis(overview.latencyMs.p50), "ms p50", `p99 ${millis(overview.latencyMs.p99)} ms`);
    this.records.tell(whole(overview.records), "", `${overview.feeds} ${overview.feeds === 1 ? "feed" : "feeds"}, ${number(overview.recordsPerSecond, 1)} new a second`);
    this.growth.push(overview.recordsPerSecond);
    if (this.growth.length > 180) this.growth.shift();

    const series = columns(traffic.total, traffic.last);
    const accent = token("accent");
    this.requests.spark.show([{ values: series.requests, colour: accent, fill: true }]);
    this.failures.spark.show([{ values: series.failures, colour: token("bad"), fill: true }]);
    this.latency.spark.show([
      { values: series.p99, colour: token("p99") },
      { values: series.p50, colour: token("p50") },
    ]);
    if (this.growth.length > 1) {
      this.records.spark.show([{ values: this.growth, colour: token("ok"), fill: true }], [], 2);
    }
  }
}
