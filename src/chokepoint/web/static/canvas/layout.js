// Where things lie: by forces (in a worker), in columns along the value chain, or on the map of the world.
import { groups } from "./hulls.js";
import { columns } from "./layered.js";
import { calm } from "./theme.js";
import { onWorld } from "./world-layout.js";

/** @typedef {import("./types.js").Spot} Spot */

/**
 * Number of the bubble out of which each came that nothing ties: it stays there. -1 for all others.
 * @param {Spot[]} spots
 * @param {import("./types.js").Line[]} lines
 */
export function partsOf(spots, lines) {
  const tied = new Set(lines.flatMap((one) => [one.a, one.b]));
  /** @type {Map<string, number>} */
  const numbers = new Map();
  return Int32Array.from(spots, (one) => {
    if (!one.part || tied.has(one)) return -1;
    const number = numbers.get(one.part) ?? numbers.size;
    numbers.set(one.part, number);
    return number;
  });
}

export class Layout {
  /** @param {import("./model.js").Model} model @param {import("./view.js").View} view @param {import("./zoom.js").Moves} moves */
  constructor(model, view, moves) {
    this.model = model;
    this.view = view;
    this.moves = moves;
    this.run = 0;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {Spot[]} */
    this.order = [];
    this.follow = false;
    this.drawn = model.layout;
    /** Where people pinned things, while another layout has them. @type {Map<string, {x: number, y: number}>} */
    this.homes = new Map();
    /** Whether things have come to rest. */
    this.still = true;
  }

  /** @param {{gentle?: boolean, follow?: boolean}} [how] gentle: about where they are; follow: keep all in sight */
  async arrange(how = {}) {
    this.run += 1;
    const run = this.run;
    this.still = false;
    this.follow = how.follow ?? !how.gentle;
    if (this.follow) this.moves.fit(undefined, false);
    this.leave();
    if (this.model.layout === "force") {
      this.view.ground = null;
      this.view.muted = new Set();
      return this.force(Boolean(how.gentle));
    }
    const { spots } = this.model.shown();
    const made = this.model.layout === "world" ? await onWorld(spots) : columns(this.model.shown());
    if (run !== this.run) return;
    this.view.ground = made.ground;
    this.view.muted = made.muted;
    for (const [one, at] of made.places) Object.assign(one, at);
    this.rest();
  }

  /** Pins hold a place among ties alone: other layouts have places of their own, and give these back. */
  leave() {
    const [from, to] = [this.drawn, this.model.layout];
    if (from === to) return;
    this.drawn = to;
    const pinned = [...this.model.spots.values()].filter((one) => one.pinned);
    if (from === "force") this.homes = new Map(pinned.map((one) => [one.id, { x: one.x, y: one.y }]));
    if (to === "force") for (const one of pinned) Object.assign(one, this.homes.get(one.id));
  }

  /** Ask the worker. @param {boolean} gentle */
  force(gentle) {
    this.worker ??= this.begin();
    const { spots, lines } = this.model.shown();
    this.order = spots;
    const at = new Map(spots.map((one, number) => [one, number]));
    const places = new Float32Array(spots.flatMap((one) => [one.x, one.y]));
    const links = new Int32Array(lines.flatMap((one) => [at.get(one.a) ?? 0, at.get(one.b) ?? 0]));
    const belongs = new Int32Array(spots.length).fill(-1);
    groups(spots, this.model.grouping).forEach((group, number) => {
      for (const one of group.spots) belongs[at.get(one) ?? 0] = number;
    });
    this.worker.postMessage({
      run: this.run, places, links, groups: belongs, parts: partsOf(spots, lines), gentle, grouped: Boolean(this.model.grouping),
      aspect: Math.min(1.6, Math.max(0.6, this.view.wide / this.view.high)),
      radius: new Float32Array(spots.map((one) => one.r)), fixed: new Uint8Array(spots.map((one) => Number(one.pinned))),
    });
  }

  begin() {
    const worker = new Worker(new URL("./force-worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }) => this.take(data));
    return worker;
  }

  /** @param {{run: number, places: Float32Array, done: boolean}} told */
  take(told) {
    if (told.run !== this.run || (calm() && !told.done)) return;
    this.order.forEach((one, at) => {
      if (!one.pinned) [one.x, one.y] = [told.places[2 * at], told.places[2 * at + 1]];
    });
    if (told.done) this.rest();
    else {
      this.model.moved();
      if (this.follow) this.moves.fit(undefined, false);
    }
  }

  rest() {
    this.model.moved();
    if (this.follow) this.moves.fit(undefined, false);
    this.follow = false;
    this.still = true;
  }

  /** Let things lie where they are now. */
  stop() {
    this.run += 1;
    this.still = true;
  }
}
