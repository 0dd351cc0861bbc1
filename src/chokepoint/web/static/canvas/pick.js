// What lies under the pointer.
import { quadtree } from "../vendor/d3-quadtree.js";
import { distance } from "./geometry.js";

/** @typedef {import("./types.js").Spot} Spot */

export class Pick {
  /** @param {import("./model.js").Model} model */
  constructor(model) {
    this.model = model;
    /** @type {any} */
    this.tree = null;
    model.addEventListener("change", () => (this.tree = null));
  }

  /**
   * The nearest thing whose disc reaches a point.
   * @param {{x: number, y: number}} at on the map
   * @param {number} slack beyond the disc, in map units
   * @returns {Spot | null}
   */
  spot(at, slack) {
    this.tree ??= quadtree(this.model.shown().spots, (/** @type {Spot} */ one) => one.x, (/** @type {Spot} */ one) => one.y);
    /** @type {Spot | null} */
    let best = null;
    let least = Infinity;
    const reach = 80 + slack;
    this.tree.visit((/** @type {any} */ node, ...[x0, y0, x1, y1]) => {
      if (x0 > at.x + reach || x1 < at.x - reach || y0 > at.y + reach || y1 < at.y - reach) return true;
      for (let leaf = node.length ? null : node; leaf; leaf = leaf.next) {
        const one = /** @type {Spot} */ (leaf.data);
        const far = Math.hypot(one.x - at.x, one.y - at.y) - one.r;
        if (far <= slack && far < least) [best, least] = [one, far];
      }
      return false;
    });
    return best;
  }

  /** The nearest line. @param {{x: number, y: number}} at @param {number} slack */
  line(at, slack) {
    let [best, least] = [/** @type {import("./types.js").Line | null} */ (null), slack];
    for (const one of this.model.shown().lines) {
      if (Math.min(one.a.x, one.b.x) - 60 > at.x || Math.max(one.a.x, one.b.x) + 60 < at.x) continue;
      if (Math.min(one.a.y, one.b.y) - 60 > at.y || Math.max(one.a.y, one.b.y) + 60 < at.y) continue;
      const far = distance(one, at);
      if (far < least) [best, least] = [one, far];
    }
    return best;
  }
}
