// Two writers of one draft: at a field that both changed, a panel shows mine, theirs and what both started from
// (<template id="clash-panel">), and asks which shall stand; the field may be edited meanwhile. Also says which
// fields were taken over, put back or refused. The focus stays where it is until a button of the panel is pressed.
(() => {
  const form = document.querySelector("form[data-draft]");
  const template = document.getElementById("clash-panel");
  const said = document.querySelector("[data-said]");
  if (!form || !template) return;
  const { controls, label, read, words } = window.airAnswers;

  function question(name) {
    const control = controls(form, name)[0];
    return control?.closest(".q, .labelrow, .trio") ?? form.querySelector(".log");
  }

  function names(list) {
    return [...new Set(list.map((name) => label(form, name)))].join(", ");
  }

  function reveal(element) {
    for (let block = element.closest("details"); block; block = block.parentElement.closest("details")) block.open = true;
  }

  function panelOf(name) {
    return form.querySelector(`.clashpanel[data-field="${CSS.escape(name)}"]`);
  }

  function fill(panel, mark, text) {
    const place = panel.querySelector(`[data-${mark}]`);
    place.textContent = text || "(nothing)";
    place.classList.toggle("quiet", !text);
  }

  function show({ name, base, theirs }) {
    let panel = panelOf(name);
    if (!panel) {
      panel = template.content.firstElementChild.cloneNode(true);
      panel.dataset.field = name;
      question(name).append(panel);
      panel.querySelector("[data-mine-stays]").addEventListener("click", () => settle(name, read(form)[name] ?? []));
      panel.querySelector("[data-theirs-stands]").addEventListener("click", () => settle(name, form.draft.clashes[name].theirs));
    }
    panel.querySelector("[data-name]").textContent = label(form, name);
    fill(panel, "mine", words(form, name, read(form)[name]));
    fill(panel, "theirs", words(form, name, theirs));
    fill(panel, "base", words(form, name, base));
    reveal(panel);
  }

  function settle(name, texts) {
    panelOf(name)?.remove();
    controls(form, name)[0]?.focus();
    form.draft.settle(name, texts);
  }

  form.addEventListener("draft:clash", ({ detail }) => show(detail));
  form.addEventListener("input", (event) => {
    const panel = event.target.name && panelOf(event.target.name);
    if (panel) fill(panel, "mine", words(form, event.target.name, read(form)[event.target.name]));
    for (const line of question(event.target.name)?.querySelectorAll(":scope > .from-save") ?? []) line.remove();
  });

  // Marks a question for a moment and says so.
  function point(list, sentence) {
    for (const name of list.filter((each) => controls(form, each).length)) {
      const place = question(name);
      place.classList.remove("fresh");
      requestAnimationFrame(() => place.classList.add("fresh"));
      reveal(place);
    }
    said.textContent = `${sentence}: ${names(list)}.`;
  }

  form.addEventListener("draft:taken", ({ detail }) => point(detail.names, "Changed elsewhere and taken over"));
  form.addEventListener("draft:back", ({ detail }) => {
    point(detail.names, "Put back from this browser, which had kept it");
    const note = document.querySelector("[data-back]");
    note.querySelector("[data-names]").textContent = names(detail.names);
    note.hidden = false;
  });

  form.addEventListener("draft:refused", ({ detail }) => {
    for (const [name, messages] of Object.entries(detail.errors)) {
      const line = Object.assign(document.createElement("p"), { className: "errline from-save", textContent: messages.join(" ") });
      question(name).append(line);
      reveal(line);
    }
  });

  // Held back from submitting: lead to what is in the way.
  form.addEventListener("draft:held", () => {
    const first = form.querySelector(".clashpanel button, .from-save");
    first?.scrollIntoView({ block: "center" });
    if (first?.matches("button")) first.focus();
  });
})();
