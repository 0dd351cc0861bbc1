// Elements without markup: whatever is written into them is text.
import { icons } from "../vendor/icons.js";

/**
 * @param {string} tag
 * @param {Record<string, any>} [given] attributes; `on…` are listeners, `text` is the text
 * @param {(Node | string | null | false | undefined)[]} children
 * @returns {any}
 */
export function make(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") made.textContent = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((one) => one !== null && one !== false && one !== undefined).map((one) => /** @type {Node | string} */ (one)));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, string | number>} given */
export function drawn(tag, given) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, String(value));
  return made;
}

/** @param {string} name */
export function icon(name) {
  const made = drawn("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" });
  const path = drawn("path", { d: /** @type {Record<string, string>} */ (icons)[name] ?? "", fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" });
  made.append(path);
  return made;
}

/** A value that is isolated from what stands around it, whichever way it is written. @param {string} text */
export const value = (text) => make("bdi", { class: "value", text });

/** How far something is believed: a word, a figure and a thin bar. @param {number} belief @param {string} word @param {string} figure */
export function belief(belief, word, figure) {
  const bar = drawn("svg", { class: "bar", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" });
  bar.append(drawn("rect", { class: "whole", width: 100, height: 4, rx: 2 }), drawn("rect", { class: "part", width: Math.round(belief * 100), height: 4, rx: 2 }));
  return make("span", { class: "belief" }, word, " ", make("span", { class: "figure", text: figure }), bar);
}

/** @param {string} label never translated */
export function badge(label) {
  if (!label || label === "TLP:CLEAR") return null;
  return make("span", { class: `badge ${label.toLowerCase().replace(/[:+]/g, "-")}`, text: label });
}
