// Places nodes so that distance on the page follows round trip: stress descent on the distances,
// from a fixed start, so that the same mesh always looks the same.

const ROUNDS = 300;

/** Page distance of a round trip: the near kept apart, the far kept on the page. @param {number} rttMs */
function distance(rttMs) {
  return 0.45 + Math.log1p(Math.max(0, rttMs) / 12);
}

/**
 * @param {string[]} names
 * @param {(a: string, b: string) => number | null} rtt in ms, null if unknown
 * @returns {Map<string, {x: number, y: number}>} within −1..1, the longer axis across
 */
export function layout(names, rtt) {
  const count = names.length;
  const xs = names.map((_, i) => Math.cos((2 * Math.PI * i) / count + 0.4));
  const ys = names.map((_, i) => Math.sin((2 * Math.PI * i) / count + 0.4));
  for (let round = 0; round < ROUNDS; round++) {
    const step = 0.25 * (1 - round / ROUNDS) + 0.02;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) {
        if (i === j) continue;
        const wanted = distance(rtt(names[i], names[j]) ?? 60);
        const dx = xs[j] - xs[i] || 1e-3;
        const dy = ys[j] - ys[i];
        const is = Math.hypot(dx, dy) || 1e-3;
        const move = (step * (is - wanted)) / is / count;
        xs[i] += dx * move;
        ys[i] += dy * move;
      }
    }
  }
  return fit(names, turn(xs, ys));
}

/** Turns the cloud so that its longer axis lies across. @param {number[]} xs @param {number[]} ys */
function turn(xs, ys) {
  const mean = (/** @type {number[]} */ all) => all.reduce((a, b) => a + b, 0) / (all.length || 1);
  const mx = mean(xs);
  const my = mean(ys);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < xs.length; i++) {
    xx += (xs[i] - mx) ** 2;
    xy += (xs[i] - mx) * (ys[i] - my);
    yy += (ys[i] - my) ** 2;
  }
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  const cos = Math.cos(-angle);
  const sin = Math.sin(-angle);
  return xs.map((x, i) => ({
    x: (x - mx) * cos - (ys[i] - my) * sin,
    y: (x - mx) * sin + (ys[i] - my) * cos,
  }));
}

/** @param {string[]} names @param {{x: number, y: number}[]} points */
function fit(names, points) {
  const half = (/** @type {"x" | "y"} */ axis) => Math.max(1e-6, ...points.map((one) => Math.abs(one[axis])));
  const scale = 1 / Math.max(half("x"), half("y"));
  return new Map(names.map((name, i) => [name, { x: points[i].x * scale, y: points[i].y * scale }]));
}
