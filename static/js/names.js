// Several names, each chosen by a picker: [data-names-url] around textareas that hold one name a line.
// Each textarea stays in the form, hidden; the names stand above an input as a list from which they can be removed.
(() => {
  const NAMED = ["developers", "deployers", "affected"];

  function split(text) {
    const names = text.split(/[\n,]/).map((name) => name.trim().replace(/\s+/g, " ")).filter(Boolean);
    return [...new Set(names)];
  }

  function begin(textarea, url) {
    const input = document.createElement("input");
    const chosen = Object.assign(document.createElement("ul"), { className: "chosen" });
    const word = textarea.labels[0].textContent.trim();
    Object.assign(input, { type: "text", className: "field", id: textarea.id, maxLength: 200, placeholder: "Name" });
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (textarea.hasAttribute(name)) input.setAttribute(name, textarea.getAttribute(name));
    }
    input.dataset.notKept = "";
    for (const name of ["id", "aria-describedby"]) textarea.removeAttribute(name);
    textarea.setAttribute("aria-label", word);
    textarea.hidden = true;
    chosen.setAttribute("aria-label", `${word}, chosen`);
    textarea.after(chosen, input);

    function show() {
      chosen.replaceChildren(...split(textarea.value).map(line));
      chosen.hidden = !textarea.value.trim();
    }

    function line(name) {
      const item = document.createElement("li");
      const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
      remove.setAttribute("aria-label", `Remove ${name}`);
      remove.addEventListener("click", () => {
        put(split(textarea.value).filter((each) => each !== name));
        input.focus();
      });
      item.append(name, remove);
      return item;
    }

    function put(names) {
      textarea.value = names.join("\n");
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
      show();
    }

    function add() {
      if (!input.value.trim()) return;
      put(split(`${textarea.value}\n${input.value}`));
      input.value = "";
    }

    window.airPicker(input, { url, kind: "organisation", picked: add });
    input.addEventListener("blur", add);
    input.addEventListener("keydown", (event) => {
      if (event.key === "," && input.value.trim()) {
        event.preventDefault();
        add();
      } else if (event.key === "Backspace" && !input.value) {
        put(split(textarea.value).slice(0, -1));
      }
    });
    textarea.addEventListener("answers:written", show);
    show();
  }

  for (const place of document.querySelectorAll("[data-names-url]")) {
    for (const textarea of place.querySelectorAll("textarea")) {
      if (NAMED.includes(textarea.name)) begin(textarea, place.dataset.namesUrl);
    }
  }
})();
