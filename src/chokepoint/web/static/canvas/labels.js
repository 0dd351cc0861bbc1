// Words beside things: placed by rank where there is room, and left out where there is none.
import { middleOf } from "./draw-line.js";
import { colours, FONT } from "./theme.js";
import { short } from "./words.js";

/** @typedef {import("./types.js").Spot} Spot */
/** @typedef {import("./types.js").Line} Line */

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const CELL = 48;
/** Pixels of the radius of a bubble that holds its name. */
const NAMED = 40;
/** @type {Map<string, number>} */
const widths = new Map();
document.fonts.addEventListener("loadingdone", () => widths.clear());

/** Room that is taken, in screen pixels: a grid of boxes. */
export class Room {
  constructor() {
    /** @type {Map<number, number[][]>} */
    this.cells = new Map();
  }

  /** @param {number[]} box left, top, right, bottom */
  free(box) {
    return !this.cellsOf(box).some((key) => this.cells.get(key)?.some((taken) => overlap(taken, box)));
  }

  /** @param {number[]} box */
  take(box) {
    for (const key of this.cellsOf(box)) {
      const cell = this.cells.get(key);
      if (cell) cell.push(box);
      else this.cells.set(key, [box]);
    }
  }

  /** @param {number[]} box */
  cellsOf(box) {
    const found = [];
    for (let x = Math.floor(box[0] / CELL); x <= Math.floor(box[2] / CELL); x++)
      for (let y = Math.floor(box[1] / CELL); y <= Math.floor(box[3] / CELL); y++) found.push(x * 65536 + y);
    return found;
  }
}

/** @param {number[]} one @param {number[]} two */
const overlap = (one, two) => one[0] < two[2] && two[0] < one[2] && one[1] < two[3] && two[1] < one[3];

/** @param {CanvasRenderingContext2D} context with its font set @param {string} text @param {number} size */
function measure(context, text, size) {
  const key = `${size}${text}`;
  let wide = widths.get(key);
  if (wide === undefined) {
    if (widths.size > 20000) widths.clear();
    wide = context.measureText(text).width;
    widths.set(key, wide);
  }
  return wide;
}

/**
 * @typedef {object} Placed
 * @property {string} text
 * @property {number} x middle, in screen pixels
 * @property {number} y middle
 * @property {number[]} box
 * @property {boolean} strong
 * @property {boolean} quiet of a line
 */

/**
 * Where labels go: below, right, above or left of their thing, never over another label or a disc.
 * @param {CanvasRenderingContext2D} context
 * @param {{spots: Spot[], lines: Line[], rank: (one: Spot) => number, at: (x: number, y: number) => [number, number],
 *   k: number, wide: number, high: number, most: number, strong: (one: Spot) => boolean,
 *   taken?: number[][]}} given taken: room that other words have, in map coordinates
 * @returns {Placed[]}
 */
export function place(context, given) {
  const room = new Room();
  for (const [left, top, right, bottom] of given.taken ?? []) room.take([...given.at(left, top), ...given.at(right, bottom)]);
  const found = /** @type {Placed[]} */ ([]);
  const ranked = given.spots.map((one) => ({ one, rank: given.rank(one) })).filter((each) => each.rank > 0);
  for (const { one } of ranked.slice(0, 3000)) {
    const [x, y] = given.at(one.x, one.y);
    const r = one.r * given.k * 0.86;
    if (r > 3) room.take([x - r, y - r, x + r, y + r]);
  }
  ranked.sort((a, b) => b.rank - a.rank);
  for (const { one } of ranked) {
    if (found.length >= given.most) break;
    const made = beside(context, room, one, given);
    if (made) found.push(made);
  }
  for (const one of given.lines) {
    if (found.length >= given.most + 60) break;
    const made = along(context, room, one, given);
    if (made) found.push(made);
  }
  return found;
}

/** @param {CanvasRenderingContext2D} context @param {Room} room @param {Spot} one @param {any} given @returns {Placed | null} */
function beside(context, room, one, given) {
  const strong = given.strong(one);
  const size = strong || one.count ? 13 : 12;
  const text = short(one.label, strong ? 44 : 26);
  context.font = `${strong ? 600 : 500} ${size}px ${FONT}`;
  const half = measure(context, text, strong ? -size : size) / 2 + 3;
  const [x, y] = given.at(one.x, one.y);
  const r = one.r * given.k + 3;
  const within = one.count && !strong ? inside(context, one, { x, y, r, size }) : null;
  if (within) return within;
  const tall = size * 0.68;
  const boxes = [[x, y + r + tall], [x + r + half, y], [x, y - r - tall], [x - r - half, y]]
    .map(([cx, cy]) => [cx - half, cy - tall, cx + half, cy + tall])
    .filter(([left, top, right, bottom]) => left >= 2 && right <= given.wide - 2 && top >= 2 && bottom <= given.high - 2);
  const box = boxes.find((one) => room.free(one)) ?? (strong ? boxes[0] : undefined); // what is asked for is named, be it over another
  if (!box) return null;
  room.take(box);
  return { text, x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2, box, strong, quiet: false };
}

/** The name of a bubble below its count, where it fits. @param {CanvasRenderingContext2D} context @param {Spot} one @param {{x: number, y: number, r: number, size: number}} at @returns {Placed | null} */
function inside(context, one, { x, y, r, size }) {
  if (r < NAMED) return null;
  const text = short(one.label, 26);
  const half = measure(context, text, size) / 2 + 3;
  const tall = size * 0.68;
  const down = Math.max(r * 0.68, r * 0.57 + tall); // its count ends at 0.57
  if (Math.hypot(half, down + size / 2) > r) return null;
  return { text, x, y: y + down, box: [x - half, y + down - tall, x + half, y + down + tall], strong: false, quiet: false };
}

/** @param {CanvasRenderingContext2D} context @param {Room} room @param {Line} one @param {any} given @returns {Placed | null} */
function along(context, room, one, given) {
  const mid = middleOf(one);
  const [x, y] = given.at(mid.x, mid.y);
  const text = short(one.label, 24);
  context.font = `400 11px ${FONT}`;
  const half = measure(context, text, 11) / 2 + 4;
  const far = Math.hypot(one.a.x - one.b.x, one.a.y - one.b.y) * given.k - (one.a.r + one.b.r) * given.k;
  const box = [x - half, y - 8, x + half, y + 8];
  if ((one.a !== one.b && far < half * 1.6) || x < 0 || y < 0 || x > given.wide || y > given.high || !room.free(box)) return null;
  room.take(box);
  return { text, x, y, box, strong: false, quiet: true };
}

/**
 * @param {CanvasRenderingContext2D} context in screen pixels
 * @param {Placed[]} placed
 */
export function drawLabels(context, placed) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const one of placed) {
    const size = one.quiet ? 11 : one.strong ? 13 : 12;
    context.font = `${one.quiet ? 400 : one.strong ? 600 : 500} ${size}px ${FONT}`;
    context.direction = RIGHT_TO_LEFT.test(one.text) ? "rtl" : "ltr";
    context.strokeStyle = colours.paper;
    context.lineWidth = one.quiet ? 5 : 3.5;
    context.strokeText(one.text, one.x, one.y);
    context.fillStyle = one.quiet ? colours.quiet : colours.ink;
    context.fillText(one.text, one.x, one.y);
  }
}
