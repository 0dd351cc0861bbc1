// Moving about: wheel, drag, pinch, buttons; and taking a thing by the hand.
import { select, zoom, zoomIdentity } from "../vendor/d3-zoom.js";
import { calm } from "./theme.js";

/** @typedef {import("./types.js").Transform} Transform */

export class Moves {
  /** @param {import("./view.js").View} view @param {(event: any) => boolean} mayPan whether a gesture moves the map */
  constructor(view, mayPan) {
    this.view = view;
    this.surface = /** @type {any} */ (select(view.canvas));
    this.zoom = /** @type {any} */ (zoom())
      .scaleExtent([0.02, 8])
      .clickDistance(5)
      .filter((/** @type {any} */ event) => !event.button && (event.type === "wheel" || mayPan(event)))
      .on("zoom", (/** @type {any} */ event) => view.move(event.transform));
    this.surface.call(this.zoom).on("dblclick.zoom", null);
    view.grown = (dx, dy) => this.pan(dx / 2, dy / 2);
  }

  /** @param {Transform} to @param {boolean} [slowly] */
  go(to, slowly = true) {
    const wanted = zoomIdentity.translate(to.x, to.y).scale(to.k);
    if (slowly && !calm() && this.view.model.shown().spots.length < 1500) {
      this.surface.transition().duration(260).call(this.zoom.transform, wanted);
    } else this.surface.call(this.zoom.transform, wanted);
  }

  /** Show all, or these. @param {Iterable<import("./types.js").Spot>} [spots] @param {boolean} [slowly] */
  fit(spots, slowly = true) {
    const to = this.view.fitting(spots ?? this.view.model.shown().spots);
    if (to) this.go(to, slowly);
  }

  /** @param {number} factor */
  by(factor) {
    const { x, y, k } = this.view.transform;
    const wanted = Math.min(8, Math.max(0.02, k * factor));
    const [cx, cy] = [this.view.wide / 2, this.view.high / 2];
    this.go({ k: wanted, x: cx - ((cx - x) * wanted) / k, y: cy - ((cy - y) * wanted) / k });
  }

  /** @param {number} dx @param {number} dy in screen pixels */
  pan(dx, dy) {
    const { x, y, k } = this.view.transform;
    this.go({ x: x + dx, y: y + dy, k }, false);
  }

  /** Bring a thing into sight without moving more than is needed. @param {import("./types.js").Spot} one */
  reveal(one) {
    const { x, y, k } = this.view.transform;
    const [sx, sy] = [one.x * k + x, one.y * k + y];
    const pad = 60;
    const dx = sx < pad ? pad - sx : sx > this.view.wide - pad ? this.view.wide - pad - sx : 0;
    const dy = sy < pad ? pad - sy : sy > this.view.high - pad ? this.view.high - pad - sy : 0;
    if (dx || dy) this.pan(dx, dy);
  }
}
