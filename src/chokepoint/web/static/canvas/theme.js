// Colours from the style sheet, resolved for the light or dark look that holds now.

/** Names of the colours, each a class `ink-NAME` in map.css. */
const NAMES = [
  "paper", "raised", "line", "quiet", "ink", "accent", "on-accent", "tint", "warn", "bad",
  "lure", "contact", "payment", "enabler", "actor", "victim", "other", "land", "sea", "hull",
];

/** Phases of the crime script that share a colour with another. @type {Record<string, string>} */
const LIKE = { laundering: "payment", "cash-out": "payment" };

/** The letters of the page, those of Thai and Arabic that it brings along among them. */
export const FONT = '"Desk Thai", "Desk Arabic", system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** @type {Record<string, string>} */
export const colours = {};

/** Read all colours anew. @param {HTMLElement} root */
export function readColours(root) {
  const probe = document.createElement("i");
  probe.hidden = true;
  root.append(probe);
  for (const name of NAMES) {
    probe.className = `ink-${name}`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
}

/** The colour of a place in the crime script. @param {string} phase */
export const phaseColour = (phase) => colours[LIKE[phase] ?? phase] ?? colours.other;

/** Call back when the look changes, or letters have come that were missing. @param {HTMLElement} root @param {() => void} then */
export function onLook(root, then) {
  const again = () => {
    readColours(root);
    then();
  };
  for (const look of ["(prefers-color-scheme: dark)", "print"]) matchMedia(look).addEventListener("change", again);
  document.fonts.addEventListener("loadingdone", again);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  readColours(root);
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
