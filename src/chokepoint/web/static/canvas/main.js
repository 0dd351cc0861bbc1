// The map page: puts the parts together. One function a concern; the parts know nothing of each other's place.
import * as api from "./api.js";
import { forgetSprites } from "./draw-node.js";
import { exportAs } from "./export.js";
import { keyboard } from "./keyboard.js";
import { Lasso } from "./lasso.js";
import { Layout } from "./layout.js";
import { Model } from "./model.js";
import { asPiece, openBubble } from "./overview.js";
import { Panel } from "./panel.js";
import { showPath } from "./path.js";
import { Pick } from "./pick.js";
import { pointer } from "./pointer.js";
import { savedViews } from "./saved.js";
import { Selection } from "./select.js";
import { Table } from "./table.js";
import { onLook } from "./theme.js";
import { Timeline } from "./timeline.js";
import { toolbar } from "./toolbar.js";
import { Undo } from "./undo.js";
import { View } from "./view.js";
import { learn, number, say, visible } from "./words.js";
import { Moves } from "./zoom.js";

/** @typedef {import("./types.js").Spot} Spot */

const NEAR = 170;

/** @param {HTMLElement} root */
export function openMap(root) {
  learn(JSON.parse(root.dataset.words ?? "{}"), document.documentElement.lang);
  api.useToken(root.dataset.token ?? "");
  const find = (/** @type {string} */ name) => /** @type {any} */ (root.querySelector(`[data-part="${name}"]`));
  const model = new Model();
  const undo = new Undo(model);
  const selection = new Selection(model);
  const canvas = /** @type {HTMLCanvasElement} */ (find("canvas"));
  onLook(root, () => {
    forgetSprites();
    view?.again();
    if (matchMedia("print").matches) view?.frame(); // a printer does not wait for the next frame
  });
  /** @type {View} */
  const view = new View(canvas, model, selection);
  const lasso = new Lasso(view, selection);
  const pick = new Pick(model);
  const state = { lasso: false, busy: 0 };
  /** @type {(event: any) => boolean} */
  let mayPan = () => true;
  const moves = new Moves(view, (event) => mayPan(event));
  const layout = new Layout(model, view, moves);

  let fading = 0;
  const tell = (/** @type {string} */ text) => {
    find("status").textContent = text;
    clearTimeout(fading);
    fading = window.setTimeout(() => (find("status").textContent = ""), 7000);
  };
  const speak = (/** @type {Spot} */ one) => {
    const near = model.neighbours(one).size;
    find("spoken").textContent = `${one.name} ${visible(one.label)}, ${say("head-links")} ${number(near)}`;
  };

  /** Say that something is under way, and what came of it. @template T @param {() => Promise<T>} work */
  async function busy(work) {
    state.busy += 1;
    root.classList.add("busy");
    try {
      return await work();
    } catch (error) {
      tell(/** @type {Error} */ (error).message || say("failed"));
      return null;
    } finally {
      state.busy -= 1;
      root.classList.toggle("busy", state.busy > 0);
    }
  }

  /** Let new things find their places while the others stay about where they are. @param {Spot[]} fresh */
  const settle = (fresh) => {
    if (fresh.length) layout.arrange({ gentle: model.layout === "force" });
  };

  const desk = {
    root, model, undo, selection, view, lasso, pick, moves, layout, tell, speak, busy,
    lassoOn: () => state.lasso,
    toggleLasso: () => {
      state.lasso = !state.lasso;
      root.classList.toggle("looping", state.lasso);
      find("lasso").setAttribute("aria-pressed", String(state.lasso));
    },
    toggleTable: () => {
      const table = find("table");
      table.hidden = !table.hidden;
      root.classList.toggle("tabled", !table.hidden);
      find("as-table").setAttribute("aria-pressed", String(!table.hidden));
      if (!table.hidden) tables.show();
    },
    hide: (/** @type {string[]} */ ids) => {
      undo.keep();
      if (ids.length) model.hide(ids);
      else model.showAll();
    },
    pin: (/** @type {string[]} */ ids) => {
      const spots = ids.map((id) => model.spots.get(id)).filter((one) => one !== undefined);
      if (!spots.length) return;
      undo.keep();
      const to = !spots.every((one) => one.pinned);
      for (const one of spots) one.pinned = to;
      model.moved();
      panel.show();
    },
    choose: (/** @type {string} */ id) => {
      const one = model.spots.get(id);
      if (!one) return;
      selection.path = null;
      selection.focus = one;
      selection.set([id]);
      moves.reveal(one);
    },
    chooseLine: (/** @type {any} */ line) => selection.choose(line),
    branches: (/** @type {Spot} */ one) => api.branches(one.id),
    expand: (/** @type {Spot} */ one, /** @type {any} */ branch) => busy(async () => {
      const beside = [...model.spots.values()].filter((each) => !each.count).map((each) => each.id);
      const told = await api.expand({ name: one.id, property: branch.property, backward: branch.backward, beside, most: 40 });
      undo.keep();
      const fresh = model.merge(told, one);
      tell(say("came", { count: number(fresh.length) }));
      settle(fresh);
    }),
    open: (/** @type {Spot} */ one) => busy(async () => {
      if (!one.count) return desk.choose(one.id);
      undo.keep();
      const fresh = await openBubble(model, one);
      if (!fresh.some((each) => each.count)) tell(say("came", { count: number(fresh.length) }));
      settle(fresh);
      setTimeout(() => moves.fit(fresh), 700);
      return undefined;
    }),
    path: (/** @type {Spot} */ one, /** @type {Spot} */ two) => busy(() => showPath(one, two, { model, selection, panel, settle })),
    exportAs: (/** @type {string} */ form) => busy(async () => tell(await exportAs(form, view, find("export-label").value))),
    fit: () => moves.fit(),
    atRest: () => layout.still && !state.busy,
    /** @param {any} told a kept view */
    show: (told) => {
      undo.keep();
      model.clear();
      model.layout = told.about.layout;
      const at = new Map(told.places.map((/** @type {any} */ one) => [one.id, one]));
      model.merge(told.piece);
      for (const one of model.spots.values()) {
        const place = at.get(one.id);
        if (place) Object.assign(one, { x: place.x / 10, y: place.y / 10, pinned: Boolean(place.pinned) });
      }
      model.changed(true);
      moves.fit(undefined, false);
      tools.tell();
    },
  };

  const panel = new Panel(find("panel"), model, selection, desk);
  const tables = new Table(find("table"), model, selection, desk.choose);
  const timeline = new Timeline(find("timeline"), model);
  const keep = savedViews(find("views"), model, { open: desk.show, tell });
  const tools = toolbar(root, { ...desk, keep });
  mayPan = pointer({ ...desk, tip: find("spoken") });
  keyboard(root, canvas, desk);
  openWhereOneLooks(desk);
  begin(desk, root.dataset).then(() => panel.show());
  return { ...desk, panel, tables, timeline };
}

/** Begin with a thing that the page brought along, a kept view, or the whole map. @param {any} desk @param {DOMStringMap} given */
function begin(desk, { of = "", view = "", piece: told = "" }) {
  return desk.busy(async () => {
    if (view) return desk.show(await api.openView(view));
    if (of && !told) return desk.tell(say("unknown-thing"));
    const piece = of ? JSON.parse(told) : asPiece(await api.overview([]));
    desk.model.merge(piece);
    if (of && piece.nodes[0] && desk.root.clientWidth > 700) desk.selection.set([piece.nodes[0].id]);
    if (piece.left_out) desk.tell(say("left-out", { count: number(piece.left_out) }));
    desk.layout.arrange();
  });
}

/** A bubble opens when one has come so near that it fills the middle of the picture. @param {any} desk */
function openWhereOneLooks(desk) {
  const { view, model } = desk;
  let waiting = 0;
  let opening = false;
  view.canvas.addEventListener("wheel", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(async () => {
      if (opening) return;
      const middle = view.toMap(view.wide / 2, view.high / 2);
      const near = model.shown().spots.find((/** @type {Spot} */ one) => one.count && one.r * view.transform.k > NEAR &&
        Math.hypot(one.x - middle.x, one.y - middle.y) < one.r);
      if (!near) return;
      opening = true;
      await desk.open(near);
      opening = false;
    }, 260);
  }, { passive: true });
}

const root = document.querySelector(".map[data-words]");
if (root) Object.assign(window, { map: openMap(/** @type {HTMLElement} */ (root)) });
