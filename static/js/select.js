// Selecting rows of a list. Without this script the check boxes and the bar below them work as a plain form.
// [data-select] is a row's check box, [data-select-page] the one in the head, #bulk the bar; all may be swapped.
(() => {
  let last = null;
  const bar = () => document.getElementById("bulk");
  const boxes = () => [...document.querySelectorAll("[data-select]")];
  const every = () => document.querySelector("[data-select-all] input");

  function words(n) {
    return n ? `${n} ${n === 1 ? "case" : "cases"} selected` : "";
  }

  function show() {
    if (!bar()) return;
    const rows = boxes();
    const n = rows.filter((box) => box.checked).length;
    const whole = n > 0 && n === rows.length;
    const head = document.querySelector("[data-select-page]");
    if (head) {
      head.hidden = false;
      head.checked = whole;
      head.indeterminate = n > 0 && !whole;
    }
    // All that match is offered once the page is selected, and given up with the first row taken out.
    if (every()) {
      every().closest("[data-select-all]").hidden = !whole;
      if (!whole) every().checked = false;
    }
    const all = every()?.checked;
    const said = all ? `${every().closest("label").textContent.trim()}: selected` : words(n);
    const status = bar().querySelector("[data-n-selected]");
    if (status.textContent !== said) status.textContent = said;
    bar().querySelector("[data-select-none]").hidden = n === 0;
    bar().querySelector("[data-select-page-button]").hidden = whole;
    bar().classList.toggle("off", n === 0);
    for (const box of rows) box.closest("[data-row]").classList.toggle("selected", box.checked);
  }

  function fill(from, to, checked) {
    const rows = boxes();
    const [first, end] = [rows.indexOf(from), rows.indexOf(to)].sort((a, b) => a - b);
    if (first < 0) return;
    for (const box of rows.slice(first, end + 1)) box.checked = checked;
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-select]");
    if (box) {
      if (event.shiftKey && last) fill(last, box, box.checked);
      last = box;
      show();
    }
    if (event.target.closest?.("[data-select-page-button]")) {
      for (const row of boxes()) row.checked = true;
      show();
      bar().querySelector("[data-select-none]").focus();
    }
    if (event.target.closest?.("[data-select-none]")) {
      for (const row of boxes()) row.checked = false;
      show();
      boxes()[0]?.focus();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-page]")) {
      for (const box of boxes()) box.checked = event.target.checked;
    }
    if (event.target.matches("[data-select-page], [data-select-all] input")) show();
  });
  document.addEventListener("htmx:afterSettle", show);
  // The browser ticks boxes again when one comes back to the page.
  window.addEventListener("pageshow", show);
  show();
})();
