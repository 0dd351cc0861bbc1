// The picture: what is in sight is drawn when something changed; while a heavy one is moved, the last is moved.
import { bounds } from "./geometry.js";
import { drawLines, drawLit } from "./draw-line.js";
import { drawNodes } from "./draw-node.js";
import { drawHulls } from "./hulls.js";
import { drawLabels, place } from "./labels.js";
import { colours } from "./theme.js";

/** @typedef {import("./types.js").Spot} Spot */
/** @typedef {import("./types.js").Line} Line */
/** @typedef {import("./types.js").Transform} Transform */

const HEAVY = 1500;
const MARGIN = 0.3;
const REST = 140;

export class View {
  /** @param {HTMLCanvasElement} canvas @param {import("./model.js").Model} model @param {import("./select.js").Selection} selection */
  constructor(canvas, model, selection) {
    this.canvas = canvas;
    this.model = model;
    this.selection = selection;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    /** @type {Transform} */
    this.transform = { x: 0, y: 0, k: 1 };
    /** Drawn under everything, in map coordinates. @type {(((context: CanvasRenderingContext2D, k: number) => void) & {top?: number, taken?: number[][]}) | null} */
    this.ground = null;
    /** Things whose lines are drawn only when lit. @type {Set<Spot>} */
    this.muted = new Set();
    /** Told by how much the picture has grown. @type {(dx: number, dy: number) => void} */
    this.grown = () => {};
    /** Drawn over everything, in screen pixels. @type {((context: CanvasRenderingContext2D) => void) | null} */
    this.over = null;
    this.wide = canvas.clientWidth;
    this.high = canvas.clientHeight;
    this.ratio = 1;
    this.lastMove = -1e9;
    this.queued = 0;
    /** @type {{canvas: HTMLCanvasElement, transform: Transform, left: number, top: number} | null} */
    this.kept = null;
    /** @type {number[]} */
    this.times = [];
    const again = () => {
      this.kept = null;
      this.redraw();
    };
    model.addEventListener("change", again);
    selection.addEventListener("change", again);
    this.again = again;
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    const [dx, dy] = [clientWidth - this.wide, clientHeight - this.high];
    this.ratio = Math.min(devicePixelRatio || 1, 2);
    this.wide = Math.max(clientWidth, 1);
    this.high = Math.max(clientHeight, 1);
    this.canvas.width = Math.round(this.wide * this.ratio);
    this.canvas.height = Math.round(this.high * this.ratio);
    this.again();
    if (dx || dy) this.grown(dx, dy);
  }

  /** @param {Transform} transform */
  move(transform) {
    this.transform = transform;
    this.lastMove = performance.now();
    this.redraw();
  }

  redraw() {
    if (!this.queued) this.queued = requestAnimationFrame(() => this.frame());
  }

  frame() {
    this.queued = 0;
    const start = performance.now();
    const heavy = this.model.shown().spots.length > HEAVY;
    const moving = heavy && start - this.lastMove < REST;
    if (!moving || !this.blit()) {
      if (heavy && moving) this.keepWide();
      else this.paint(this.context, { ...this.transform, wide: this.wide, high: this.high });
    }
    if (this.over) {
      this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      this.over(this.context);
    }
    if (moving) setTimeout(() => this.redraw(), REST);
    this.times.push(performance.now() - start);
    if (this.times.length > 240) this.times.shift();
  }

  /** Draw more than is in sight, to be moved about without being drawn again. */
  keepWide() {
    const [left, top] = [this.wide * MARGIN, this.high * MARGIN];
    const canvas = this.spare ?? document.createElement("canvas");
    this.spare = canvas;
    const [wide, high] = [this.wide + 2 * left, this.high + 2 * top];
    if (canvas.width !== Math.round(wide * this.ratio)) canvas.width = Math.round(wide * this.ratio);
    if (canvas.height !== Math.round(high * this.ratio)) canvas.height = Math.round(high * this.ratio);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const { x, y, k } = this.transform;
    this.paint(context, { x: x + left, y: y + top, k, wide, high, quick: true });
    this.kept = { canvas, transform: { x, y, k }, left, top };
    this.blit();
  }

  /** Show what was kept, moved to where it belongs now; false where it does not reach or is too coarse. */
  blit() {
    if (!this.kept) return false;
    const { canvas, transform, left, top } = this.kept;
    const zoom = this.transform.k / transform.k;
    const x = this.transform.x - transform.x * zoom - left * zoom;
    const y = this.transform.y - transform.y * zoom - top * zoom;
    const [wide, high] = [(this.wide + 2 * left) * zoom, (this.high + 2 * top) * zoom];
    if (zoom > 1.6 || zoom < 0.7 || x > 0 || y > 0 || x + wide < this.wide || y + high < this.high) return false;
    this.context.setTransform(1, 0, 0, 1, 0, 0);
    this.context.fillStyle = colours.paper;
    this.context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    const r = this.ratio;
    this.context.drawImage(canvas, x * r, y * r, wide * r, high * r);
    return true;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Transform & {wide: number, high: number, quick?: boolean, ratio?: number}} to
   */
  paint(context, to) {
    const ratio = to.ratio ?? this.ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = colours.paper;
    context.fillRect(0, 0, to.wide, to.high);
    context.setTransform(ratio * to.k, 0, 0, ratio * to.k, ratio * to.x, ratio * to.y);
    const seen = this.seen(to);
    const lit = this.selection.lit();
    this.ground?.(context, to.k);
    const titles = drawHulls(context, seen.spots.length > HEAVY || this.muted.size ? [] : seen.spots, this.model.grouping, to.k);
    const quick = Boolean(to.quick) || seen.lines.length > 6000;
    drawLines(context, seen.lines, { k: to.k, quick, faded: (one) => lit !== null && !lit.lines.has(one) });
    if (lit) drawLit(context, lit.lines, to.k);
    const faded = (/** @type {Spot} */ one) => lit !== null && !lit.spots.has(one);
    const dot = seen.spots.length > 600 ? 4.5 : 3.2;
    drawNodes(context, seen.spots, { k: to.k, ratio, faded, dot });
    this.rings(context, to.k);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawLabels(context, this.labels(context, seen, { ...to, lit, titles }));
  }

  /** What lies in sight. @param {Transform & {wide: number, high: number}} to */
  seen(to) {
    const { spots, lines } = this.model.shown();
    const [x0, y0] = [-to.x / to.k - 90, -to.y / to.k - 90];
    const [x1, y1] = [(to.wide - to.x) / to.k + 90, (to.high - to.y) / to.k + 90];
    const inSight = (/** @type {Spot} */ one) => one.x > x0 && one.x < x1 && one.y > y0 && one.y < y1;
    const crosses = (/** @type {Line} */ { a, b }) =>
      Math.max(a.x, b.x) > x0 && Math.min(a.x, b.x) < x1 && Math.max(a.y, b.y) > y0 && Math.min(a.y, b.y) < y1;
    const said = (/** @type {Line} */ { a, b }) => !this.muted.size || !(this.muted.has(a) || this.muted.has(b));
    return { spots: spots.filter(inSight), lines: lines.filter((one) => crosses(one) && said(one)) };
  }

  /** @param {CanvasRenderingContext2D} context @param {{spots: Spot[], lines: Line[]}} seen @param {any} to */
  labels(context, seen, to) {
    const { selection } = this;
    const lit = to.lit;
    const rank = (/** @type {Spot} */ one) => {
      if (selection.has(one.id) || selection.hover === one) return 1e6;
      if (lit) return lit.spots.has(one) ? 1e5 + one.r : 0;
      if (one.r * to.k < 3.4) return 0;
      return one.r + (one.phase === "actor" ? 12 : 0) + (one.count ?? 0);
    };
    const lines = lit ? [...lit.lines] : to.k >= 1.05 && seen.lines.length < 400 ? seen.lines : [];
    return place(context, {
      spots: seen.spots, lines: to.quick ? [] : lines, rank, k: to.k, wide: to.wide, high: to.high,
      at: (x, y) => [x * to.k + to.x, y * to.k + to.y], taken: [...to.titles, ...(this.ground?.taken ?? [])], most: to.quick ? 60 : 260,
      strong: (one) => (selection.ids.size < 5 && selection.has(one.id)) || selection.hover === one,
    });
  }

  /** Rings around what is selected, pointed at or in focus. @param {CanvasRenderingContext2D} context @param {number} k */
  rings(context, k) {
    context.strokeStyle = colours.accent;
    for (const one of this.selection.spots()) ring(context, one, { gap: 4, width: 2.5, k });
    if (this.selection.hover) ring(context, this.selection.hover, { gap: 3, width: 1.5, k });
    const focus = this.selection.focus;
    if (focus && this.canvas.matches(":focus-visible")) ring(context, focus, { gap: 9, width: 2, k, dash: [3, 3] });
  }

  /** Where a screen point is on the map. @param {number} x @param {number} y */
  toMap(x, y) {
    return { x: (x - this.transform.x) / this.transform.k, y: (y - this.transform.y) / this.transform.k };
  }

  /** The transform that shows these things whole. @param {Iterable<Spot>} spots @returns {Transform | null} */
  fitting(spots) {
    const box = bounds(spots);
    if (!box) return null;
    if (this.ground?.top !== undefined) box.y0 = Math.min(box.y0, this.ground.top);
    const pad = Math.min(70, this.wide / 9);
    const k = Math.min((this.wide - 2 * pad) / (box.x1 - box.x0 || 1), (this.high - 2 * pad) / (box.y1 - box.y0 || 1), 1.6);
    return { k, x: this.wide / 2 - (k * (box.x0 + box.x1)) / 2, y: this.high / 2 - (k * (box.y0 + box.y1)) / 2 };
  }
}

/** @param {CanvasRenderingContext2D} context @param {Spot} one @param {{gap: number, width: number, k: number, dash?: number[]}} how */
function ring(context, one, how) {
  const scale = Math.min(1 / how.k, 2);
  context.setLineDash(how.dash ? how.dash.map((part) => part * scale) : []);
  context.lineWidth = how.width * scale;
  context.beginPath();
  context.arc(one.x, one.y, one.r + how.gap * scale, 0, 2 * Math.PI);
  context.stroke();
  context.setLineDash([]);
}
