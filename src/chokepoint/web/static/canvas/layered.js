// Columns along the value chain: victims left, actors right, rows ordered so that few lines cross.
import { colours, FONT } from "./theme.js";
import { say } from "./words.js";

/** @typedef {import("./types.js").Spot} Spot */
/** @typedef {import("./types.js").Line} Line */

export const PHASES = ["victim", "lure", "contact", "payment", "laundering", "cash-out", "enabler", "actor", ""];
const [GAP, ROW, HIGHEST, SWEEPS] = [190, 44, 26, 8];

/**
 * Barycentre sweeps (Sugiyama 1981) within columns by phase; a long column stands in several.
 * @param {{spots: Spot[], lines: Line[]}} shown
 */
export function columns({ spots, lines }) {
  const used = PHASES.filter((phase) => spots.some((one) => one.phase === phase));
  const near = new Map(spots.map((one) => [one, /** @type {Spot[]} */ ([])]));
  for (const one of lines) {
    near.get(one.a)?.push(one.b);
    near.get(one.b)?.push(one.a);
  }
  const rows = used.map((phase) => spots.filter((one) => one.phase === phase));
  const height = new Map();
  const spread = (/** @type {Spot[]} */ row) => row.forEach((one, at) => height.set(one, (at + 0.5) / row.length));
  rows.forEach(spread);
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (const row of sweep % 2 ? [...rows].reverse() : rows) {
      const mean = new Map(row.map((one) => [one, average(near.get(one) ?? [], one, height)]));
      row.sort((a, b) => (mean.get(a) ?? 0) - (mean.get(b) ?? 0));
      spread(row);
    }
  return drawn(used, rows);
}

/** @param {Spot[]} near @param {Spot} one @param {Map<Spot, number>} height */
function average(near, one, height) {
  const from = near.length ? near : [one];
  return from.reduce((sum, other) => sum + (height.get(other) ?? 0), 0) / from.length;
}

/** @param {string[]} used @param {Spot[][]} rows */
function drawn(used, rows) {
  /** @type {Map<Spot, {x: number, y: number}>} */
  const places = new Map();
  const heads = /** @type {{x: number, wide: number, phase: string}[]} */ ([]);
  const tallest = Math.min(Math.max(...rows.map((row) => row.length), 1), HIGHEST);
  let left = 0;
  rows.forEach((row, number) => {
    const parts = Math.ceil(row.length / HIGHEST);
    const each = Math.ceil(row.length / parts);
    const pitch = Math.max(ROW, (tallest * ROW) / each / 1.6);
    row.forEach((one, at) => {
      const part = Math.floor(at / each);
      const held = Math.min(each, row.length - part * each);
      places.set(one, { x: left + part * 120, y: ((at % each) - (held - 1) / 2) * pitch + (part % 2) * 10 });
    });
    const wide = (parts - 1) * 120;
    heads.push({ x: left + wide / 2, wide, phase: used[number] });
    left += wide + GAP;
  });
  const top = Math.min(...[...places.values()].map((at) => at.y), 0) - 78;
  const bottom = Math.max(...[...places.values()].map((at) => at.y), 0) + 40;
  return { places, ground: ground(heads, top, bottom), muted: new Set() };
}

/** @param {{x: number, wide: number, phase: string}[]} heads @param {number} top @param {number} bottom */
function ground(heads, top, bottom) {
  const draw = (/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ k) => {
    for (const [number, head] of heads.entries()) {
      const half = head.wide / 2 + GAP / 2;
      context.fillStyle = number % 2 ? "transparent" : colours.hull;
      context.fillRect(head.x - half, top, 2 * half, bottom - top);
      context.fillStyle = colours.quiet;
      context.font = `600 ${Math.min(15 / Math.min(k, 1), 26)}px ${FONT}`;
      context.textAlign = "center";
      context.textBaseline = "top";
      context.fillText(say(`phase-${head.phase || "none"}`), head.x, top + 10);
    }
  };
  return Object.assign(draw, { top, taken: heads.map(({ x }) => [x - 90, top, x + 90, top + 44]) });
}
