// Voting by keys: each is printed beside what it does; they rest while one types, and can be put off for good.
const KEPT = "chokepoint-review-keys";
const keys = /** @type {HTMLInputElement | null} */ (document.getElementById("keys"));
document.documentElement.classList.add("scripted");
if (keys) {
  keys.checked = localStorage.getItem(KEPT) !== "off";
  keys.addEventListener("change", () => localStorage.setItem(KEPT, keys.checked ? "on" : "off"));
}

document.addEventListener("keydown", (event) => {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-vote]"));
  const at = /** @type {Element} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form?.contains(at)) form.requestSubmit();
    return;
  }
  if (at.closest("textarea") && form?.contains(at)) return submitOnEnter(event, form);
  if (at.closest("input:not([type=radio], [type=checkbox]), textarea, select") || keys?.checked === false) return;
  if (event.key === "j" || event.key === "k") return walk(event.key === "j" ? 1 : -1);
  press(form, event);
});

// Enter gives the word, as in a message; with shift it begins a new line.
function submitOnEnter(event, form) {
  if (event.key === "Escape") return event.target.blur();
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
}

function press(form, event) {
  if (!/^[a-z]$/.test(event.key)) return;
  const wanted = (form ?? document).querySelector(`[data-key="${event.key}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.tagName === "A") return wanted.click();
  if (wanted.type === "radio") {
    wanted.checked = true;
    form.querySelector("textarea").focus();
  } else {
    wanted.focus();
  }
}

function walk(step) {
  const links = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".waiting li a"))];
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[Math.min(Math.max(at + step, 0), links.length - 1)]?.click();
}

document.querySelector("[data-all]")?.addEventListener("click", () => {
  const boxes = document.querySelectorAll('input[name="claim"][type="checkbox"]');
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (boxes)) box.checked = true;
});
