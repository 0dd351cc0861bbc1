// Pictures are made here, GraphML and STIX by the server, so that markings hold.
import * as api from "./api.js";
import { curve, loop, trim } from "./geometry.js";
import { lookOf, styleOf } from "./draw-line.js";
import { colours, phaseColour } from "./theme.js";
import { say, visible } from "./words.js";
import { icons } from "../vendor/icons.js";

/** @typedef {import("./types.js").Spot} Spot */

const LARGEST = 8000;
/** Labels of TLP 2.0, the strictest last, with their colours on black. @type {[string, string][]} */
const LABELS = [["TLP:CLEAR", "#ffffff"], ["TLP:GREEN", "#33ff00"], ["TLP:AMBER", "#ffc000"], ["TLP:AMBER+STRICT", "#ffc000"], ["TLP:RED", "#ff2b2b"]];
/** Of the box that a label stands in: its height, and a letter's width. */
const [HIGH, LETTER] = [24, 9];

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The strictest label on what a map shows, with its colour. @param {{spots: Spot[], lines: import("./types.js").Line[]}} shown */
export function strictest({ spots, lines }) {
  const held = new Set([...spots, ...lines].map((one) => one.tlp));
  return LABELS.findLast(([label]) => held.has(label)) ?? LABELS[0];
}

/** The frame of a picture of the whole map. @param {import("./view.js").View} view */
function framed(view) {
  const [wide, high] = [Math.max(view.wide, 1200), Math.max(view.high, 800)];
  const kept = { wide: view.wide, high: view.high };
  Object.assign(view, { wide, high });
  const fit = view.fitting(view.model.shown().spots) ?? { x: 0, y: 0, k: 1 };
  Object.assign(view, kept);
  return { ...fit, wide, high };
}

/** The whole map as it stands, twice as fine as on the screen. @param {import("./view.js").View} view @returns {Promise<Blob>} */
export function png(view) {
  const frame = framed(view);
  const canvas = document.createElement("canvas");
  const ratio = Math.min(2, LARGEST / frame.wide);
  canvas.width = frame.wide * ratio;
  canvas.height = frame.high * ratio;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  view.paint(context, { ...frame, ratio });
  const [label, colour] = strictest(view.model.shown());
  const wide = label.length * LETTER + 12;
  context.fillStyle = "#000";
  context.fillRect(frame.wide - wide, frame.high - HIGH, wide, HIGH);
  context.fillStyle = colour;
  context.font = "bold 15px monospace";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.direction = "ltr";
  context.fillText(label, frame.wide - wide / 2, frame.high - HIGH / 2);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("png")))));
}

/** @param {string} text */
const safe = (text) => visible(text).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

/** @param {number} value */
const n = (value) => Math.round(value * 10) / 10;

/** The map as one SVG without scripts, links or fonts from elsewhere. @param {import("./view.js").View} view */
export function svg(view) {
  const shown = view.model.shown();
  const { x, y, k, wide, high } = framed(view);
  const parts = [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${n(wide)} ${n(high)}" font-family="system-ui, sans-serif">`,
    `<title>${safe(say("title"))}</title><rect width="${n(wide)}" height="${n(high)}" fill="${colours.paper}"/>`,
    `<g transform="translate(${n(x)} ${n(y)}) scale(${k})">`];
  for (const one of shown.lines) {
    const look = lookOf(styleOf(one, false));
    const words = `${one.a.label} ${one.label} ${one.b.label}: ${one.word}${one.tlp ? `, ${one.tlp}` : ""}`;
    parts.push(`<g opacity="${n(look.alpha)}"><title>${safe(words)}</title><path d="${way(one)}" fill="none" stroke="${colours.quiet}" stroke-width="${look.width}"${look.dash.length ? ` stroke-dasharray="${look.dash}"` : ""}/>${head(one)}</g>`);
  }
  for (const one of shown.spots) parts.push(disc(one));
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  const placed = view.labels(context, shown, { x, y, k, wide, high, lit: null, titles: [] });
  parts.push("</g>", ...placed.map(words), stamp(strictest(shown), wide, high));
  return new Blob([...parts, "</svg>\n"], { type: "image/svg+xml" });
}

/** The path of a line. @param {import("./types.js").Line} one */
function way(one) {
  const at = (/** @type {{x: number, y: number}} */ point) => `${n(point.x)} ${n(point.y)}`;
  if (one.a === one.b) {
    const [from, left, right, to] = loop(one);
    return `M${at(from)}C${at(left)} ${at(right)} ${at(to)}`;
  }
  return one.bend ? `M${at(one.a)}Q${at(curve(one))} ${at(one.b)}` : `M${at(one.a)}L${at(one.b)}`;
}

/** A name where there is room for it. @param {import("./labels.js").Placed} one */
const words = (one) =>
  `<text x="${n(one.x)}" y="${n(one.y)}" font-size="${one.quiet ? 11 : 12}" text-anchor="middle" dominant-baseline="central" fill="${one.quiet ? colours.quiet : colours.ink}"` +
  ` stroke="${colours.paper}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke">${safe(one.text)}</text>`;

/** The label of TLP in the corner. @param {[string, string]} label @param {number} wide @param {number} high */
function stamp([label, colour], wide, high) {
  const broad = label.length * LETTER + 12;
  return `<rect x="${n(wide - broad)}" y="${n(high - HIGH)}" width="${broad}" height="${HIGH}"/>` +
    `<text x="${n(wide - broad / 2)}" y="${n(high - HIGH / 2)}" font-family="monospace" font-weight="bold" font-size="15" text-anchor="middle" dominant-baseline="central" fill="${colour}">${label}</text>`;
}

/** @param {import("./types.js").Line} one */
function head(one) {
  if (one.property === "same-as" || one.count) return "";
  const { x, y, dx, dy } = trim(one, one.b.r + 2.5);
  return `<path fill="${colours.quiet}" d="M${n(x)} ${n(y)}L${n(x - 6.5 * dx - 2.7 * dy)} ${n(y - 6.5 * dy + 2.7 * dx)}L${n(x - 6.5 * dx + 2.7 * dy)} ${n(y - 6.5 * dy - 2.7 * dx)}z"/>`;
}

/** @param {Spot} one */
function disc(one) {
  const colour = phaseColour(one.phase);
  const size = one.r * 1.12;
  const path = /** @type {Record<string, string>} */ (icons)[one.icon] ?? "";
  return `<g><title>${safe(`${one.name} ${one.label}${one.tlp ? `, ${one.tlp}` : ""}`)}</title>` +
    `<circle cx="${n(one.x)}" cy="${n(one.y)}" r="${n(one.r)}" fill="${colours.raised}"/>` +
    `<circle cx="${n(one.x)}" cy="${n(one.y)}" r="${n(one.r)}" fill="${colour}" fill-opacity="0.14" stroke="${colour}" stroke-width="1.5"/>` +
    `<path transform="translate(${n(one.x - size / 2)} ${n(one.y - size / 2)}) scale(${n(size / 2.4) / 10})" d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></g>`;
}

/**
 * @param {string} form png, svg, graphml or stix
 * @param {import("./view.js").View} view
 * @param {string} tlp the strictest label that may go along into GraphML or STIX
 * @returns {Promise<string>} what to tell
 */
export async function exportAs(form, view, tlp) {
  if (form === "png") download(await png(view), "map.png");
  else if (form === "svg") download(svg(view), "map.svg");
  else {
    const names = view.model.shown().spots.filter((one) => !one.count).map((one) => one.id);
    const { blob, leftOut } = await api.exported({ form, names, tlp });
    const label = tlp.replace("TLP:", "").replace("+", "-").toLowerCase();
    download(blob, `map-${label}.${form === "stix" ? "stix.json" : "graphml"}`);
    return leftOut ? say("export-left-out", { count: leftOut }) : say("exported");
  }
  return say("picture-marked");
}
