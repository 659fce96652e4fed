// Keys: `/` search, `n` log a case, `e` edit, `g` go to a case, `j` and `k` through rows, `x` select one, `?` the map;
// Ctrl+Enter submits a form.
// An element answers to a key by data-key="…"; a row is any element with data-row that holds a link.
(() => {
  const map = document.getElementById("keymap");
  const KEPT = "single-keys";
  let row = -1;

  function wanted() {
    try {
      return localStorage.getItem(KEPT) !== "off";
    } catch {
      return true;
    }
  }

  function typing(target) {
    return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  }

  function answer(key) {
    const element = document.querySelector(`[data-key="${key}"]`);
    if (!element) return false;
    if (element.matches("input, textarea, select")) {
      element.focus();
      element.select?.();
    } else {
      element.click();
    }
    return true;
  }

  function move(step) {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement?.closest("[data-row]"));
    row = Math.min(Math.max((at >= 0 ? at : row) + step, 0), rows.length - 1);
    const link = rows[row].matches("a") ? rows[row] : rows[row].querySelector("a");
    link?.focus();
    rows[row].scrollIntoView({ block: "nearest" });
  }

  // The row with the focus; its checkbox keeps the focus where it was.
  function select() {
    const at = document.activeElement?.closest("[data-row]");
    at?.querySelector('input[type="checkbox"]')?.click();
  }

  function go() {
    const asked = document.getElementById("goto");
    asked?.showModal();
    asked?.querySelector("input").select();
  }

  const keys = {
    "/": () => answer("/") || (map && location.assign(map.dataset.searchUrl)),
    n: () => answer("n") || (map && location.assign(map.dataset.logUrl)),
    e: () => answer("e"),
    g: go,
    j: () => move(1),
    k: () => move(-1),
    x: select,
    "?": () => map?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest?.("form[data-quick-submit]");
      if (form) {
        event.preventDefault();
        form.requestSubmit(form.querySelector("[data-submit]") ?? undefined);
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && event.target.matches?.('input[data-key="/"]')) {
      // Leaves the search with its words, so that the rows can be walked.
      event.preventDefault();
      event.target.blur();
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (!(event.key in keys) || !wanted()) return;
    event.preventDefault();
    keys[event.key]();
  });

  // Enter sends a search. Leaving the field must not send the same words again.
  document.addEventListener("change", (event) => event.target.matches('[type="search"]') && event.stopPropagation(), true);

  for (const button of document.querySelectorAll("[data-open-keymap]")) {
    button.hidden = false;
    button.addEventListener("click", () => map.showModal());
  }

  const box = document.getElementById("keys-on");
  if (box) {
    box.checked = wanted();
    box.addEventListener("change", () => {
      try {
        localStorage.setItem(KEPT, box.checked ? "on" : "off");
      } catch {
        box.checked = true;
      }
    });
  }

  // A list of errors takes the focus, so that it is read out and its links are one key away.
  document.querySelector("[data-focus-first]")?.focus();

  // Filters start folded on a narrow screen; without JavaScript they stay open.
  if (matchMedia("(max-width: 900px)").matches) {
    for (const block of document.querySelectorAll("details[data-fold-narrow]")) block.open = false;
  }

  // A menu closes when the focus or a click goes elsewhere, and with Escape.
  for (const type of ["click", "focusin"]) {
    document.addEventListener(type, (event) => {
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        if (!menu.contains(event.target)) menu.open = false;
      }
    });
  }
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
