// The panel beside the map: what is selected, what is known of it, and how to go on from there.
import { badge, belief, icon, make, value } from "./build.js";
import { counted, country, day, number, percent, publisher, say, visible } from "./words.js";

/** @typedef {import("./types.js").Spot} Spot */
/** @typedef {import("./types.js").Line} Line */

const SHOWN = 60;

/** By what a button is known again after the panel was written anew. @param {HTMLElement} one */
const keyOf = (one) => one.dataset.key ?? one.textContent ?? "";

/**
 * @typedef {object} Acts
 * @property {(one: Spot, branch: any) => void} expand
 * @property {(one: Spot) => void} open a bubble
 * @property {(ids: string[]) => void} hide
 * @property {(ids: string[]) => void} pin
 * @property {(one: Spot, two: Spot) => void} path
 * @property {(id: string) => void} choose
 * @property {(line: Line) => void} chooseLine
 * @property {(one: Spot) => Promise<any[]>} branches
 */

export class Panel {
  /** @param {HTMLElement} root @param {import("./model.js").Model} model @param {import("./select.js").Selection} selection @param {Acts} acts */
  constructor(root, model, selection, acts) {
    Object.assign(this, { root, model, selection, acts });
    this.root = root;
    this.model = model;
    this.selection = selection;
    this.acts = acts;
    this.turn = 0;
    /** What was in focus last. @type {string | undefined} */
    this.focused = "";
    selection.addEventListener("chosen", () => this.show());
    root.addEventListener("focusin", (event) => (this.focused = keyOf(/** @type {HTMLElement} */ (event.target))));
  }

  show() {
    this.turn += 1;
    const { line, path } = this.selection;
    const spots = this.selection.spots();
    if (path && this.evidence) return;
    this.evidence = null;
    if (line) this.fill(...this.ofLine(line));
    else if (spots.length === 1) this.fill(...(spots[0].count ? this.ofBubble(spots[0]) : this.ofSpot(spots[0])));
    else if (spots.length) this.fill(...this.ofMany(spots));
    else this.fill(...this.ofNothing());
    this.root.closest(".map")?.classList.toggle("chosen", Boolean(line || spots.length));
  }

  /** @param {(Node | null)[]} parts */
  fill(...parts) {
    const held = this.root.contains(document.activeElement);
    const wanted = this.focused;
    this.root.replaceChildren(...parts.filter((one) => one !== null));
    this.root.scrollTop = 0;
    if (held) this.refocus(wanted);
  }

  /** Whoever acts by keyboard goes on where they were, or from the top of the panel. @param {string | undefined} wanted */
  refocus(wanted) {
    const all = /** @type {NodeListOf<HTMLButtonElement>} */ (this.root.querySelectorAll("button:not(:disabled), a"));
    ([...all].find((one) => keyOf(one) === wanted) ?? this.root).focus({ preventScroll: true });
    this.focused = wanted;
  }

  /** Put the evidence of a path here until something else is selected. @param {Node[]} parts */
  tell(parts) {
    this.evidence = parts;
    this.fill(...parts);
    this.root.closest(".map")?.classList.add("chosen");
  }

  /** @param {Spot} one */
  ofSpot(one) {
    const turn = this.turn;
    const grow = make("div", { class: "grow" }, make("p", { class: "quiet", text: say("loading") }));
    this.acts.branches(one).then(
      (found) => {
        if (turn !== this.turn) return;
        grow.replaceChildren(...this.branches(one, found));
        if (document.activeElement === this.root) this.refocus(this.focused);
      },
      () => turn === this.turn && grow.replaceChildren(make("p", { class: "quiet", text: say("failed") })),
    );
    const facts = /** @type {string[][]} */ ([
      one.country && [say("country"), country(one.country)],
      one.origin && [say("publisher"), publisher(one.origin)],
      [say("links"), number(one.degree)],
      one.flags.length && [say("beware"), one.flags.map((flag) => say(`flag-${flag}`)).join(", ")],
    ].filter(Boolean));
    return [
      make("p", { class: "kind" }, icon(one.icon), " ", one.name, " ", badge(one.tlp)),
      make("h2", {}, value(visible(one.label))),
      this.buttons([one], make("a", { class: "button", href: `/entity?of=${encodeURIComponent(one.id)}` }, icon("file-text"), say("dossier"))),
      facts.length ? make("dl", { class: "facts" }, ...facts.flatMap(([name, text]) => [make("dt", { text: name }), make("dd", {}, make("bdi", { text }))])) : null,
      make("h3", { text: say("expand") }),
      grow,
      ...this.links([one]),
    ];
  }

  /** @param {Spot} one @param {any[]} found */
  branches(one, found) {
    if (!found.length) return [make("p", { class: "quiet", text: say("no-branches") })];
    const here = new Map();
    for (const line of this.model.lines.values()) {
      const side = line.a === one ? false : line.b === one ? true : null;
      if (side === null) continue;
      const key = `${line.property}|${line.property === "same-as" ? false : side}`;
      here.set(key, (here.get(key) ?? new Set()).add(side ? line.a.id : line.b.id));
    }
    const labels = found.map((branch) => branch.label);
    const twice = new Set(labels.filter((label, at) => labels.indexOf(label) !== at));
    return found.map((branch) => {
      const there = here.get(`${branch.property}|${branch.backward}`)?.size ?? 0;
      const rest = Math.max(0, branch.count - there);
      const act = () => this.acts.expand(one, branch);
      return make("button", { class: "branch", type: "button", "data-key": `${branch.property}|${branch.backward}`, disabled: !rest, onclick: act, title: Object.entries(branch.kinds).map(([kind, count]) => `${kind} ${number(Number(count))}`).join(", ") },
        make("span", { text: twice.has(branch.label) && branch.backward ? `${document.dir === "rtl" ? "→" : "←"} ${branch.label}` : branch.label }), make("span", { class: "figure", text: rest ? say("further", { count: number(rest) }) : say("all-shown") }));
    });
  }

  /** @param {Spot} one */
  ofBubble(one) {
    return [
      make("p", { class: "kind", text: say("part-of-map") }),
      make("h2", {}, value(visible(one.label))),
      make("p", { text: say("things", { count: number(one.count ?? 0) }) }),
      make("dl", { class: "facts" }, ...Object.entries(one.kinds ?? {}).flatMap(([name, count]) => [make("dt", { text: name }), make("dd", { class: "figure", text: number(count) })])),
      make("button", { class: "main", type: "button", onclick: () => this.acts.open(one) }, icon("expand"), say("open-part")),
    ];
  }

  /** @param {Spot[]} spots */
  ofMany(spots) {
    const two = spots.length === 2 && spots.every((one) => !one.count);
    const button = two ? make("button", { type: "button", class: "main", onclick: () => this.acts.path(spots[0], spots[1]) }, icon("route"), say("path-between")) : null;
    return [
      make("h2", { text: say("selected", { count: number(spots.length) }) }),
      this.buttons(spots, button),
      make("ul", { class: "chosen-list" }, ...spots.slice(0, SHOWN).map((one) => make("li", {}, this.link(one)))),
      spots.length > SHOWN ? make("p", { class: "quiet", text: say("more", { count: number(spots.length - SHOWN) }) }) : null,
      ...this.links(spots),
    ];
  }

  /** @param {Spot[]} spots @param {Node | null} [first] */
  buttons(spots, first = null) {
    const ids = spots.map((one) => one.id);
    const pinned = spots.every((one) => one.pinned);
    return make("div", { class: "buttons" }, first,
      make("button", { type: "button", "data-key": "pin", onclick: () => this.acts.pin(ids) }, icon(pinned ? "pin-off" : "pin"), say(pinned ? "unpin" : "pin")),
      make("button", { type: "button", onclick: () => this.acts.hide(ids) }, icon("eye-off"), say("hide")));
  }

  /** The lines of what is selected. @param {Spot[]} spots */
  links(spots) {
    const chosen = new Set(spots);
    const lines = this.model.shown().lines.filter((one) => (spots.length > 1 ? chosen.has(one.a) && chosen.has(one.b) : chosen.has(one.a) || chosen.has(one.b)));
    if (!lines.length) return [];
    lines.sort((a, b) => b.belief - a.belief);
    return [
      make("h3", { text: say("links-here", { count: number(lines.length) }) }),
      make("ul", { class: "lines" }, ...lines.slice(0, SHOWN).map((one) => make("li", {}, this.sentence(one)))),
      lines.length > SHOWN ? make("p", { class: "quiet", text: say("more", { count: number(lines.length - SHOWN) }) }) : null,
    ];
  }

  /** @param {Line} one */
  sentence(one) {
    return make("button", { type: "button", class: "sentence", onclick: () => this.acts.chooseLine(one) },
      value(visible(one.a.label)), " ", make("span", { class: "said", text: one.label }), " ", value(visible(one.b.label)),
      one.count ? null : belief(one.belief, one.word, percent(one.belief)), badge(one.tlp));
  }

  /** @param {Line} one */
  ofLine(one) {
    const days = one.first === null && one.last === null ? say("undated") : `${one.first === null ? "…" : day(one.first)} – ${one.last === null ? "…" : day(one.last - 1)}`;
    return [
      make("p", { class: "kind" }, say(one.assessment ? "assessment" : "statement"), " ", badge(one.tlp)),
      make("h2", {}, this.link(one.a), " ", make("span", { class: "said", text: one.label }), " ", this.link(one.b)),
      make("dl", { class: "facts" },
        make("dt", { text: say("belief") }), make("dd", {}, belief(one.belief, one.word, percent(one.belief))),
        make("dt", { text: say("verdict") }), make("dd", { text: say(`verdict-${one.verdict}`) + (one.simulated ? ` (${say("simulated")})` : "") }),
        make("dt", { text: say("observed") }), make("dd", { text: days }),
        make("dt", { text: say("publishers") }), make("dd", { text: number(one.origins) })),
      one.loose ? make("p", { class: "notice", text: say("loose") }) : null,
      make("div", { class: "buttons" }, make("a", { class: "button", href: `/entity?of=${encodeURIComponent(one.a.id)}` }, icon("file-text"), say("evidence"))),
    ];
  }

  ofNothing() {
    const hidden = this.model.hidden.size;
    return [
      make("h2", { text: say("nothing-selected") }),
      make("p", { text: counted(this.model.shown()) }),
      hidden ? make("button", { type: "button", onclick: () => this.acts.hide([]) }, icon("eye"), say("show-hidden", { count: number(hidden) })) : null,
      make("h3", { text: say("how") }),
      make("ul", { class: "quiet" }, ...["how-select", "how-lasso", "how-expand", "how-path", "how-keys"].map((name) => make("li", { text: say(name) }))),
    ];
  }

  /** @param {Spot} one */
  link(one) {
    return make("button", { type: "button", class: "thing", onclick: () => this.acts.choose(one.id) }, icon(one.icon), " ", value(visible(one.label)));
  }
}
