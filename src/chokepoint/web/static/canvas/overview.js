// The whole map as bubbles, each opened where one looks closer.
import * as api from "./api.js";

/** @typedef {import("./types.js").Spot} Spot */

/** @param {number[]} way */
const idOf = (way) => `part:${way.join(".")}`;

/** What the server says of a part, as things and lines. @param {any} told @returns {import("./types.js").Piece} */
export function asPiece(told) {
  if (told.piece) return told.piece;
  const nodes = told.bubbles.map((/** @type {any} */ one) => ({
    id: idOf(one.way), kind: "part", name: "", label: one.label, icon: one.icon, phase: one.phase, degree: one.count,
    way: one.way, count: one.count, kinds: one.kinds,
  }));
  const most = Math.max(...told.ties.map((/** @type {any} */ one) => one.count), 1);
  const lines = told.ties.map((/** @type {any} */ one) => ({
    a: one.a, b: one.b, property: "tie", label: String(one.count), count: one.count, word: "", verdict: "",
    belief: Math.log1p(one.count) / Math.log1p(most), loose: true,
  }));
  return { nodes, lines, left_out: 0 };
}

/**
 * Put what a bubble holds in its place.
 * @param {import("./model.js").Model} model
 * @param {Spot} bubble
 * @returns {Promise<Spot[]>} what came
 */
export async function openBubble(model, bubble) {
  const piece = asPiece(await api.overview(bubble.way ?? []));
  const at = { x: bubble.x, y: bubble.y };
  const outside = [...model.lines.values()].filter((one) => one.a === bubble || one.b === bubble);
  model.remove(new Set([bubble.id]));
  const fresh = model.merge(piece, at);
  for (const one of fresh) one.part = bubble.id;
  const largest = fresh.find((one) => one.count);
  if (largest) rejoin(model, outside, { bubble, largest });
  return fresh;
}

/** Lines that ended at the bubble end at the largest bubble in it: where exactly, its own opening will say, and none is drawn to a single thing that is not its. @param {import("./model.js").Model} model @param {import("./types.js").Line[]} lines @param {{bubble: Spot, largest: Spot}} to */
function rejoin(model, lines, { bubble, largest }) {
  for (const one of lines) {
    const made = { ...one, a: one.a === bubble ? largest : one.a, b: one.b === bubble ? largest : one.b };
    made.id = `${made.a.id}\n${made.property}\n${made.b.id}`;
    if (made.a !== made.b) model.lines.set(made.id, made);
  }
  model.changed(true);
}
