// What is selected, pointed at, in the focus of the keyboard, and what a found path lights up.

/** @typedef {import("./types.js").Spot} Spot */
/** @typedef {import("./types.js").Line} Line */

export class Selection extends EventTarget {
  /** @param {import("./model.js").Model} model */
  constructor(model) {
    super();
    this.model = model;
    /** @type {Set<string>} */
    this.ids = new Set();
    /** @type {Spot | null} */
    this.hover = null;
    /** @type {Spot | null} */
    this.focus = null;
    /** @type {Line | null} */
    this.line = null;
    /** A path that is lit. @type {{spots: Set<Spot>, lines: Set<Line>} | null} */
    this.path = null;
    model.addEventListener("content", () => this.tidy());
  }

  /** @param {string} id */
  has(id) {
    return this.ids.has(id);
  }

  /** @returns {Spot[]} */
  spots() {
    return /** @type {Spot[]} */ ([...this.ids].map((id) => this.model.spots.get(id)).filter(Boolean));
  }

  /** @param {Iterable<string>} ids @param {boolean} [more] besides what is selected already */
  set(ids, more = false) {
    if (!more) this.ids.clear();
    for (const id of ids) this.ids.add(id);
    this.line = null;
    this.told();
  }

  /** @param {string} id */
  toggle(id) {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.line = null;
    this.told();
  }

  /** @param {Line} line */
  choose(line) {
    this.ids.clear();
    this.line = line;
    this.told();
  }

  /** @param {{spots: Set<Spot>, lines: Set<Line>} | null} path */
  light(path) {
    this.path = path;
    this.told();
  }

  clear() {
    this.path = null;
    this.set([]);
  }

  /** @param {Spot | null} one */
  point(one) {
    if (this.hover === one) return;
    this.hover = one;
    this.dispatchEvent(new Event("change"));
  }

  /** What stands out while all else fades; null while nothing does. */
  lit() {
    if (this.path) return this.path;
    if (this.line) return { spots: new Set([this.line.a, this.line.b]), lines: new Set([this.line]) };
    const chosen = new Set(this.spots());
    if (this.hover) chosen.add(this.hover);
    if (!chosen.size || chosen.size > 400) return null;
    const lines = new Set(this.model.shown().lines.filter((one) => chosen.has(one.a) || chosen.has(one.b)));
    const spots = new Set(chosen);
    for (const one of lines) spots.add(one.a).add(one.b);
    return { spots, lines };
  }

  tidy() {
    const { spots, hidden } = this.model;
    for (const id of this.ids) if (!spots.has(id) || hidden.has(id)) this.ids.delete(id);
    if (this.focus && !spots.has(this.focus.id)) this.focus = null;
    if (this.hover && !spots.has(this.hover.id)) this.hover = null;
    if (this.line && !this.model.lines.has(this.line.id)) this.line = null;
    if (this.path && [...this.path.spots].some((one) => !spots.has(one.id))) this.path = null;
    this.told();
  }

  told() {
    this.dispatchEvent(new Event("change"));
    this.dispatchEvent(new Event("chosen"));
  }
}
