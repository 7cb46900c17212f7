// Nodes by distance, regions around them, links with round trip and forwarded traffic, endpoints
// around the node that reaches them.

import { byId, h, s, text } from "./dom.js";
import { age, millis, percent, rate } from "./format.js";
import { layout } from "./layout.js";

/** @typedef {import("./app.js").Model} Model */

const WIDTH = 560;
const HEIGHT = 450;
const RADIUS = 26;

/** From so many nodes on they are drawn smaller, and one link speaks for each pair of regions. */
const MANY = 9;

/** Moves nodes apart until none hides another. @param {{x: number, y: number}[]} places @param {number} apart */
function spreadOut(places, apart) {
  for (let round = 0; round < 80; round++) {
    for (let i = 0; i < places.length; i++) {
      for (let j = i + 1; j < places.length; j++) {
        const dx = places[j].x - places[i].x || 0.1 * (j - i);
        const dy = places[j].y - places[i].y;
        const is = Math.hypot(dx, dy);
        if (is >= apart) continue;
        const move = (apart - is) / is / 2;
        places[i].x -= dx * move;
        places[i].y -= dy * move;
        places[j].x += dx * move;
        places[j].y += dy * move;
      }
    }
    for (const place of places) {
      place.x = Math.max(40, Math.min(WIDTH - 40, place.x));
      place.y = Math.max(48, Math.min(HEIGHT - 48, place.y));
    }
  }
}

export class MeshPanel {
  constructor() {
    this.key = "";
    this.radius = RADIUS;
    /** @type {Map<string, {x: number, y: number}>} */
    this.places = new Map();
    this.svg = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-labelledby": "mesh-words" });
    this.words = h("p", { id: "mesh-words", class: "visually-hidden" });
    byId("mesh").append(this.svg, this.words);
  }

  /** @param {Model} model */
  show({ members, links, services }) {
    if (!members) return;
    const nodes = members.members;
    const lines = links ? links.links : [];
    this.place(nodes, lines);
    const back = s("g", {});
    for (const region of new Set(nodes.map((/** @type {any} */ one) => one.region))) back.append(this.region(region, nodes));
    const spoken = new Set();
    const regions = new Map(nodes.map((/** @type {any} */ one) => [one.name, one.region]));
    for (const line of lines) {
      const pair = [regions.get(line.from), regions.get(line.to)].sort().join(" ");
      const far = regions.get(line.from) !== regions.get(line.to);
      const speaks = nodes.length < MANY || line.state !== "up" || (far && !spoken.has(pair));
      spoken.add(pair);
      back.append(this.link(line, speaks));
    }
    const front = s("g", {});
    for (const node of nodes) front.append(this.node(node, services));
    this.svg.replaceChildren(back, front);

    const alive = nodes.filter((/** @type {any} */ one) => one.state === "alive").length;
    text(byId("mesh-note"), `${alive} of ${nodes.length} nodes alive; distance follows round trip`);
    text(
      this.words,
      nodes.map((/** @type {any} */ one) => `${one.name} in ${one.region}: ${one.state}, load ${percent(one.load)} percent`).join(". "),
    );
  }

  /** @param {any[]} nodes @param {any[]} lines */
  place(nodes, lines) {
    const rtts = new Map();
    for (const line of lines) {
      rtts.set(`${line.from} ${line.to}`, line.rttMs);
      rtts.set(`${line.to} ${line.from}`, line.rttMs);
    }
    // Steps of a quarter: small changes of a round trip do not move the picture.
    const step = (/** @type {number | null} */ rtt) => (rtt === null || rtt === undefined ? "?" : Math.round(Math.log(Math.max(rtt, 0.5)) * 4));
    const key = nodes.map((one) => one.name).join() + lines.map((one) => step(one.rttMs)).join();
    if (key === this.key) return;
    this.key = key;
    const spread = layout(
      nodes.map((one) => one.name),
      (a, b) => rtts.get(`${a} ${b}`) ?? null,
    );
    this.radius = nodes.length < MANY ? RADIUS : 17;
    const padX = 92;
    const padY = 94;
    let top = 0;
    for (const { y } of spread.values()) top = Math.max(top, Math.abs(y));
    const stretch = top > 0.05 ? Math.min(1.9, 1 / top) : 1;
    this.places = new Map(
      [...spread].map(([name, { x, y }]) => [
        name,
        { x: WIDTH / 2 + x * (WIDTH / 2 - padX), y: HEIGHT / 2 + y * stretch * (HEIGHT / 2 - padY) },
      ]),
    );
    spreadOut([...this.places.values()], 2 * this.radius + 26);
  }

  /** @param {string} name */
  at(name) {
    return this.places.get(name) ?? { x: WIDTH / 2, y: HEIGHT / 2 };
  }

  /** @param {string} region @param {any[]} nodes */
  region(region, nodes) {
    const spots = nodes.filter((one) => one.region === region).map((one) => this.at(one.name));
    const x = spots.reduce((sum, one) => sum + one.x, 0) / spots.length;
    const y = spots.reduce((sum, one) => sum + one.y, 0) / spots.length;
    const reach = Math.max(0, ...spots.map((one) => Math.hypot(one.x - x, one.y - y)));
    return s(
      "g",
      { class: "region" },
      s("circle", { cx: x, cy: y, r: reach + this.radius + (nodes.length < MANY ? 38 : 24) }),
      s("text", { x, y: Math.max(14, y - reach - this.radius - 42), "text-anchor": "middle" }, region),
    );
  }

  /** @param {any} line @param {boolean} speaks whether its round trip is written beside it */
  link(line, speaks) {
    const from = this.at(line.from);
    const to = this.at(line.to);
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const cut = (this.radius + 6) / length;
    const x = (/** @type {number} */ part) => from.x + (to.x - from.x) * part;
    const y = (/** @type {number} */ part) => from.y + (to.y - from.y) * part;
    const flow = line.requestsPerSecond ?? 0;
    const label = line.state === "down" ? "down" : `${millis(line.rttMs)} ms`;
    return s(
      "g",
      { class: speaks ? "link" : "link quiet", "data-state": line.state },
      s("title", {}, `${line.from} – ${line.to}: ${line.state}, ${millis(line.rttMs)} ms${line.measured ? "" : " (estimated)"}, ${rate(flow)} forwarded/s`),
      s("line", { x1: x(cut), y1: y(cut), x2: x(1 - cut), y2: y(1 - cut), "stroke-width": 1.2 + Math.min(5, Math.sqrt(flow)) }),
      speaks && s("text", { x: x(0.5), y: y(0.5) + 4, "text-anchor": "middle", class: "halo" }, label),
    );
  }

  /** @param {any} node @param {any} services */
  node(node, services) {
    const { x, y } = this.at(node.name);
    const load = Math.max(0, Math.min(1, node.load ?? 0));
    const around = 2 * Math.PI * (this.radius - 3);
    const group = s(
      "g",
      { class: "node", "data-state": node.state, "data-self": node.self },
      s("title", {}, `${node.name}: ${node.state}, ${node.address}, load ${percent(node.load)} %, ${node.ledger}, seen ${age(node.lastSeenSeconds)}`),
      s("circle", { cx: x, cy: y, r: this.radius, class: "disc" }),
      s("circle", { cx: x, cy: y, r: this.radius - 3, class: "ring" }),
      s("circle", {
        cx: x,
        cy: y,
        r: this.radius - 3,
        class: "load",
        "stroke-dasharray": `${around * load} ${around}`,
        transform: `rotate(-90 ${x} ${y})`,
      }),
      s("text", { x, y: y + 4, "text-anchor": "middle", class: "inside" }, this.inside(node)),
      s("text", { x, y: y + this.radius + 15, "text-anchor": "middle", class: "label" }, node.self ? `${node.name} (this)` : node.name),
    );
    for (const dot of this.endpoints(node, services, x, y)) group.append(dot);
    return group;
  }

  /** What stands in a node: its load, or its state if that is not `alive`. @param {any} node */
  inside(node) {
    const small = this.radius < RADIUS;
    if (node.state !== "alive") return small ? (node.state === "suspect" ? "?" : "✕") : node.state;
    return small ? percent(node.load) : `${percent(node.load)}%`;
  }

  /** @param {any} node @param {any} services @param {number} x @param {number} y */
  endpoints(node, services, x, y) {
    if (!services) return [];
    const mine = services.services.flatMap((/** @type {any} */ one) => one.endpoints).filter((/** @type {any} */ one) => one.node === node.name).slice(0, 16);
    return mine.map((/** @type {any} */ one, /** @type {number} */ i) => {
      const angle = -Math.PI / 2 + (i - (mine.length - 1) / 2) * 0.42;
      const cx = x + Math.cos(angle) * (this.radius + 12);
      const cy = y + Math.sin(angle) * (this.radius + 12);
      const well = one.state === "healthy";
      return s(
        "g",
        { class: "dot", "data-state": one.state },
        s("title", {}, `${one.id}: ${one.state}${one.reason ? `, ${one.reason}` : ""}`),
        well
          ? s("circle", { cx, cy, r: 5 })
          : s("path", { d: `M${cx - 4} ${cy - 4}l8 8m0 -8l-8 8` }),
      );
    });
  }
}
