// Soft hulls around what belongs together: the same identity, one publisher, one place in the script.
import { hull } from "./geometry.js";
import { colours, FONT } from "./theme.js";
import { publisher, say, short } from "./words.js";

/** @typedef {import("./types.js").Spot} Spot */

const MOST = 24;

/**
 * Things by group, the largest first; what stands alone is in none.
 * @param {Spot[]} spots
 * @param {string} by cluster, origin, phase, kind, country, or empty for identities
 * @returns {{name: string, spots: Spot[]}[]}
 */
export function groups(spots, by) {
  const key = /** @type {keyof Spot} */ (by || "cluster");
  /** @type {Map<string, Spot[]>} */
  const found = new Map();
  for (const one of spots) {
    const name = String(one[key] ?? "");
    if (!name) continue;
    const same = found.get(name);
    if (same) same.push(one);
    else found.set(name, [one]);
  }
  return [...found]
    .map(([name, held]) => ({ name, spots: held }))
    .filter((one) => one.spots.length > 1)
    .sort((a, b) => b.spots.length - a.spots.length || (a.name < b.name ? -1 : 1))
    .slice(0, MOST);
}

/** A group's name for people. @param {{name: string, spots: Spot[]}} group @param {string} by */
export function groupName(group, by) {
  if (by === "phase") return say(`phase-${group.name}`);
  if (by === "kind") return group.spots[0].name;
  if (by === "cluster" || !by) return group.spots.find((one) => one.id === group.name)?.label ?? group.spots[0].label;
  return by === "origin" ? publisher(group.name) : group.name;
}

/**
 * @param {CanvasRenderingContext2D} context in map coordinates
 * @param {Spot[]} spots
 * @param {string} by
 * @param {number} k
 * @returns {number[][]} room that the titles take, in map coordinates: left, top, right, bottom
 */
export function drawHulls(context, spots, by, k) {
  const taken = [];
  for (const group of groups(spots, by)) {
    const outline = hull(group.spots.map(({ x, y }) => ({ x, y })));
    const wide = Math.max(...group.spots.map((one) => one.r)) + 12;
    context.beginPath();
    outline.forEach((one, at) => (at ? context.lineTo(one.x, one.y) : context.moveTo(one.x, one.y)));
    context.closePath();
    context.lineJoin = context.lineCap = "round";
    context.strokeStyle = context.fillStyle = colours.hull;
    context.lineWidth = 2 * wide;
    context.globalAlpha = 1;
    context.stroke();
    context.fill();
    if (by && k > 0.25) taken.push(title(context, group, by, { outline, wide, k }));
  }
  context.globalAlpha = 1;
  return taken;
}

/** @param {CanvasRenderingContext2D} context @param {any} group @param {string} by @param {{outline: {x: number, y: number}[], wide: number, k: number}} at */
function title(context, group, by, at) {
  const top = Math.min(...at.outline.map((one) => one.y));
  const middle = at.outline.reduce((sum, one) => sum + one.x, 0) / at.outline.length;
  context.font = `600 ${12 / at.k}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillStyle = colours.quiet;
  const text = short(groupName(group, by), 32);
  const bottom = top - at.wide - 3 / at.k;
  context.fillText(text, middle, bottom);
  const half = context.measureText(text).width / 2 + 3 / at.k;
  return [middle - half, bottom - 14 / at.k, middle + half, bottom + 2 / at.k];
}
