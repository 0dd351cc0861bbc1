// The timeline under the map: how much was seen when; two handles filter, a button plays.
import { drawn } from "./build.js";
import { extent, within } from "./filter.js";
import { calm } from "./theme.js";
import { day, say } from "./words.js";

const BARS = 96;
const STEP = 60;

export class Timeline {
  /** @param {HTMLElement} root @param {import("./model.js").Model} model */
  constructor(root, model) {
    this.model = model;
    this.root = root;
    const find = (/** @type {string} */ name) => /** @type {any} */ (root.querySelector(`[data-${name}]`));
    this.from = find("from");
    this.to = find("to");
    this.bars = find("bars");
    this.said = find("said");
    this.play = find("play");
    /** @type {[number, number] | null} */
    this.range = null;
    this.timer = 0;
    for (const handle of [this.from, this.to]) handle.addEventListener("input", () => this.brush(handle));
    this.play.addEventListener("click", () => this.toggle());
    model.addEventListener("content", () => this.measure());
    this.measure();
  }

  /** Take the days from the lines; what is shown stays as it was as far as it can. */
  measure() {
    this.range = extent(this.model.lines.values());
    const empty = !this.range || this.range[1] - this.range[0] < 2;
    this.root.classList.toggle("empty", empty);
    for (const one of [this.from, this.to, this.play]) one.disabled = empty;
    if (!this.range || empty) {
      this.said.textContent = this.range ? day(this.range[0]) : say("no-days");
      this.bars.replaceChildren();
      return;
    }
    const [low, high] = this.range;
    for (const one of [this.from, this.to]) Object.assign(one, { min: String(low), max: String(high) });
    this.from.value = String(this.model.interval ? Math.max(low, this.model.interval[0]) : low);
    this.to.value = String(this.model.interval ? Math.min(high, this.model.interval[1]) : high);
    this.draw();
  }

  /** @param {HTMLInputElement} handle */
  brush(handle) {
    if (!this.range) return;
    let [from, to] = [Number(this.from.value), Number(this.to.value)];
    if (from > to) [from, to] = handle === this.from ? [to, to] : [from, from];
    this.from.value = String(from);
    this.to.value = String(to);
    const all = from <= this.range[0] && to >= this.range[1];
    this.model.interval = all ? null : [from, to];
    this.model.changed();
    this.draw();
  }

  draw() {
    if (!this.range) return;
    const [low, high] = this.range;
    const counts = new Array(BARS).fill(0);
    const slot = (/** @type {number} */ at) => Math.min(BARS - 1, Math.floor(((at - low) / (high - low + 1)) * BARS));
    for (const one of this.model.lines.values()) {
      const [first, last] = [one.first ?? one.last, one.last ?? one.first];
      if (first === null || last === null) continue;
      for (let bar = slot(first); bar <= slot(Math.max(first, last - 1)); bar++) counts[bar] += 1;
    }
    const most = Math.max(...counts, 1);
    const [from, to] = [Number(this.from.value), Number(this.to.value)];
    this.bars.replaceChildren(...counts.map((count, at) => {
      const tall = count ? 3 + 33 * Math.sqrt(count / most) : 1;
      const start = low + (at / BARS) * (high - low + 1);
      const kept = start + (high - low + 1) / BARS > from && start <= to;
      return drawn("rect", { x: at * 10 + 1, width: 8, y: 36 - tall, height: tall, rx: 1.5, class: kept ? "kept" : "left" });
    }));
    const undated = [...this.model.lines.values()].some((one) => one.first === null && one.last === null && within(one, [from, to]));
    this.said.textContent = `${day(from)} – ${day(to)}${undated ? ` · ${say("undated-stay")}` : ""}`;
    for (const one of [this.from, this.to]) one.setAttribute("aria-valuetext", day(Number(one.value)));
  }

  toggle() {
    if (this.timer) return this.stop();
    if (!this.range) return;
    const [low, high] = this.range;
    const wide = Number(this.to.value) - Number(this.from.value);
    const span = wide >= high - low ? Math.max(30, (high - low) / 12) : wide;
    let at = low;
    this.mark(true);
    const step = () => {
      this.from.value = String(Math.round(at));
      this.to.value = String(Math.round(Math.min(high, at + span)));
      this.brush(this.to);
      at += Math.max(1, (high - low) / STEP);
      if (at + span > high + (high - low) / STEP) this.stop();
    };
    step();
    this.timer = window.setInterval(step, calm() ? 900 : 220);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.mark(false);
  }

  /** @param {boolean} playing */
  mark(playing) {
    this.play.setAttribute("aria-pressed", String(playing));
    this.play.setAttribute("aria-label", say(playing ? "pause" : "play"));
  }
}
