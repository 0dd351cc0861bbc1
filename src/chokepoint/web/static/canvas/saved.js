// Views that people keep and share.
import * as api from "./api.js";
import { badge, make } from "./build.js";
import { day, say, visible } from "./words.js";

/**
 * @param {HTMLDialogElement} dialog with a form and a list
 * @param {import("./model.js").Model} model
 * @param {{open: (told: any) => void, tell: (text: string) => void}} then
 */
export function savedViews(dialog, model, then) {
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const list = /** @type {HTMLElement} */ (dialog.querySelector("[data-list]"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(form);
    const things = [...model.spots.values()].filter((one) => !one.count && !model.hidden.has(one.id))
      .map((one) => ({ id: one.id, x: Math.round(one.x * 10), y: Math.round(one.y * 10), pinned: one.pinned }));
    try {
      await api.saveView({ title: given.get("title"), tlp: given.get("tlp"), layout: model.layout, things });
      form.reset();
      then.tell(say("kept"));
      await fill();
    } catch (error) {
      then.tell(/** @type {Error} */ (error).message || say("failed"));
    }
  });

  async function fill() {
    const found = await api.savedViews();
    list.replaceChildren(...found.map(row), found.length ? "" : make("li", { class: "quiet", text: say("no-views") }));
  }

  /** @param {any} one */
  function row(one) {
    const open = async () => {
      then.open(await api.openView(one.id));
      dialog.close();
    };
    return make("li", {}, make("button", { type: "button", class: "thing", onclick: open }, make("bdi", { text: visible(one.title) })),
      make("span", { class: "quiet", text: ` ${visible(one.organisation)} · ${day(Date.parse(one.recorded_at) / 864e5)} ` }), badge(one.tlp));
  }

  return async () => {
    dialog.showModal();
    await fill();
  };
}
