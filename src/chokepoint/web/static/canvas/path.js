// The best path between two things: lit on the map, its evidence beside it.
import * as api from "./api.js";
import { badge, belief, icon, make, value } from "./build.js";
import { likely, percent, publisher, say, short, visible } from "./words.js";

/** @typedef {import("./types.js").Spot} Spot */

/**
 * @param {Spot} one
 * @param {Spot} two
 * @param {{model: import("./model.js").Model, selection: import("./select.js").Selection, panel: import("./panel.js").Panel, settle: (fresh: Spot[]) => void}} desk
 */
export async function showPath(one, two, desk) {
  const found = await api.connect(one.id, two.id);
  const head = make("h2", {}, value(visible(one.label)), " → ", value(visible(two.label)));
  if (!found.paths.length) {
    desk.panel.tell([head, make("p", { text: say("no-path") })]);
    return;
  }
  const show = (/** @type {number} */ at) => light(found.paths[at], desk);
  const parts = found.paths.map((/** @type {any} */ route, /** @type {number} */ at) => told(route, at, show));
  await show(0);
  desk.panel.tell([head, ...parts]);
}

/** Bring the things of a path onto the map and light it. @param {any} route @param {any} desk */
async function light(route, desk) {
  const { model, selection } = desk;
  const ids = [name(route.hops[0].from), ...route.hops.map((/** @type {any} */ hop) => name(hop.to))];
  if (ids.some((id) => !model.spots.has(id) || model.hidden.has(id))) {
    const there = [...model.spots.keys()].filter((id) => !id.startsWith("part:"));
    const fresh = model.merge(await api.piece([...new Set([...ids, ...there])]), model.spots.get(ids[0]));
    if (fresh.length) desk.settle(fresh);
  }
  const steps = new Set(route.hops.map((/** @type {any} */ hop) => hop.property === "same-as" ? "" : hop.forward ? `${name(hop.from)}\n${hop.property}\n${name(hop.to)}` : `${name(hop.to)}\n${hop.property}\n${name(hop.from)}`));
  const pairs = new Set(route.hops.filter((/** @type {any} */ hop) => hop.property === "same-as").flatMap((/** @type {any} */ hop) => [`${name(hop.from)}\n${name(hop.to)}`, `${name(hop.to)}\n${name(hop.from)}`]));
  const lines = [...model.lines.values()].filter((line) => steps.has(line.id) || (line.property === "same-as" && pairs.has(`${line.a.id}\n${line.b.id}`)));
  selection.light({ spots: new Set(ids.map((id) => model.spots.get(id)).filter(Boolean)), lines: new Set(lines) });
}

/** @param {{kind: string, value: string}} entity */
const name = (entity) => `${entity.kind}:${entity.value}`;

/** @param {any} route @param {number} at @param {(at: number) => void} show */
function told(route, at, show) {
  return make("section", { class: "route" },
    make("h3", {}, make("button", { type: "button", class: "sentence", onclick: () => show(at) }, icon("route"), " ", say("path-number", { number: at + 1 }), " ", belief(route.belief, likely(route.belief), percent(route.belief)))),
    make("p", { class: "quiet", text: route.single_source ? say("single-source") : say("sources", { count: route.origins.length }) }),
    ...route.warnings.map((/** @type {string} */ words) => make("p", { class: "notice", text: visible(words) })),
    make("ol", { class: "hops" }, ...route.hops.map(step)));
}

/** @param {any} hop */
function step(hop) {
  return make("li", {},
    value(visible(hop.from.shown)), " ", make("span", { class: "said", text: hop.label }), " ", value(visible(hop.to.shown)),
    make("div", { class: "quiet" }, belief(hop.belief, likely(hop.belief), percent(hop.belief)), badge(hop.tlp ?? ""),
      ...hop.evidence.slice(0, 3).map((/** @type {any} */ one) => make("div", {}, make("bdi", { text: short(`${publisher(one.origin)}, ${one.source.path} ${one.source.place}`, 84) })))));
}
