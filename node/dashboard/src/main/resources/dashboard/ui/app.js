// The page: takes in what the node tells, and shows it. Panels are functions of the model.

import { attr, byId, text } from "./dom.js";
import { age } from "./format.js";
import { ClassesPanel } from "./classes.js";
import { ContractsPanel } from "./contracts.js";
import { Drawer } from "./drawer.js";
import { EndpointsPanel } from "./endpoints.js";
import { ExperimentsPanel } from "./experiments.js";
import { ForecastPanel } from "./forecast.js";
import { HealingPanel } from "./healing.js";
import { LedgerPanel } from "./ledger.js";
import { MeshPanel } from "./mesh.js";
import { ReputationPanel } from "./reputation.js";
import { Rounds } from "./rounds.js";
import { ShadowsPanel } from "./shadows.js";
import { Source } from "./source.js";
import { Tiles } from "./tiles.js";
import { Traffic } from "./series.js";
import { TrafficPanel } from "./traffic.js";
import { dark } from "./palette.js";

/**
 * What is known. Each member is the last body of the path of that name.
 * @typedef {{node: any, overview: any, members: any, links: any, services: any, reputation: any,
 *   healing: any, shadows: any, forecast: any, heads: any, contracts: any, experiments: any, classes: any, records: any[], traffic: Traffic,
 *   now: () => number}} Model
 */

const KEPT_RECORDS = 60;
const STALE_MILLIS = 3000;
const LOST_MILLIS = 8000;

let skewMillis = 0;
let heardAt = 0;
let paused = false;

/** @type {Model} */
const model = {
  node: null,
  overview: null,
  members: null,
  links: null,
  services: null,
  reputation: null,
  healing: null,
  shadows: null,
  forecast: null,
  heads: null,
  contracts: null,
  experiments: null,
  classes: null,
  records: [],
  traffic: new Traffic(),
  now: () => Date.now() + skewMillis,
};

const drawer = new Drawer(model);
const panels = {
  tiles: new Tiles(),
  mesh: new MeshPanel(),
  traffic: new TrafficPanel(),
  endpoints: new EndpointsPanel(drawer),
  healing: new HealingPanel(drawer),
  reputation: new ReputationPanel(drawer),
  ledger: new LedgerPanel(drawer),
  forecast: new ForecastPanel(),
  shadows: new ShadowsPanel(),
  contracts: new ContractsPanel(drawer),
  experiments: new ExperimentsPanel(),
  classes: new ClassesPanel(),
};

/** Which panels show a topic. */
const SHOWN_BY = {
  node: [],
  overview: ["tiles"],
  members: ["mesh"],
  links: ["mesh"],
  services: ["endpoints", "mesh"],
  traffic: ["traffic", "endpoints", "tiles"],
  ledger: ["ledger"],
  reputation: ["reputation"],
  healing: ["healing"],
  shadows: ["shadows"],
  forecast: ["forecast"],
  contracts: ["contracts"],
  experiments: ["experiments"],
  classes: ["classes"],
};

/** @type {Set<string>} */
const stale = new Set();
let drawing = false;

/** Draws what changed, at most once a frame. @param {string[]} names */
function redraw(names) {
  for (const name of names) stale.add(name);
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    for (const name of stale) panels[/** @type {keyof typeof panels} */ (name)].show(model);
    stale.clear();
  });
}

/** @param {string} topic @param {any} data */
function take(topic, data) {
  if (paused) return;
  heardAt = Date.now();
  if (data.asOf) skewMillis = Date.parse(data.asOf) - heardAt;
  if (topic === "traffic") model.traffic.merge(data);
  else if (topic === "ledger") takeLedger(data);
  else /** @type {any} */ (model)[topic] = data;
  if (topic === "node") showNode();
  redraw(SHOWN_BY[/** @type {keyof typeof SHOWN_BY} */ (topic)]);
  pulse();
}

/** @param {any} data */
function takeLedger(data) {
  if (data.heads) model.heads = data;
  const known = new Map((data.delta ? model.records : []).map((one) => [one.hash, one]));
  for (const record of data.records) known.set(record.hash, record);
  model.records = [...known.values()]
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.hash < b.hash ? -1 : 1))
    .slice(0, KEPT_RECORDS);
}

function showNode() {
  const { node } = model;
  text(byId("mesh-name"), node.mesh.name);
  text(byId("seen-by"), node.name);
  text(byId("seen-where"), node.zone ? `${node.region}, ${node.zone}` : node.region);
  text(byId("version"), `skein ${node.version}, mesh ${node.mesh.id.slice(0, 12)}`);
  document.title = `${node.mesh.name} · ${node.name} · Skein`;
}

/** @param {boolean} lost */
function showSentence(lost) {
  const sentence = byId("sentence");
  attr(document.body, "data-lost", lost);
  if (lost) {
    text(sentence, `${model.node?.name ?? "The node"} does not answer; these are its last figures.`);
    attr(sentence, "data-status", "failing");
  } else if (model.overview) {
    text(sentence, model.overview.summary);
    attr(sentence, "data-status", model.overview.status);
  }
}

function pulse() {
  const badge = byId("badge");
  const silent = Date.now() - heardAt;
  let state = "live";
  let words = "live";
  if (paused) {
    state = "paused";
    words = `paused, ${age(silent / 1000)} old`;
  } else if (heardAt === 0) {
    state = "waiting";
    words = "connecting";
  } else if (silent > LOST_MILLIS) {
    state = "lost";
    words = `no contact for ${age(silent / 1000)}`;
  } else if (silent > STALE_MILLIS) {
    state = "late";
    words = `${age(silent / 1000)} old`;
  }
  attr(badge, "data-state", state);
  text(badge, words);
  showSentence(state === "lost");
}

const source = new Source(take);
const rounds = new Rounds(take, () => (model.services?.services ?? []).map((/** @type {any} */ one) => one.name));

function togglePause() {
  paused = !paused;
  const button = byId("pause");
  attr(button, "aria-pressed", paused);
  text(button, paused ? "Resume" : "Pause");
  for (const each of [source, rounds]) {
    if (paused) each.stop();
    else each.start();
  }
  pulse();
}

function toggleTheme() {
  const wanted = dark() ? "light" : "dark";
  document.documentElement.dataset.theme = wanted;
  try {
    localStorage.setItem("skein-theme", wanted);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  showTheme();
}

function showTheme() {
  text(byId("theme"), dark() ? "Light" : "Dark");
  redraw(Object.keys(panels));
}

byId("pause").addEventListener("click", togglePause);
byId("theme").addEventListener("click", toggleTheme);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLElement && event.target.closest("input, select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "p") togglePause();
  if (event.key === "t") toggleTheme();
});
window.setInterval(() => {
  pulse();
  if (!paused) redraw(["healing", "ledger"]);
}, 1000);
showTheme();
source.start();
rounds.start();
