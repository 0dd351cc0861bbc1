// Each file is sent on its own, one after the other: what has arrived is read to its end, whoever closes the page.
import { filesOf } from "./folder.js";

/** @typedef {{bar: HTMLProgressElement, says: (...parts: (string | Node)[]) => void}} Row what is told of one file */

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("collect"));
const list = document.getElementById("sent");

if (form && list) taking(form, list);

/** @param {HTMLFormElement} form @param {HTMLElement} list */
function taking(form, list) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("#file"));
  const folder = /** @type {HTMLInputElement} */ (form.querySelector("#folder"));
  const drop = /** @type {HTMLElement} */ (form.querySelector(".drop"));
  const words = form.dataset;
  let waiting = Promise.resolve();
  let left = 0;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    queue(named(input.files));
    input.value = "";
  });
  /** @type {HTMLElement} */ (folder.parentElement).hidden = false;
  folder.addEventListener("change", () => {
    queue(named(folder.files));
    folder.value = "";
  });
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = Array.from(event.dataTransfer?.items ?? [], (one) => one.webkitGetAsEntry()).filter((one) => one !== null);
    const files = named(event.dataTransfer?.files ?? null); // both are gone once this function waits
    queue(entries.some((one) => one.isDirectory) ? await filesOf(entries).catch(() => files) : files); // what cannot be read is told of when it is sent
  });
  addEventListener("beforeunload", (event) => {
    if (left) event.preventDefault();
  });

  // How to take them is what the form says at this moment, whatever is changed while they wait.
  /** @param {import("./folder.js").Found[]} files */
  function queue(files) {
    for (const { file, path } of files) {
      const given = new FormData(form);
      given.delete("file");
      given.append("file", file);
      const row = show(path);
      if (file.size > Number(words.largest)) {
        row.says(words.large ?? "");
        continue;
      }
      left += 1;
      waiting = waiting
        .then(() => send(given, row))
        .catch(() => row.says(words.broken ?? ""))
        .finally(() => (left -= 1))
        .then(relist)
        .catch(() => undefined); // or the next one would not be sent for it
    }
  }

  // Once all have arrived, the list below tells of them too.
  async function relist() {
    if (left) return;
    const fresh = parsed(await (await fetch("/collect")).text()).getElementById("last");
    if (fresh) document.getElementById("last")?.replaceWith(fresh);
  }

  /** @param {string} path @returns {Row} */
  function show(path) {
    const item = document.createElement("li");
    const name = document.createElement("bdi");
    const bar = document.createElement("progress");
    const told = document.createElement("span");
    name.textContent = plain(path);
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", name.textContent);
    told.textContent = words.waiting ?? "";
    item.append(name, bar, told);
    list.append(item);
    return { bar, says: (...parts) => told.replaceChildren(...parts) };
  }

  /** @param {FormData} given @param {Row} row */
  async function send(given, row) {
    row.says(words.sending ?? "");
    const answer = await upload(given, row);
    row.bar.value = 1;
    let page = answer.page;
    const problem = page.querySelector("main .problem");
    if (!answer.url.pathname.startsWith("/collect/")) return row.says(problem?.textContent ?? words.broken ?? "");
    row.says(link(answer.url, words.reading ?? ""));
    while (["waiting", "reading"].includes(page.getElementById("account")?.dataset.state ?? "")) {
      await new Promise((after) => setTimeout(after, 2000));
      page = parsed(await (await fetch(answer.url)).text());
    }
    const told = page.getElementById("outcome") ?? page.querySelector("#account .problem");
    row.says(link(answer.url, told?.textContent ?? words.account ?? ""));
  }
}

/** @param {FileList | null} files @returns {import("./folder.js").Found[]} */
function named(files) {
  return Array.from(files ?? [], (file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** @param {FormData} given @param {Row} row @returns {Promise<{url: URL, page: Document}>} */
function upload(given, row) {
  return new Promise((done, broken) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) row.bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => done({ url: new URL(request.responseURL), page: parsed(request.responseText) }));
    request.addEventListener("error", broken);
    request.addEventListener("abort", broken);
    request.open("POST", "/collect");
    request.setRequestHeader("x-csrf-token", String(given.get("csrf")));
    request.send(given);
  });
}

/** @param {URL} url @param {string} text */
function link(url, text) {
  const made = document.createElement("a");
  made.href = url.pathname;
  made.textContent = text;
  return made;
}

/** @param {string} html */
function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// What hides or turns the writing round is named, as everywhere on the desk.
/** @param {string} name */
function plain(name) {
  return name.replace(/[\p{C}]/gu, (one) => `<U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`);
}
