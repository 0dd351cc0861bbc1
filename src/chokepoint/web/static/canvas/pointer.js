// What the pointer does: select, take by the hand, draw a loop, open.

/** @typedef {import("./types.js").Spot} Spot */

/**
 * @param {{view: import("./view.js").View, pick: import("./pick.js").Pick, selection: import("./select.js").Selection, lasso: import("./lasso.js").Lasso,
 *   undo: import("./undo.js").Undo, model: import("./model.js").Model, layout: import("./layout.js").Layout, open: (one: Spot) => void, tip: HTMLElement, lassoOn: () => boolean}} desk
 */
export function pointer(desk) {
  const { view, selection, lasso } = desk;
  const canvas = view.canvas;
  /** @type {{one: Spot, x: number, y: number, moved: boolean} | null} */
  let held = null;
  /** @type {{x: number, y: number} | null} */
  let pressed = null;

  const at = (/** @type {PointerEvent | MouseEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const under = (/** @type {{x: number, y: number}} */ point, slack = 4) => desk.pick.spot(view.toMap(point.x, point.y), slack / view.transform.k);

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const point = at(event);
    pressed = point;
    if (desk.lassoOn() || event.shiftKey) {
      lasso.start(point.x, point.y);
      canvas.setPointerCapture(event.pointerId);
      return;
    }
    const one = under(point, event.pointerType === "touch" ? 12 : 4);
    if (one) {
      held = { one, ...view.toMap(point.x, point.y), moved: false };
      canvas.setPointerCapture(event.pointerId);
    }
  });

  canvas.addEventListener("pointermove", (event) => {
    const point = at(event);
    if (lasso.active) return lasso.move(point.x, point.y);
    if (held) return drag(point);
    if (event.pointerType === "touch") return;
    const one = under(point);
    selection.point(one);
    canvas.classList.toggle("over", Boolean(one));
  });

  /** @param {{x: number, y: number}} point */
  function drag(point) {
    if (!held) return;
    const to = view.toMap(point.x, point.y);
    if (!held.moved) {
      if (Math.hypot(to.x - held.x, to.y - held.y) * view.transform.k < 5) return;
      desk.undo.keep();
      desk.layout.stop();
      held.moved = true;
    }
    const group = selection.has(held.one.id) ? selection.spots() : [held.one];
    for (const one of group) Object.assign(one, { x: one.x + to.x - held.x, y: one.y + to.y - held.y, pinned: true });
    Object.assign(held, to);
    desk.model.moved();
  }

  canvas.addEventListener("pointerup", (event) => {
    const point = at(event);
    const near = pressed && Math.hypot(point.x - pressed.x, point.y - pressed.y) < 6;
    pressed = null;
    if (lasso.active) {
      if (lasso.points.length > 3) return lasso.end(event.ctrlKey || event.metaKey);
      lasso.end(true);
    }
    const was = held;
    held = null;
    if (was?.moved || !near) return;
    choose(point, event);
  });

  /** @param {{x: number, y: number}} point @param {PointerEvent} event */
  function choose(point, event) {
    const one = under(point, event.pointerType === "touch" ? 14 : 4);
    if (one) {
      selection.focus = one;
      if (event.ctrlKey || event.metaKey || event.shiftKey) selection.toggle(one.id);
      else {
        selection.path = null;
        selection.set([one.id]);
      }
      return;
    }
    const line = desk.pick.line(view.toMap(point.x, point.y), 6 / view.transform.k);
    if (line && !line.count) selection.choose(line);
    else if (!event.ctrlKey && !event.shiftKey) selection.clear();
  }

  canvas.addEventListener("pointercancel", () => (held = pressed = null));
  canvas.addEventListener("pointerleave", () => selection.point(null));
  canvas.addEventListener("dblclick", (event) => {
    const one = under(at(event));
    if (one) desk.open(one);
  });
  /** Whether a gesture is free to move the map. */
  return (/** @type {any} */ event) => {
    if (desk.lassoOn() || event.shiftKey) return false;
    const touches = event.touches;
    if (touches && touches.length > 1) return true;
    const touch = touches ? touches[0] : event;
    return !under(at(touch), touches ? 12 : 4);
  };
}
