// Copies the text of the element a button names: <button data-copy="id" hidden>. Delegated, so that
// buttons that arrive with an htmx swap work too.
(() => {
  function show() {
    for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = !navigator.clipboard;
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const said = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      said.textContent = "Copied";
    } catch {
      said.textContent = "The browser refused; select the text and copy it.";
    }
  });
  document.addEventListener("htmx:afterSwap", show);
  show();
})();
