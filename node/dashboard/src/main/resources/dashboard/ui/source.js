// Where the figures come from: the node's event stream; without one, its paths, asked in turn.

/** Topics and the path that has the same shape. */
const TOPICS = {
  node: "/v1/node",
  overview: "/v1/overview",
  members: "/v1/members",
  links: "/v1/links",
  services: "/v1/services",
  traffic: "/v1/traffic?seconds=180",
  ledger: "/v1/ledger/tail?limit=60",
  reputation: "/v1/reputation",
  healing: "/v1/healing?limit=50",
  shadows: "/v1/shadows",
  forecast: "/v1/forecast",
};
const POLL_MILLIS = 2000;
const FAILURES_BEFORE_POLLING = 3;

/**
 * @typedef {(topic: string, data: any) => void} Listener
 */

export class Source {
  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    /** @type {EventSource | null} */
    this.stream = null;
    this.failures = 0;
    this.polling = 0;
  }

  start() {
    this.stop();
    const topics = Object.keys(TOPICS).join(",");
    const stream = new EventSource(`/v1/events?topics=${topics}`);
    this.stream = stream;
    for (const topic of Object.keys(TOPICS)) {
      stream.addEventListener(topic, (event) => {
        this.failures = 0;
        this.listener(topic, JSON.parse(/** @type {MessageEvent} */ (event).data));
      });
    }
    stream.addEventListener("error", () => {
      this.failures += 1;
      if (stream.readyState === EventSource.CLOSED || this.failures >= FAILURES_BEFORE_POLLING) {
        this.poll();
      }
    });
  }

  stop() {
    this.stream?.close();
    this.stream = null;
    window.clearTimeout(this.polling);
    this.polling = 0;
  }

  /** Asks each path once, then tries the stream again every tenth round. */
  poll() {
    this.stop();
    let round = 0;
    const next = async () => {
      const mine = this.polling;
      for (const [topic, path] of Object.entries(TOPICS)) {
        try {
          const data = await read(path);
          if (topic === "ledger") Object.assign(data, await read("/v1/ledger/heads"));
          if (this.polling !== mine) return;
          this.listener(topic, data);
        } catch {
          break; // The badge tells the silence; the next round tries again.
        }
      }
      if (this.polling !== mine) return;
      round += 1;
      if (round % 10 === 0) {
        this.failures = 0;
        this.start();
      } else {
        this.polling = window.setTimeout(next, POLL_MILLIS);
      }
    };
    this.polling = window.setTimeout(next, 0);
  }
}

/** One path's answer. @param {string} path @returns {Promise<any>} */
export async function read(path) {
  const response = await fetch(path, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail ?? `${response.status} ${response.statusText}`);
  }
  return response.json();
}
