// Undo and redo: the whole state of the canvas before each step, as far as a person changed it.

const MOST = 60;

/** @typedef {{spots: Map<string, any>, lines: Map<string, any>, hidden: Set<string>, at: Map<string, number[]>, layout: string, grouping: string}} Memento */

export class Undo extends EventTarget {
  /** @param {import("./model.js").Model} model */
  constructor(model) {
    super();
    this.model = model;
    /** @type {Memento[]} */
    this.past = [];
    /** @type {Memento[]} */
    this.future = [];
  }

  /** To be called before a step. */
  keep() {
    this.past.push(this.memento());
    if (this.past.length > MOST) this.past.shift();
    this.future.length = 0;
    this.dispatchEvent(new Event("change"));
  }

  undo() {
    this.step(this.past, this.future);
  }

  redo() {
    this.step(this.future, this.past);
  }

  /** @param {Memento[]} from @param {Memento[]} to */
  step(from, to) {
    const wanted = from.pop();
    if (!wanted) return;
    to.push(this.memento());
    this.restore(wanted);
    this.dispatchEvent(new Event("change"));
  }

  /** @returns {Memento} */
  memento() {
    const { spots, lines, hidden, layout, grouping } = this.model;
    const at = new Map();
    for (const one of spots.values()) at.set(one.id, [one.x, one.y, Number(one.pinned)]);
    return { spots: new Map(spots), lines: new Map(lines), hidden: new Set(hidden), at, layout, grouping };
  }

  /** @param {Memento} wanted */
  restore(wanted) {
    const model = this.model;
    Object.assign(model, { layout: wanted.layout, grouping: wanted.grouping, hidden: new Set(wanted.hidden) });
    model.spots = new Map(wanted.spots);
    model.lines = new Map(wanted.lines);
    for (const one of model.spots.values()) {
      const [x, y, pinned] = wanted.at.get(one.id) ?? [one.x, one.y, 0];
      Object.assign(one, { x, y, pinned: Boolean(pinned) });
    }
    model.measure();
    model.changed(true);
  }
}
