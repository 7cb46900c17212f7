// What the event stream does not tell: asked for every few seconds while the page can be seen.

import { read } from "./source.js";

const PAUSE_MILLIS = 3000;
const MOST_SERVICES = 8;

/** How many contracts are shown with their windows, those that do not hold first. */
export const MOST_CONTRACTS = 6;

export class Rounds {
  /**
   * @param {import("./source.js").Listener} listener
   * @param {() => string[]} services names of the services that are known
   */
  constructor(listener, services) {
    this.listener = listener;
    this.services = services;
    this.timer = 0;
  }

  start() {
    this.stop();
    const next = async () => {
      const mine = this.timer;
      const told = (/** @type {string} */ topic, /** @type {any} */ data) => {
        if (this.timer === mine) this.listener(topic, data);
      };
      if (!document.hidden) {
        try {
          told("contracts", await contracts());
          told("experiments", await read("/v1/experiments"));
          told("classes", await classes(this.services().slice(0, MOST_SERVICES)));
        } catch {
          // The badge tells the silence; the next round tries again.
        }
      }
      if (this.timer === mine) this.timer = window.setTimeout(next, PAUSE_MILLIS);
    };
    this.timer = window.setTimeout(next, 500);
  }

  stop() {
    window.clearTimeout(this.timer);
    this.timer = 0;
  }
}

async function contracts() {
  const all = await read("/v1/contracts");
  const order = (/** @type {any} */ one) => (one.state === "holds" ? 1 : 0);
  const first = [...all.contracts]
    .sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_CONTRACTS);
  const shown = await Promise.all(first.map((one) => read(`/v1/contracts/${encodeURIComponent(one.name)}`)));
  return { asOf: all.asOf, contracts: shown, more: all.contracts.length - shown.length };
}

/** @param {string[]} services */
async function classes(services) {
  const all = await Promise.all(services.map((one) => read(`/v1/services/${encodeURIComponent(one)}/classes`)));
  return { services: all.filter((one) => one.learned && one.classes.length > 0) };
}
