// What the shell gains where scripts run: menus that close, and a search that is one key away.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const found = document.getElementById("found");
  if (found && !found.parentElement.contains(event.target)) found.replaceChildren();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing) {
    const find = document.getElementById("find");
    if (find) {
      event.preventDefault();
      find.focus();
    }
  }
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    document.getElementById("found")?.replaceChildren();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event);
});

// Arrow keys walk from the search box through what it found.
function step(event) {
  const find = document.getElementById("find");
  const links = [...document.querySelectorAll("#found a")];
  const at = links.indexOf(document.activeElement);
  if (!links.length || (document.activeElement !== find && at < 0)) return;
  event.preventDefault();
  const next = at + (event.key === "ArrowDown" ? 1 : -1);
  (next < 0 ? find : links[Math.min(next, links.length - 1)]).focus();
}
