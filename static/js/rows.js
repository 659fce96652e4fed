// Rows of the same inputs: <div data-rows> whose last row waits in <details data-row-more> for who has no scripts.
// Here a button adds rows instead. "rows:more" on an input adds one too (answers.js), and is answered by
// preventDefault(). A new row sends "rows:made".
(() => {
  const MOST = 20;

  function begin(rows) {
    const fold = rows.querySelector("[data-row-more]");
    const row = fold?.querySelector(".two");
    if (!row) return;
    const blank = row.cloneNode(true);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "rowmore" });
    button.textContent = fold.querySelector("summary").textContent;
    if ([...row.querySelectorAll("input")].some((input) => input.value)) fold.before(row);
    fold.replaceWith(button);

    function more() {
      const made = blank.cloneNode(true);
      button.before(made);
      button.hidden = rows.querySelectorAll(".two").length >= MOST;
      made.dispatchEvent(new CustomEvent("rows:made", { bubbles: true }));
      return made;
    }

    button.addEventListener("click", () => more().querySelector("input").focus());
    rows.addEventListener("rows:more", (event) => {
      if (button.hidden) return;
      event.preventDefault();
      more();
    });
  }

  document.querySelectorAll("[data-rows]").forEach(begin);
})();
