// What is on the canvas: things and lines, which of them are hidden or filtered, and what changed.
import { shownOf } from "./filter.js";

/** @typedef {import("./types.js").Spot} Spot */
/** @typedef {import("./types.js").Line} Line */
/** @typedef {import("./types.js").Piece} Piece */

/** Fires `change` after whatever changes what is drawn, `content` when things or lines came or went. */
export class Model extends EventTarget {
  constructor() {
    super();
    /** @type {Map<string, Spot>} */
    this.spots = new Map();
    /** @type {Map<string, Line>} */
    this.lines = new Map();
    /** @type {Set<string>} */
    this.hidden = new Set();
    /** Days between which lines are shown; null for all. @type {[number, number] | null} */
    this.interval = null;
    this.leastBelief = 0;
    this.layout = "force";
    this.grouping = "";
    /** @type {{spots: Spot[], lines: Line[]} | null} */
    this.cache = null;
  }

  /**
   * Add a part of the map. New things lie near `beside`, or around the middle.
   * @param {Piece} piece
   * @param {{x: number, y: number}} [beside]
   * @returns {Spot[]} those that are new
   */
  merge(piece, beside) {
    const middle = beside ?? this.middle();
    const fresh = [];
    const here = piece.nodes.map((said) => {
      const known = this.spots.get(said.id);
      const made = known ?? spot(said, scattered(this.spots.size, middle, beside ? 60 : 160));
      if (known) Object.assign(known, { ...said, flags: said.flags ?? [] });
      else {
        this.spots.set(made.id, made);
        fresh.push(made);
      }
      if (this.hidden.delete(made.id) && !fresh.includes(made)) fresh.push(made);
      return made;
    });
    for (const said of piece.lines) {
      const made = line(said, here[said.a], here[said.b]);
      this.lines.set(made.id, made);
    }
    this.measure();
    this.changed(true);
    return fresh;
  }

  /** @param {Iterable<string>} ids */
  hide(ids) {
    for (const id of ids) this.hidden.add(id);
    this.changed(true);
  }

  showAll() {
    this.hidden.clear();
    this.changed(true);
  }

  /** Take things off for good, as when a bubble opens. @param {Set<string>} ids */
  remove(ids) {
    for (const id of ids) this.spots.delete(id);
    for (const [id, one] of this.lines) if (ids.has(one.a.id) || ids.has(one.b.id)) this.lines.delete(id);
    this.measure();
    this.changed(true);
  }

  clear() {
    this.spots.clear();
    this.lines.clear();
    this.hidden.clear();
    this.interval = null;
    this.changed(true);
  }

  /** What is to be drawn. */
  shown() {
    this.cache ??= shownOf(this);
    return this.cache;
  }

  /** @param {boolean} [content] whether things or lines came or went */
  changed(content = false) {
    this.cache = null;
    this.dispatchEvent(new Event("change"));
    if (content) this.dispatchEvent(new Event("content"));
  }

  /** Things have moved: nothing else is to be computed anew. */
  moved() {
    this.dispatchEvent(new Event("change"));
  }

  middle() {
    let [x, y, n] = [0, 0, 0];
    for (const one of this.spots.values()) [x, y, n] = [x + one.x, y + one.y, n + 1];
    return n ? { x: x / n, y: y / n } : { x: 0, y: 0 };
  }

  /** The other ends of shown lines. @param {Spot} of */
  neighbours(of) {
    const found = new Set();
    for (const one of this.shown().lines) {
      if (one.a === of) found.add(one.b);
      if (one.b === of) found.add(one.a);
    }
    return found;
  }

  /** Radius by links here, and how parallel lines bend. */
  measure() {
    const degree = new Map();
    const pairs = new Map();
    for (const one of this.lines.values()) {
      degree.set(one.a, (degree.get(one.a) ?? 0) + 1);
      degree.set(one.b, (degree.get(one.b) ?? 0) + 1);
      const key = one.a.id < one.b.id ? `${one.a.id}\n${one.b.id}` : `${one.b.id}\n${one.a.id}`;
      const side = pairs.get(key) ?? [];
      side.push(one);
      pairs.set(key, side);
    }
    for (const side of pairs.values()) bend(side);
    for (const one of this.spots.values()) one.r = radius(one, degree.get(one) ?? 0);
  }
}

/** Parallel lines lie beside each other, each on its own side whichever way it runs. @param {Line[]} side */
function bend(side) {
  side.forEach((one, at) => {
    const offset = at - (side.length - 1) / 2;
    one.bend = offset * (one.a.id < one.b.id ? 1 : -1);
  });
}

/** @param {Spot} one @param {number} links */
function radius(one, links) {
  if (one.count) return Math.min(13 + 1.5 * Math.cbrt(one.count), 90);
  const grown = Math.min(9 + 2 * Math.log2(1 + links), 22);
  return one.phase === "actor" ? Math.max(grown, 13) : one.flags.includes("shared") ? Math.min(grown, 11) : grown;
}

/** @param {any} said @param {{x: number, y: number}} at @returns {Spot} */
function spot(said, at) {
  const bare = { phase: "", cluster: "", flags: [], degree: 0, country: "", origin: "", tlp: "" };
  return { ...bare, ...said, ...at, r: 10, pinned: false };
}

/** @param {any} said @param {Spot} a @param {Spot} b @returns {Line} */
function line(said, a, b) {
  const bare = { assessment: false, first: null, last: null, origins: 0, tlp: "", simulated: false, loose: false };
  return { ...bare, ...said, a, b, bend: 0, id: `${a.id}\n${said.property}\n${b.id}` };
}

/** Places on a sunflower's spiral: even, the same each time. @param {number} at @param {{x: number, y: number}} middle @param {number} wide */
function scattered(at, middle, wide) {
  const turn = at * 2.399963;
  const far = wide * Math.sqrt((at % 97) / 24 + 0.4);
  return { x: middle.x + far * Math.cos(turn), y: middle.y + far * Math.sin(turn) };
}
