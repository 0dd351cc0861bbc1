// What the shell gains where scripts run: menus that close, and a search that is one key away.
document.addEventListener("click", (event) => {
  const at = /** @type {Node} */ (event.target);
  for (const menu of opened()) {
    if (!menu.contains(at)) menu.open = false;
  }
  const found = document.getElementById("found");
  if (found && !found.parentElement?.contains(at)) found.replaceChildren();
});

/** @returns {NodeListOf<HTMLDetailsElement>} */
function opened() {
  return document.querySelectorAll("details.menu[open]");
}

document.addEventListener("keydown", (event) => {
  const typing = /** @type {Element} */ (event.target).closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing) {
    const find = document.getElementById("find");
    if (find) {
      event.preventDefault();
      find.focus();
    }
  }
  if (event.key === "Escape") {
    for (const menu of opened()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
    document.getElementById("found")?.replaceChildren();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event);
});

/** Arrow keys walk from the search box through what it found. @param {KeyboardEvent} event */
function step(event) {
  const find = document.getElementById("find");
  const links = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#found a"))];
  const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (!links.length || (document.activeElement !== find && at < 0)) return;
  event.preventDefault();
  const next = at + (event.key === "ArrowDown" ? 1 : -1);
  (next < 0 ? find : links[Math.min(next, links.length - 1)])?.focus();
}
