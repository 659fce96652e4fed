// The tree of labels on the log page: search that hides what does not fit, and four questions that lead to one.
(() => {
  const tools = document.querySelector("[data-tree-tools]");
  if (!tools) return;
  const vocabularies = [...document.querySelectorAll("[data-vocabulary]")];
  const search = tools.querySelector("input");
  const dialog = document.querySelector("[data-choose]");
  const folded = new Map();
  tools.hidden = false;

  function words(row) {
    return (row.dataset.words ??= `${row.querySelector("label").textContent} ${row.dataset.node}`.toLowerCase());
  }

  function filter() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const vocabulary of vocabularies) {
      let fits = 0;
      for (const row of vocabulary.querySelectorAll("[data-node]")) {
        row.hidden = !wanted.every((word) => words(row).includes(word));
        fits += row.hidden ? 0 : 1;
      }
      if (wanted.length && !folded.has(vocabulary)) folded.set(vocabulary, vocabulary.open);
      vocabulary.hidden = !fits;
      vocabulary.open = wanted.length ? fits > 0 : (folded.get(vocabulary) ?? vocabulary.open);
      found += fits;
    }
    if (!wanted.length) folded.clear();
    document.querySelector("[data-no-label]").hidden = found > 0;
    tools.querySelector("[data-tree-said]").textContent = wanted.length ? `${found} label${found === 1 ? "" : "s"} found.` : "";
  }

  search.addEventListener("input", filter);

  if (!dialog) return;
  const form = dialog.querySelector("form");
  const candidate = dialog.querySelector("[data-candidate]");
  const tick = dialog.querySelector("[data-tick]");
  const SCHEME = "misalignment-causes";

  function rowOf(slug) {
    return document.querySelector(`[data-node="${SCHEME}:${slug}"]`);
  }

  function answer(slug) {
    const row = rowOf(slug);
    candidate.hidden = false;
    tick.hidden = !row;
    tick.dataset.slug = slug;
    candidate.querySelector("[data-none]").hidden = Boolean(row);
    for (const place of candidate.querySelectorAll("[data-some]")) place.hidden = !row;
    if (!row) return;
    candidate.querySelector("[data-name]").textContent = row.querySelector("b").textContent;
    candidate.querySelector("[data-sentence]").textContent = row.querySelector("label b").nextSibling.textContent.trim();
  }

  // Shows the questions that the answers so far lead to, and only those.
  function ask() {
    const questions = [...form.querySelectorAll("[data-question]")];
    const asked = new Set();
    let next = "arrow";
    let slug = null;
    while (next) {
      asked.add(next);
      const chosen = form.querySelector(`[data-question="${next}"] input:checked`);
      slug = chosen && !chosen.dataset.next ? chosen.value : null;
      next = chosen?.dataset.next;
    }
    for (const question of questions) question.hidden = !asked.has(question.dataset.question);
    candidate.hidden = true;
    tick.hidden = true;
    if (slug !== null) answer(slug);
  }

  form.addEventListener("change", ask);
  tools.querySelector("[data-open-choose]").addEventListener("click", () => {
    form.reset();
    ask();
    dialog.showModal();
    form.querySelector("input").focus();
  });
  dialog.addEventListener("close", () => {
    const row = dialog.returnValue === "tick" && rowOf(tick.dataset.slug);
    dialog.returnValue = "";
    if (!row) {
      tools.querySelector("[data-open-choose]").focus();
      return;
    }
    search.value = "";
    filter();
    row.closest("details").open = true;
    const box = row.querySelector("input");
    if (!box.checked) box.click();
    box.focus();
    row.scrollIntoView({ block: "center" });
  });
})();
