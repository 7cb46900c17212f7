// For each subject: what is now, the band of what comes, and where capacity ends.

import { attr, byId, h, keyed, text } from "./dom.js";
import { number, percent, rate } from "./format.js";
import { Canvas } from "./chart.js";
import { token } from "./palette.js";

/** @typedef {import("./app.js").Model} Model */

const SHOWN = 6;

/** @type {WeakMap<Element, {canvas: Canvas, last: any}>} */
const fans = new WeakMap();

export class ForecastPanel {
  /** @param {Model} model */
  show({ forecast }) {
    if (!forecast) return;
    const subjects = forecast.subjects.slice(0, SHOWN);
    const models = [...new Set(subjects.map((/** @type {any} */ one) => one.model))].join(", ");
    text(byId("forecast-note"), models);
    keyed(
      byId("forecast"),
      subjects,
      (/** @type {any} */ one) => one.subject,
      (one) => create(one),
      (element, one) => update(element, one),
    );
  }
}

/** @param {any} one */
function create(one) {
  const host = h("div", { class: "fan" });
  const element = h("div", {}, h("p", {}, h("strong", {}, one.name || one.subject), h("span", { class: "sub" })), host, h("p", { class: "sub words" }));
  const entry = { canvas: new Canvas(host, `Forecast of ${one.name}`, () => draw(entry)), last: one };
  fans.set(element, entry);
  return element;
}

/** @param {Element} element @param {any} one */
function update(element, one) {
  const far = one.horizons.at(-1);
  text(/** @type {Element} */ (element.querySelector("p .sub")), `${rate(one.now)} ${one.unit}`);
  const words = /** @type {Element} */ (element.querySelector(".words"));
  text(
    words,
    one.breach
      ? `${percent(one.breach.probability)} % to run out in ${number(one.breach.leadSeconds, 0)} s`
      : far
        ? `in ${far.seconds} s ${rate(far.p50)}${far.p10 !== null ? ` (${rate(far.p10)}–${rate(far.p90)})` : ""}`
        : "no forecast yet",
  );
  attr(words, "data-tone", one.breach ? "warn" : "");
  const entry = fans.get(element);
  if (entry) {
    entry.last = one;
    draw(entry);
  }
}

/** @param {{canvas: Canvas, last: any}} entry */
function draw({ canvas, last }) {
  const surface = canvas.surface();
  if (!surface || last.horizons.length === 0) return;
  const { context, width, height } = surface;
  const start = last.now ?? last.horizons[0].p50;
  const points = [{ seconds: 0, p10: start, p50: start, p90: start }, ...last.horizons];
  const far = points[points.length - 1].seconds;
  const most = Math.max(last.ceiling ?? 0, ...points.map((one) => one.p90 ?? one.p50)) * 1.1 || 1;
  const x = (/** @type {number} */ seconds) => 2 + Math.sqrt(seconds / far) * (width - 4);
  const y = (/** @type {number} */ value) => height - 2 - (Math.max(0, value) / most) * (height - 6);
  context.beginPath();
  for (const one of points) context.lineTo(x(one.seconds), y(one.p90 ?? one.p50));
  for (const one of [...points].reverse()) context.lineTo(x(one.seconds), y(one.p10 ?? one.p50));
  context.closePath();
  context.globalAlpha = 0.2;
  context.fillStyle = token("accent");
  context.fill();
  context.globalAlpha = 1;
  context.beginPath();
  for (const one of points) context.lineTo(x(one.seconds), y(one.p50));
  context.strokeStyle = token("accent");
  context.lineWidth = 1.6;
  context.stroke();
  if (last.ceiling !== null) {
    context.setLineDash([4, 3]);
    context.strokeStyle = token("warn");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, y(last.ceiling));
    context.lineTo(width, y(last.ceiling));
    context.stroke();
    context.setLineDash([]);
  }
}
