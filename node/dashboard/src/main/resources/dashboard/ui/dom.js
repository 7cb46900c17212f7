// Makes and updates elements. Data only ever becomes text or an attribute, never markup.

/**
 * @typedef {string | number | Node | null | undefined | false} Child
 * @typedef {Record<string, unknown>} Props
 */

/** @param {Element} element @param {Props} props @param {Child[]} children */
function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else {
      element.setAttribute(name, String(value));
    }
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** An HTML element. @param {string} tag @param {Props} [props] @param {...Child} children */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, props, children);
  return element;
}

/** An SVG element. @param {string} tag @param {Props} [props] @param {...Child} children */
export function s(tag, props = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(element, props, children);
  return element;
}

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element ${id}`);
  return element;
}

/** Sets text only when it differs. @param {Element} element @param {unknown} text */
export function text(element, text) {
  const wanted = String(text);
  if (element.textContent !== wanted) element.textContent = wanted;
}

/** Sets an attribute only when it differs. @param {Element} element @param {string} name @param {unknown} value */
export function attr(element, name, value) {
  const wanted = String(value);
  if (element.getAttribute(name) !== wanted) element.setAttribute(name, wanted);
}

/** A custom property, allowed by the page's policy where a style attribute is not. @param {Element} element @param {string} name @param {string} value */
export function style(element, name, value) {
  /** @type {HTMLElement} */ (element).style.setProperty(name, value);
}

/**
 * Keeps one child per item, in order, and re-uses those that stay: focus and hover survive.
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => Element} create
 * @param {(element: Element, item: T) => void} update
 */
export function keyed(parent, items, keyOf, create, update) {
  /** @type {Map<string, Element>} */
  const known = new Map();
  for (const child of Array.from(parent.children)) {
    known.set(/** @type {HTMLElement} */ (child).dataset.key ?? "", child);
  }
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let element = known.get(key);
    if (element) {
      known.delete(key);
    } else {
      element = create(item);
      /** @type {HTMLElement} */ (element).dataset.key = key;
    }
    if (element === place) {
      place = place.nextElementSibling;
    } else {
      parent.insertBefore(element, place);
    }
    update(element, item);
  }
  for (const gone of known.values()) gone.remove();
}
