// Requests by endpoint, stacked, and latency over all.

import { byId, text } from "./dom.js";
import { millis, rate } from "./format.js";
import { TimeChart } from "./chart.js";
import { colour, token } from "./palette.js";
import { SECONDS } from "./series.js";

/** @typedef {import("./app.js").Model} Model */
/** @typedef {import("./series.js").Series} Series */

/** A series as columns ending at a second. @param {Series} series @param {number} last @param {number} [seconds] */
export function columns(series, last, seconds = SECONDS) {
  /** @type {{requests: (number | null)[], failures: (number | null)[], p50: (number | null)[], p99: (number | null)[]}} */
  const all = { requests: [], failures: [], p50: [], p99: [] };
  for (let second = last - seconds + 1; second <= last; second++) {
    const point = series.at(second);
    all.requests.push(point ? point.requests : null);
    all.failures.push(point ? point.failures : null);
    all.p50.push(point ? point.p50 : null);
    all.p99.push(point ? point.p99 : null);
  }
  return all;
}

/** Each value with its neighbours' mean: sampling noise off, edges kept. @param {(number | null)[]} values */
export function smooth(values) {
  return values.map((value, i) => {
    if (value === null) return null;
    let sum = 0;
    let count = 0;
    for (let j = Math.max(0, i - 1); j <= Math.min(values.length - 1, i + 1); j++) {
      const near = values[j];
      if (near !== null) {
        sum += near;
        count += 1;
      }
    }
    return sum / count;
  });
}

export class TrafficPanel {
  constructor() {
    this.requests = new TimeChart(byId("chart-requests"), "Requests per second by endpoint", {
      stacked: true,
      unit: "requests/s",
    });
    this.latency = new TimeChart(byId("chart-latency"), "Latency of all requests", {
      stacked: false,
      unit: "ms",
      log: true,
    });
  }

  /** @param {Model} model */
  show({ traffic }) {
    if (!traffic.last) return;
    const lines = [...traffic.endpoints].map(([name, series]) => ({
      name,
      colour: colour(name),
      values: smooth(columns(series, traffic.last).requests),
    }));
    this.requests.show(lines.length ? lines : [{ name: "all", colour: token("accent"), values: columns(traffic.total, traffic.last).requests }]);
    const total = columns(traffic.total, traffic.last);
    this.latency.show([
      { name: "p99", colour: token("p99"), values: smooth(total.p99) },
      { name: "p50", colour: token("p50"), values: smooth(total.p50) },
    ]);
    const now = traffic.total.at(traffic.last);
    text(byId("rps-now"), `${rate(traffic.rate(traffic.total))}/s`);
    text(byId("lat-now"), now ? `${millis(now.p50)} / ${millis(now.p99)} ms` : "–");
  }
}
