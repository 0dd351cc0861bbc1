// The map by keyboard alone: walk from thing to thing along lines or across the map, and act on them.

/** @typedef {import("./types.js").Spot} Spot */

/** @param {Spot[]} spots @param {Spot | null} from @param {[number, number]} way */
export function next(spots, from, way) {
  if (!from) return [...spots].sort((a, b) => b.r - a.r)[0] ?? null;
  let [best, least] = [/** @type {Spot | null} */ (null), Infinity];
  for (const one of spots) {
    const [dx, dy] = [one.x - from.x, one.y - from.y];
    const ahead = dx * way[0] + dy * way[1];
    const aside = Math.abs(dx * way[1] - dy * way[0]);
    if (one === from || ahead <= 0 || aside > ahead * 1.6) continue;
    const far = ahead + 2 * aside;
    if (far < least) [best, least] = [one, far];
  }
  return best;
}

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {HTMLElement} root of the map
 * @param {HTMLCanvasElement} canvas
 * @param {any} desk
 */
export function keyboard(root, canvas, desk) {
  const { selection, moves, model, undo } = desk;

  canvas.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (way && event.altKey) moves.pan(-80 * way[0], -80 * way[1]);
    else if (way) walk(way);
    else if (event.key === "Enter" && selection.focus) desk.open(selection.focus);
    else if (event.key === " " && selection.focus) event.ctrlKey || event.shiftKey ? selection.toggle(selection.focus.id) : choose(selection.focus);
    else if (event.key === "+" || event.key === "=") moves.by(1.3);
    else if (event.key === "-") moves.by(1 / 1.3);
    else if (event.key === "0") moves.fit();
    else return;
    event.preventDefault();
  });

  /** @param {[number, number]} way */
  function walk(way) {
    const found = next(model.shown().spots, selection.focus, way);
    if (!found) return;
    selection.focus = found;
    moves.reveal(found);
    selection.point(found);
    desk.speak(found);
    selection.told();
  }

  /** @param {Spot} one */
  function choose(one) {
    selection.path = null;
    selection.set([one.id]);
  }

  canvas.addEventListener("focus", () => {
    if (!selection.focus) selection.focus = selection.spots()[0] ?? next(model.shown().spots, null, [0, 0]);
    if (selection.focus) desk.speak(selection.focus);
    desk.view.again();
  });
  canvas.addEventListener("blur", () => desk.view.again());

  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("input, textarea, select, dialog") || !(root.contains(target) || target === document.body)) return;
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && key === "z") event.shiftKey ? undo.redo() : undo.undo();
    else if (command && key === "y") undo.redo();
    else if (command && key === "a") selection.set(model.shown().spots.map((/** @type {Spot} */ one) => one.id));
    else if (command) return;
    else if (key === "delete" || key === "h") desk.hide([...selection.ids]);
    else if (key === "p") desk.pin([...selection.ids]);
    else if (key === "escape") selection.clear();
    else if (key === "f") moves.fit(selection.ids.size ? selection.spots() : undefined);
    else if (key === "t") desk.toggleTable();
    else if (key === "l") desk.toggleLasso();
    else return;
    event.preventDefault();
  });
}
