// Appearance: "auto" follows the system, "light" and "dark" are kept in this browser.
// Loaded in the head and run at once, so that a page never flashes in the other appearance.
// The administration's own switch uses the same key and the same attribute.
(() => {
  const KEY = "theme";
  const ORDER = ["auto", "light", "dark"];
  const WORDS = { auto: "as the system", light: "light", dark: "dark" };

  function stored() {
    try {
      const value = localStorage.getItem(KEY);
      return ORDER.includes(value) ? value : "auto";
    } catch {
      return "auto"; // storage may be forbidden; the system then decides
    }
  }

  function show(theme) {
    document.documentElement.dataset.theme = theme;
    const next = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.hidden = false;
      button.setAttribute("aria-label", `Appearance: ${WORDS[theme]}. Change to ${WORDS[next]}`);
    }
  }

  show(stored());
  document.addEventListener("DOMContentLoaded", () => show(stored()));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const next = ORDER[(ORDER.indexOf(stored()) + 1) % ORDER.length];
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // kept for this page only
    }
    show(next);
  });
})();
