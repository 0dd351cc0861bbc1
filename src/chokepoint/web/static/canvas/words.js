// The words of the page, in the reader's language, and figures as that language writes them.
import { visible } from "./unseen.js";

export { visible };

/** @type {Record<string, string>} */
let table = {};
let language = "en";

/**
 * @param {Record<string, string>} given by name
 * @param {string} code of the language
 */
export function learn(given, code) {
  table = given;
  const written = code && code !== "en" ? code : "en-GB"; // day before month, as the rest of the page has it
  language = `${written}-u-ca-gregory-nu-latn`; // years and digits as the rest of the page writes them
}

/**
 * A word of the page; `{name}` in it is filled in. One that is missing shows as its name.
 * @param {string} name
 * @param {Record<string, string | number>} [filled]
 */
export function say(name, filled = {}) {
  const text = table[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in filled ? String(filled[key]) : whole));
}

/** @param {number} value */
export const number = (value) => new Intl.NumberFormat(language).format(value);

/** Whole per cent, never rounded to a certainty that it does not have. @param {number} value 0 to 1 */
export function percent(value) {
  const whole = new Intl.NumberFormat(language, { style: "percent" });
  const beyond = (/** @type {string} */ sign, /** @type {number} */ figure) => `\u2066${sign}${whole.format(figure)}\u2069`; // or it points the other way in Arabic
  if (value > 0.99 && value < 1) return beyond(">", 0.99);
  if (value > 0 && value < 0.01) return beyond("<", 0.01);
  return whole.format(value);
}

/** A day as the reader writes it. @param {number} day since 1970-01-01 */
export function day(day) {
  const options = /** @type {const} */ ({ year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });
  return new Intl.DateTimeFormat(language, options).format(new Date(day * 864e5));
}

/** The name of a country. @param {string} code ISO 3166-1 alpha-2 */
export function country(code) {
  try {
    return new Intl.DisplayNames(language, { type: "region" }).of(code.toUpperCase()) ?? code;
  } catch {
    return visible(code);
  }
}

/** Whoever published something, for a reader. @param {string} origin */
export const publisher = (origin) => (origin === "unknown" ? say("unnamed") : visible(origin));

/** ISO 8601. @param {number | null} day since 1970-01-01 */
export const iso = (day) => (day === null ? "" : new Date(day * 864e5).toISOString().slice(0, 10));

const SEGMENTS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * At most so many characters as a reader counts them: names keep their beginning, identifiers both ends.
 * @param {string} text
 * @param {number} most
 */
export function short(text, most) {
  const clean = visible(text.length > 400 ? text.slice(0, 400) : text);
  if (clean.length <= most) return clean;
  const letters = Array.from(SEGMENTS.segment(clean), (one) => one.segment);
  if (letters.length <= most) return clean;
  if (/\s/.test(clean)) return `${letters.slice(0, most - 1).join("")}…`;
  const tail = Math.floor(most / 3);
  return `${letters.slice(0, most - tail - 1).join("")}…${letters.slice(-tail).join("")}`;
}

/**
 * How much is on the map; a bubble counts for all that it holds, and its links are not all told.
 * @param {{spots: import("./types.js").Spot[], lines: import("./types.js").Line[]}} shown
 */
export function counted({ spots, lines }) {
  const things = spots.reduce((sum, one) => sum + (one.count || 1), 0);
  if (spots.some((one) => one.count)) return say("things", { count: number(things) });
  return say("on-map", { things: number(things), links: number(lines.length) });
}

/** The ICD 203 word for a probability, in the reader's language. @param {number} belief */
export function likely(belief) {
  const at = [0.05, 0.2, 0.45, 0.55, 0.8, 0.95].findIndex((upper) => belief < upper);
  return say(`likely-${at < 0 ? 6 : at}`);
}
