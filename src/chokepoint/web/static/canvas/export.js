// Pictures are made here, GraphML and STIX by the server, so that markings hold.
import * as api from "./api.js";
import { curve, trim } from "./geometry.js";
import { lookOf, styleOf } from "./draw-line.js";
import { colours, phaseColour } from "./theme.js";
import { say, short, visible } from "./words.js";
import { icons } from "../vendor/icons.js";

/** @typedef {import("./types.js").Spot} Spot */

const LARGEST = 8000;

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The whole map as it stands, twice as fine as on the screen. @param {import("./view.js").View} view @returns {Promise<Blob>} */
export function png(view) {
  const [wide, high] = [Math.max(view.wide, 1200), Math.max(view.high, 800)];
  const canvas = document.createElement("canvas");
  const ratio = Math.min(2, LARGEST / wide);
  canvas.width = wide * ratio;
  canvas.height = high * ratio;
  const kept = { wide: view.wide, high: view.high };
  Object.assign(view, { wide, high });
  const fit = view.fitting(view.model.shown().spots) ?? { x: 0, y: 0, k: 1 };
  view.paint(/** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")), { ...fit, wide, high, ratio });
  Object.assign(view, kept);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("png")))));
}

/** @param {string} text */
const safe = (text) => visible(text).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

/** @param {number} value */
const n = (value) => Math.round(value * 10) / 10;

/** The map as one SVG without scripts, links or fonts from elsewhere. @param {import("./view.js").View} view */
export function svg(view) {
  const { spots, lines } = view.model.shown();
  const pad = 60;
  const xs = spots.map((one) => one.x);
  const ys = spots.map((one) => one.y);
  const [x0, y0] = [Math.min(...xs, 0) - pad, Math.min(...ys, 0) - pad];
  const [wide, high] = [Math.max(...xs, 0) + pad - x0, Math.max(...ys, 0) + pad - y0];
  const parts = [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="${n(x0)} ${n(y0)} ${n(wide)} ${n(high)}" font-family="system-ui, sans-serif">`,
    `<title>${safe(say("title"))}</title><rect x="${n(x0)}" y="${n(y0)}" width="${n(wide)}" height="${n(high)}" fill="${colours.paper}"/>`];
  for (const one of lines) {
    const look = lookOf(styleOf(one, false));
    const mid = one.bend ? curve(one) : null;
    const way = mid ? `M${n(one.a.x)} ${n(one.a.y)}Q${n(mid.x)} ${n(mid.y)} ${n(one.b.x)} ${n(one.b.y)}` : `M${n(one.a.x)} ${n(one.a.y)}L${n(one.b.x)} ${n(one.b.y)}`;
    const words = `${one.a.label} ${one.label} ${one.b.label}: ${one.word}${one.tlp ? `, ${one.tlp}` : ""}`;
    parts.push(`<g opacity="${n(look.alpha)}"><title>${safe(words)}</title><path d="${way}" fill="none" stroke="${colours.quiet}" stroke-width="${look.width}"${look.dash.length ? ` stroke-dasharray="${look.dash}"` : ""}/>${head(one)}</g>`);
  }
  for (const one of spots) parts.push(disc(one));
  return new Blob([...parts, "</svg>\n"], { type: "image/svg+xml" });
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
    `<path transform="translate(${n(one.x - size / 2)} ${n(one.y - size / 2)}) scale(${n(size / 2.4) / 10})" d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>` +
    `<text x="${n(one.x)}" y="${n(one.y + one.r + 13)}" font-size="12" text-anchor="middle" fill="${colours.ink}">${safe(short(one.label, 26))}</text></g>`;
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
