// Small time series on a canvas. Drawn again when data, size or theme changes; nothing moves by
// itself.

import { h, style, text } from "./dom.js";
import { token } from "./palette.js";

/**
 * @typedef {{width: number, height: number, context: CanvasRenderingContext2D}} Surface
 * @typedef {{name: string, colour: string, values: (number | null)[]}} Line
 */

/** A canvas that knows its size in CSS pixels. */
export class Canvas {
  /** @param {Element} host @param {string} label @param {() => void} [resized] */
  constructor(host, label, resized) {
    this.element = /** @type {HTMLCanvasElement} */ (h("canvas", { role: "img", "aria-label": label }));
    this.host = host;
    host.append(this.element);
    if (resized) new ResizeObserver(resized).observe(host);
  }

  /** @returns {Surface | null} cleared, or null while invisible */
  surface() {
    const width = this.host.clientWidth;
    const height = this.host.clientHeight;
    const context = this.element.getContext("2d");
    if (!width || !height || !context) return null;
    const ratio = window.devicePixelRatio || 1;
    if (this.element.width !== Math.round(width * ratio) || this.element.height !== Math.round(height * ratio)) {
      this.element.width = Math.round(width * ratio);
      this.element.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return { width, height, context };
  }
}

/** A round step so that about `steps` of them reach `most`. @param {number} most @param {number} steps */
function roundStep(most, steps) {
  if (!(most > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(most / steps));
  return ([1, 2, 2.5, 5, 10].find((one) => one * unit * steps >= most) ?? 10) * unit;
}

/**
 * A scale and its ticks. Latency is read by factors, so it can be logarithmic.
 * @param {number} least @param {number} most @param {number} steps @param {boolean} log
 * @returns {{ticks: number[], part: (value: number) => number}} part: 0 at the bottom, 1 at the top
 */
function scale(least, most, steps, log) {
  if (!log) {
    const step = roundStep(most, steps);
    const top = step * Math.max(1, Math.ceil(most / step));
    const ticks = [];
    for (let tick = 0; tick <= top * 1.001; tick += step) ticks.push(tick);
    return { ticks, part: (value) => value / top };
  }
  const low = Math.floor(Math.log10(Math.max(0.1, least)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(0.2, most))));
  const ticks = [];
  for (let power = low; power <= high; power++) ticks.push(10 ** power);
  return { ticks, part: (value) => Math.max(0, (Math.log10(Math.max(value, 1e-3)) - low) / (high - low)) };
}

/**
 * A line with an optional filled area, gaps left open.
 * @param {CanvasRenderingContext2D} context
 * @param {(number | null)[]} values
 * @param {(index: number) => number} x
 * @param {(value: number) => number} y
 * @param {{stroke: string, width?: number, fill?: string, base?: number}} look
 */
export function line(context, values, x, y, look) {
  context.lineJoin = "round";
  context.lineWidth = look.width ?? 1.5;
  let start = -1;
  for (let i = 0; i <= values.length; i++) {
    const known = i < values.length && values[i] !== null && values[i] !== undefined;
    if (known && start < 0) start = i;
    if (!known && start >= 0) {
      context.beginPath();
      for (let j = start; j < i; j++) {
        const value = /** @type {number} */ (values[j]);
        if (j === start) context.moveTo(x(j), y(value));
        else context.lineTo(x(j), y(value));
      }
      if (i - start === 1) context.lineTo(x(start) + 1, y(/** @type {number} */ (values[start])));
      context.strokeStyle = look.stroke;
      context.stroke();
      if (look.fill && look.base !== undefined) {
        context.lineTo(x(i - 1), look.base);
        context.lineTo(x(start), look.base);
        context.closePath();
        context.globalAlpha = 0.16;
        context.fillStyle = look.fill;
        context.fill();
        context.globalAlpha = 1;
      }
      start = -1;
    }
  }
}

/** A chart with axes, a crosshair, and a box that tells the values under it. */
export class TimeChart {
  /**
   * @param {Element} host
   * @param {string} label
   * @param {{stacked: boolean, unit: string, area?: boolean, log?: boolean}} kind
   */
  constructor(host, label, kind) {
    this.kind = kind;
    /** @type {Line[]} */
    this.lines = [];
    /** @type {number | null} */
    this.hover = null;
    this.canvas = new Canvas(host, label, () => this.draw());
    this.tip = h("div", { class: "tip", hidden: "" });
    host.append(this.tip);
    host.addEventListener("pointermove", (event) => {
      this.hover = /** @type {PointerEvent} */ (event).clientX - host.getBoundingClientRect().left;
      this.draw();
    });
    host.addEventListener("pointerleave", () => {
      this.hover = null;
      this.draw();
    });
  }

  /** @param {Line[]} lines of equal length, newest value last */
  show(lines) {
    this.lines = lines;
    this.draw();
  }

  draw() {
    const surface = this.canvas.surface();
    if (!surface || this.lines.length === 0) return;
    const { context, width, height } = surface;
    const left = 34;
    const bottom = 18;
    const count = this.lines[0].values.length;
    const plot = { width: width - left - 2, height: height - bottom - 6, top: 6 };
    const [least, most] = this.range();
    const { ticks, part } = scale(least, most * 1.04, plot.height > 110 ? 4 : 2, this.kind.log ?? false);
    const x = (/** @type {number} */ i) => left + (i / (count - 1)) * plot.width;
    const y = (/** @type {number} */ v) => plot.top + plot.height * (1 - part(v));

    context.font = `11px ${token("font")}`;
    context.fillStyle = token("ink-2");
    context.strokeStyle = token("line");
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const tick of ticks) {
      const at = Math.round(y(tick)) + 0.5;
      context.beginPath();
      context.moveTo(left, at);
      context.lineTo(width, at);
      context.stroke();
      context.fillText(tick >= 10 || Number.isInteger(tick) ? String(Math.round(tick)) : tick.toFixed(1), left - 7, at);
    }
    context.textBaseline = "alphabetic";
    for (const back of [180, 120, 60, 0]) {
      if (back >= count + 1) continue;
      context.textAlign = back === 0 ? "right" : back >= count - 1 ? "left" : "center";
      context.fillText(back === 0 ? "now" : `−${back / 60} min`, x(Math.max(0, count - 1 - back)), height - 3);
    }
    if (this.kind.stacked) this.stack(context, x, y, count);
    else {
      for (const one of this.lines) {
        line(context, one.values, x, y, {
          stroke: one.colour,
          fill: this.kind.area ? one.colour : undefined,
          base: plot.top + plot.height,
        });
      }
    }
    this.point(context, x, plot, left, count, width);
  }

  /** Least and most that is drawn. @returns {[number, number]} */
  range() {
    let least = Infinity;
    let most = 0;
    const count = this.lines[0].values.length;
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (const one of this.lines) {
        const value = one.values[i];
        if (value === null || value === undefined) continue;
        least = Math.min(least, value);
        sum = this.kind.stacked ? sum + value : Math.max(sum, value);
      }
      most = Math.max(most, sum);
    }
    return [Number.isFinite(least) ? least : 1, most];
  }

  /** @param {CanvasRenderingContext2D} context @param {(i: number) => number} x @param {(v: number) => number} y @param {number} count */
  stack(context, x, y, count) {
    const base = new Array(count).fill(0);
    for (const one of this.lines) {
      context.beginPath();
      for (let i = 0; i < count; i++) context.lineTo(x(i), y(base[i] + (one.values[i] ?? 0)));
      for (let i = count - 1; i >= 0; i--) context.lineTo(x(i), y(base[i]));
      context.closePath();
      context.globalAlpha = 0.78;
      context.fillStyle = one.colour;
      context.fill();
      context.globalAlpha = 1;
      for (let i = 0; i < count; i++) base[i] += one.values[i] ?? 0;
      context.beginPath();
      for (let i = 0; i < count; i++) context.lineTo(x(i), y(base[i]));
      context.strokeStyle = token("panel");
      context.lineWidth = 1;
      context.stroke();
    }
  }

  /** The crosshair. @param {CanvasRenderingContext2D} context @param {(i: number) => number} x @param {{width: number, height: number, top: number}} plot @param {number} left @param {number} count @param {number} width */
  point(context, x, plot, left, count, width) {
    if (this.hover === null || this.hover < left) {
      this.tip.hidden = true;
      return;
    }
    const index = Math.max(0, Math.min(count - 1, Math.round(((this.hover - left) / plot.width) * (count - 1))));
    const at = Math.round(x(index)) + 0.5;
    context.strokeStyle = token("ink-2");
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(at, plot.top);
    context.lineTo(at, plot.top + plot.height);
    context.stroke();
    context.setLineDash([]);
    const rows = this.lines.map((one) => {
      const value = one.values[index];
      const swatch = h("i", { class: "swatch" });
      style(swatch, "background", one.colour);
      return h(
        "div",
        {},
        swatch,
        h("span", {}, one.name),
        h("b", {}, value === null || value === undefined ? "–" : `${Math.round(value * 10) / 10}`),
      );
    });
    if (this.kind.stacked) rows.reverse();
    const head = h("p", {});
    text(head, index === count - 1 ? "now" : `${count - 1 - index} s ago, ${this.kind.unit}`);
    this.tip.replaceChildren(head, ...rows);
    this.tip.hidden = false;
    style(this.tip, "left", at > width / 2 ? "auto" : `${at + 10}px`);
    style(this.tip, "right", at > width / 2 ? `${width - at + 10}px` : "auto");
  }
}

/** A small picture without axes. */
export class Spark {
  /** @param {Element} host @param {string} label */
  constructor(host, label) {
    this.canvas = new Canvas(host, label, () => this.draw());
    /** @type {{values: (number | null)[], colour: string, fill?: boolean}[]} */
    this.lines = [];
    /** @type {number[]} */
    this.marks = [];
  }

  /** @param {{values: (number | null)[], colour: string, fill?: boolean}[]} lines @param {number[]} [marks] indices to mark as failed @param {number} [least] smallest top of the scale */
  show(lines, marks = [], least = 1) {
    this.lines = lines;
    this.marks = marks;
    this.least = least;
    this.draw();
  }

  draw() {
    const surface = this.canvas.surface();
    if (!surface || this.lines.length === 0) return;
    const { context, width, height } = surface;
    let most = this.least ?? 1;
    for (const one of this.lines) for (const value of one.values) most = Math.max(most, value ?? 0);
    const count = this.lines[0].values.length;
    const x = (/** @type {number} */ i) => 1 + (i / (count - 1)) * (width - 2);
    const y = (/** @type {number} */ v) => height - 1.5 - (v / most) * (height - 4);
    for (const one of this.lines) {
      line(context, one.values, x, y, {
        stroke: one.colour,
        width: 1.4,
        fill: one.fill ? one.colour : undefined,
        base: height - 1,
      });
    }
    context.fillStyle = token("bad");
    for (const index of this.marks) {
      context.beginPath();
      context.arc(x(index), 3, 2, 0, 2 * Math.PI);
      context.fill();
    }
  }
}
