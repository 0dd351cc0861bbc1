// The row of tools over the map: each button says what it does and whether it can.
import { counted, say } from "./words.js";

/** @param {HTMLElement} root @param {any} desk */
export function toolbar(root, desk) {
  const find = (/** @type {string} */ name) => /** @type {any} */ (root.querySelector(`[data-part="${name}"]`));
  const { model, undo, selection } = desk;
  /** @type {Record<string, () => void>} */
  const acts = {
    undo: () => undo.undo(),
    redo: () => undo.redo(),
    fit: desk.fit,
    lasso: desk.toggleLasso,
    "as-table": desk.toggleTable,
    near: () => desk.moves.by(1.4),
    far: () => desk.moves.by(1 / 1.4),
    "hide-chosen": () => desk.hide([...selection.ids]),
    "pin-chosen": () => desk.pin([...selection.ids]),
    "path-chosen": () => desk.path(...selection.spots().slice(0, 2)),
    "keep-view": () => desk.keep(),
  };
  for (const [name, act] of Object.entries(acts)) find(name).addEventListener("click", act);
  for (const one of root.querySelectorAll("[data-export]")) {
    one.addEventListener("click", () => {
      desk.exportAs(/** @type {HTMLElement} */ (one).dataset.export);
      one.closest("details")?.removeAttribute("open");
    });
  }
  for (const one of root.querySelectorAll("[data-close]")) one.addEventListener("click", () => one.closest("dialog")?.close());

  find("layout").addEventListener("change", () => {
    const wanted = find("layout").value;
    undo.keep();
    model.layout = wanted;
    tell();
    desk.layout.arrange();
  });
  find("grouping").addEventListener("change", () => {
    const wanted = find("grouping").value;
    undo.keep();
    model.grouping = wanted;
    tell();
    model.moved();
    if (model.layout === "force") desk.layout.arrange({ gentle: true });
  });
  find("belief").addEventListener("input", () => {
    model.leastBelief = Number(find("belief").value) / 100;
    model.changed();
  });

  function tell() {
    find("undo").disabled = !undo.past.length;
    find("redo").disabled = !undo.future.length;
    const chosen = selection.spots();
    find("hide-chosen").disabled = find("pin-chosen").disabled = !chosen.length;
    find("path-chosen").disabled = chosen.length !== 2 || chosen.some((/** @type {any} */ one) => one.count);
    find("layout").value = model.layout;
    find("grouping").value = model.grouping;
    find("count").textContent = counted(model.shown());
  }
  undo.addEventListener("change", tell);
  selection.addEventListener("chosen", tell);
  model.addEventListener("content", tell);
  tell();
  return { tell };
}
