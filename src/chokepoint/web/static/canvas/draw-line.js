// Lines: wider and darker the more they are believed, dashed where they are somebody's conclusion.
import { curve, loop, onCurve, trim } from "./geometry.js";
import { colours } from "./theme.js";

/** @typedef {import("./types.js").Line} Line */

const CHUNK = 400;

/**
 * How a line looks; lines of one key are drawn together.
 * @param {Line} one
 * @param {boolean} faded
 */
export function styleOf(one, faded) {
  const step = one.count ? 2 : Math.min(3, Math.floor(one.belief * 4));
  return `${one.assessment ? "d" : "s"}${one.loose ? "l" : "f"}${step}${faded ? "x" : ""}`;
}

/** @param {string} key @returns {{dash: number[], width: number, alpha: number}} */
export function lookOf(key) {
  const step = Number(key[2]);
  const alpha = (key[1] === "l" ? 0.26 : 0.42) + 0.07 * step;
  return {
    dash: key[0] === "d" ? [5, 4] : [],
    width: [0.6, 0.8, 1.1, 1.6][step],
    alpha: key.endsWith("x") ? 0.08 : alpha,
  };
}

/**
 * @param {CanvasRenderingContext2D} context in map coordinates
 * @param {Line[]} lines
 * @param {{k: number, faded: (one: Line) => boolean, quick: boolean}} how quick: straight and without arrows
 */
export function drawLines(context, lines, how) {
  /** @type {Map<string, Line[]>} */
  const batches = new Map();
  for (const one of lines) {
    const key = styleOf(one, how.faded(one));
    const same = batches.get(key);
    if (same) same.push(one);
    else batches.set(key, [one]);
  }
  const scale = 1 / Math.max(how.k, 0.35);
  context.strokeStyle = context.fillStyle = colours.quiet;
  for (const key of [...batches.keys()].sort().reverse()) {
    const look = lookOf(key);
    context.globalAlpha = look.alpha;
    context.lineWidth = look.width * Math.min(scale, 1.6);
    context.setLineDash(how.quick ? [] : look.dash);
    drawBatch(context, /** @type {Line[]} */ (batches.get(key)), how);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** Short paths: one long path costs the square of its crossings. @param {CanvasRenderingContext2D} context @param {Line[]} lines @param {{k: number, quick: boolean}} how */
function drawBatch(context, lines, how) {
  for (let from = 0; from < lines.length; from += CHUNK) {
    const part = lines.slice(from, from + CHUNK);
    context.beginPath();
    for (const one of part) trace(context, one, how.quick);
    context.stroke();
    if (how.quick || how.k < 0.45) continue;
    context.beginPath();
    for (const one of part) arrow(context, one);
    context.fill();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Line} one @param {boolean} quick */
export function trace(context, one, quick) {
  if (one.a === one.b) {
    const [from, left, right, to] = loop(one);
    context.moveTo(from.x, from.y);
    context.bezierCurveTo(left.x, left.y, right.x, right.y, to.x, to.y);
    return;
  }
  context.moveTo(one.a.x, one.a.y);
  if (quick || !one.bend) context.lineTo(one.b.x, one.b.y);
  else {
    const mid = curve(one);
    context.quadraticCurveTo(mid.x, mid.y, one.b.x, one.b.y);
  }
}

/** A small head where the line meets its object. @param {CanvasRenderingContext2D} context @param {Line} one */
export function arrow(context, one) {
  if (one.property === "same-as" || one.count) return;
  const tip = trim(one, one.b.r + 2.5);
  const [size, wide] = [6.5, 2.7];
  const [ux, uy] = [tip.dx, tip.dy];
  context.moveTo(tip.x, tip.y);
  context.lineTo(tip.x - size * ux - wide * uy, tip.y - size * uy + wide * ux);
  context.lineTo(tip.x - size * ux + wide * uy, tip.y - size * uy - wide * ux);
  context.closePath();
}

/**
 * Lines that are lit: a path, or those of what is selected.
 * @param {CanvasRenderingContext2D} context
 * @param {Iterable<Line>} lines
 * @param {number} k
 */
export function drawLit(context, lines, k) {
  context.strokeStyle = context.fillStyle = colours.accent;
  const many = [...lines].length > 16;
  context.globalAlpha = many ? 0.62 : 0.9;
  for (const one of lines) {
    const wide = one.count ? 1.4 : many ? 0.6 + 0.9 * one.belief : 1 + 1.6 * one.belief;
    context.lineWidth = wide * Math.min(1 / Math.max(k, 0.35), 1.6);
    context.setLineDash(one.assessment ? [5, 4] : []);
    context.beginPath();
    trace(context, one, false);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    arrow(context, one);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** Where the words of a line stand. @param {Line} one */
export const middleOf = (one) => onCurve(one, 0.5);
