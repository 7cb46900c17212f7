// The last minutes of traffic, second by second, merged from overlapping pieces.

/** @typedef {{requests: number, failures: number, p50: number | null, p99: number | null}} Point */

export const SECONDS = 180;

export class Series {
  constructor() {
    /** @type {(Point | null)[]} */
    this.points = new Array(SECONDS).fill(null);
    this.stamps = new Float64Array(SECONDS);
  }

  /** @param {number} second @param {Point} point */
  put(second, point) {
    const slot = second % SECONDS;
    if (this.stamps[slot] > second) return;
    this.stamps[slot] = second;
    this.points[slot] = point;
  }

  /** @param {number} second @returns {Point | null} */
  at(second) {
    const slot = ((second % SECONDS) + SECONDS) % SECONDS;
    return this.stamps[slot] === second ? this.points[slot] : null;
  }
}

export class Traffic {
  constructor() {
    this.total = new Series();
    /** @type {Map<string, Series>} */
    this.endpoints = new Map();
    this.last = 0;
  }

  /** @param {any} data body of /v1/traffic */
  merge(data) {
    merge(this.total, data.fromSecond, data.total);
    const seen = new Set();
    for (const service of data.services) {
      for (const { endpoint, series } of service.endpoints) {
        seen.add(endpoint);
        let known = this.endpoints.get(endpoint);
        if (!known) {
          known = new Series();
          this.endpoints.set(endpoint, known);
        }
        merge(known, data.fromSecond, series);
      }
    }
    for (const endpoint of this.endpoints.keys()) {
      if (!seen.has(endpoint)) this.endpoints.delete(endpoint);
    }
    this.last = Math.max(this.last, data.fromSecond + data.total.requests.length - 1);
  }

  /** Mean requests a second over the newest few. @param {Series} series */
  rate(series, seconds = 5) {
    let sum = 0;
    let count = 0;
    for (let back = 0; back < seconds; back++) {
      const point = series.at(this.last - back);
      if (point) {
        sum += point.requests;
        count += 1;
      }
    }
    return count ? sum / count : null;
  }
}

/** @param {Series} into @param {number} from @param {any} columns */
function merge(into, from, columns) {
  for (let i = 0; i < columns.requests.length; i++) {
    into.put(from + i, {
      requests: columns.requests[i],
      failures: columns.failures[i],
      p50: columns.p50Ms[i],
      p99: columns.p99Ms[i],
    });
  }
}
