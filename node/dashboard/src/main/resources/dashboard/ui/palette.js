// Colours of things drawn: Okabe and Ito's eight, told apart by every kind of eye, with a lighter
// set for the dark theme; after eight they repeat.

const LIGHT = ["#0072b2", "#d98c00", "#009e73", "#b8578f", "#4aa3df", "#c8501e", "#6a5acd", "#8a8a00"];
const DARK = ["#4d9fe0", "#e9a63a", "#2fbf93", "#d888b6", "#86cdf7", "#f0825a", "#9d90f0", "#c4c24a"];

/** @returns {boolean} */
export function dark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
}

/** @type {Map<string, number>} */
const order = new Map();

/** The colour of a named thing, the same as long as the page lives. @param {string} name */
export function colour(name) {
  let index = order.get(name);
  if (index === undefined) {
    index = order.size;
    order.set(name, index);
  }
  return (dark() ? DARK : LIGHT)[index % LIGHT.length];
}

/** A colour of the style sheet. @param {string} name */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
