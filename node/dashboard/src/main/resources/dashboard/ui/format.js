// Figures as people read them.

/** @param {number | null | undefined} value @param {number} [places] */
export function number(value, places) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const digits = places ?? (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** @param {number | null | undefined} value */
export function whole(value) {
  return number(value, 0);
}

/** Requests a second. @param {number | null | undefined} value */
export function rate(value) {
  return number(value, value !== null && value !== undefined && value < 10 ? 1 : 0);
}

/** @param {number | null | undefined} value */
export function millis(value) {
  if (value === null || value === undefined) return "–";
  return number(value, value < 10 ? 1 : 0);
}

/** @param {number | null | undefined} value share of one @param {number} [places] */
export function percent(value, places = 0) {
  return value === null || value === undefined ? "–" : number(value * 100, places);
}

/** @param {number} seconds */
export function age(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 1.5) return "now";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

/** @param {string} hash */
export function short(hash) {
  return hash ? hash.slice(0, 8) : "–";
}
