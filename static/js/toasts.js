// Messages after an action: said to screen readers once the page is there, and dismissible.
// They are part of the page, so that they also stand there without JavaScript.
(() => {
  const place = document.querySelector(".messages");
  if (!place?.children.length) return;

  for (const note of place.querySelectorAll(".note")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn bare sm dismiss";
    button.textContent = "Dismiss";
    button.addEventListener("click", () => {
      // The focus goes where the page begins, never to nowhere.
      note.remove();
      document.getElementById("main")?.focus();
    });
    note.append(button);
  }

  // A live region speaks of what is put into it, not of what it came with.
  const notes = [...place.children];
  place.replaceChildren();
  requestAnimationFrame(() => place.replaceChildren(...notes));
})();
