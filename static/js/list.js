// The case list after a swap: folds stay as they were, the focus stays where it was, and the new number is said.
(() => {
  const list = () => document.getElementById("list");
  let open = new Map();
  let focused = null;

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "list") return;
    open = new Map([...list().querySelectorAll("details[id^=fold]")].map((fold) => [fold.id, fold.open]));
    focused = list().contains(document.activeElement) ? document.activeElement.id : null;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "list" && event.target.id !== "list") return;
    for (const [id, was] of open) {
      const fold = document.getElementById(id);
      if (fold) fold.open = was;
    }
    const found = document.getElementById("n-found");
    const said = document.getElementById("list-said");
    if (found && said) said.textContent = found.textContent;
    if (focused === null) return;
    // What had the focus may be gone with its last case.
    const again = document.getElementById(focused) ?? found;
    if (document.activeElement !== again) again?.focus({ preventScroll: true });
    focused = null;
  });
})();
