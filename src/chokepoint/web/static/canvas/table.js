// Everything on the map as tables: for keyboards, screen readers and spreadsheets.
import { badge, belief, make, value } from "./build.js";
import { country, day, iso, number, percent, publisher, say, visible } from "./words.js";

/** @typedef {import("./types.js").Spot} Spot */
/** @typedef {import("./types.js").Line} Line */

const MOST = 500;

export class Table {
  /** @param {HTMLElement} root @param {import("./model.js").Model} model @param {import("./select.js").Selection} selection @param {(id: string) => void} choose */
  constructor(root, model, selection, choose) {
    this.root = root;
    this.model = model;
    this.selection = selection;
    this.choose = choose;
    this.most = MOST;
    model.addEventListener("change", () => this.open() && this.later());
    selection.addEventListener("chosen", () => this.open() && this.mark());
  }

  open() {
    return !this.root.hidden;
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), 150);
  }

  show() {
    const { spots, lines } = this.model.shown();
    const chosen = this.selection.ids.size ? new Set(this.selection.spots()) : null;
    const kept = chosen ? lines.filter((one) => chosen.has(one.a) || chosen.has(one.b)) : lines;
    this.root.replaceChildren(
      make("div", { class: "buttons" },
        make("button", { type: "button", onclick: (/** @type {any} */ event) => this.copy(event, things(spots)) }, say("copy-things")),
        make("button", { type: "button", onclick: (/** @type {any} */ event) => this.copy(event, links(kept)) }, say("copy-links"))),
      make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": say("things-table") }, this.spotTable(spots)),
      make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": say("links-table") }, this.lineTable(kept)));
  }

  /** @param {Spot[]} spots */
  spotTable(spots) {
    const sorted = [...spots].sort((a, b) => b.degree - a.degree || (a.label < b.label ? -1 : 1));
    return grid(`${say("things-table")} (${number(spots.length)})`, ["thing", "kind", "role", "links", "country", "publisher", "marking"],
      sorted.slice(0, this.most).map((one) => make("tr", { "data-id": one.id, class: this.selection.has(one.id) ? "chosen" : null },
        make("th", { scope: "row" }, make("button", { type: "button", class: "thing", "aria-pressed": String(this.selection.has(one.id)), onclick: (/** @type {MouseEvent} */ event) => this.pick(one.id, event) }, value(visible(one.label)))),
        make("td", { text: one.name }), make("td", { text: one.phase ? say(`phase-${one.phase}`) : "" }),
        make("td", { class: "figure", text: number(one.count ?? one.degree) }),
        make("td", { text: one.country && country(one.country) }), make("td", {}, make("bdi", { text: one.origin && publisher(one.origin) })), make("td", { text: one.tlp }))), spots.length - this.most);
  }

  /** @param {Line[]} lines */
  lineTable(lines) {
    const sorted = [...lines].sort((a, b) => b.belief - a.belief || (a.id < b.id ? -1 : 1));
    return grid(`${say("links-table")} (${number(lines.length)})`, ["from", "link", "to", "belief", "verdict", "first", "last", "marking"],
      sorted.slice(0, this.most).map((one) => make("tr", {},
        make("th", { scope: "row" }, value(visible(one.a.label))), make("td", { text: one.label }), make("td", {}, value(visible(one.b.label))),
        make("td", {}, one.count ? number(one.count) : belief(one.belief, one.word, percent(one.belief))),
        make("td", { text: one.count ? "" : say(`verdict-${one.verdict}`) }),
        make("td", { text: one.first === null ? "" : day(one.first) }), make("td", { text: one.last === null ? "" : day(one.last - 1) }), make("td", {}, badge(one.tlp) ?? one.tlp))), lines.length - this.most);
  }

  /** With Control one more, as on the canvas: a path needs two. @param {string} id @param {MouseEvent} event */
  pick(id, event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) this.selection.toggle(id);
    else this.choose(id);
  }

  mark() {
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll("tr[data-id]"))) {
      const chosen = this.selection.has(row.dataset.id ?? "");
      row.classList.toggle("chosen", chosen);
      row.querySelector("button")?.setAttribute("aria-pressed", String(chosen));
    }
  }

  /** @param {any} event @param {string} text */
  async copy(event, text) {
    const button = event.currentTarget;
    await navigator.clipboard.writeText(text);
    button.textContent = say("copied");
  }
}

/** @param {string} caption @param {string[]} heads @param {Node[]} rows @param {number} rest */
function grid(caption, heads, rows, rest) {
  return make("table", {}, make("caption", { text: caption + (rest > 0 ? `, ${say("first-rows", { count: number(rows.length) })}` : "") }),
    make("thead", {}, make("tr", {}, ...heads.map((name) => make("th", { scope: "col", class: name === "links" ? "figure" : null, text: say(`head-${name}`) })))),
    make("tbody", {}, ...rows));
}

/**
 * Tab-separated values as spreadsheets take them: no cell is taken for a formula or broken by its text.
 * @param {(string | number)[][]} rows
 */
export function tsv(rows) {
  return rows.map((row) => row.map(cell).join("\t")).join("\n");
}

/** @param {string | number} given */
function cell(given) {
  if (typeof given === "number") return String(given);
  const text = visible(given).replace(/\s/g, " ");
  return /^[=+\-@]/.test(text) ? `'${text}` : text;
}

/** @param {Spot[]} spots */
export const things = (spots) => tsv([["thing", "kind", "role", "links", "country", "publisher", "marking"].map((name) => say(`head-${name}`)),
  ...spots.map((one) => [one.label, one.name, one.phase && say(`phase-${one.phase}`), one.degree, one.country, one.origin && publisher(one.origin), one.tlp])]);

/** @param {Line[]} lines */
export const links = (lines) => tsv([["from", "link", "to", "belief", "verdict", "first", "last", "marking"].map((name) => say(`head-${name}`)),
  ...lines.map((one) => [one.a.label, one.label, one.b.label, one.belief, say(`verdict-${one.verdict}`), iso(one.first), one.last === null ? "" : iso(one.last - 1), one.tlp])]);
