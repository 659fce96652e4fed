// What a form holds, as the server keeps it: an object of lists of texts by field name.
//
// airAnswers.read(form)               every named control; an empty text at the end of a list says nothing
// airAnswers.write(form, name, texts) puts texts into the controls of that name, makes rows where some are
//                                     missing, and sends "answers:written" from each control that changed
// airAnswers.alike(one, other)        whether two lists say the same
// airAnswers.words(form, name, texts) the texts as one reads them: choices by their labels
// airAnswers.label(form, name)        what the page calls the field
// Left out: files, buttons, [data-not-kept], what belongs to the page and not to the case, and what stands in
// [data-only-with=id] while the tick of that id is off.
(() => {
  const OF_THE_PAGE = new Set(["csrfmiddlewaretoken", "version_read", "digests_read", "shown", "reason"]);

  function kept(control) {
    if (!control.name || OF_THE_PAGE.has(control.name) || control.closest("[data-not-kept]")) return false;
    const tick = control.closest("[data-only-with]")?.dataset.onlyWith;
    if (tick && !document.getElementById(tick).checked) return false;
    return !["file", "submit", "button", "image", "reset"].includes(control.type);
  }

  function controls(form, name) {
    return [...form.elements].filter((control) => control.name === name && kept(control));
  }

  function choice(control) {
    return control.type === "checkbox" || control.type === "radio";
  }

  function trimmed(texts) {
    const rest = [...(texts ?? [])];
    while (rest.length && !rest.at(-1)) rest.pop();
    return rest;
  }

  function texts(control) {
    if (choice(control)) return control.checked ? [control.value] : [];
    if (control.multiple) return [...control.selectedOptions].map((option) => option.value);
    return [control.value];
  }

  function read(form) {
    const answers = {};
    for (const control of form.elements) {
      if (kept(control)) (answers[control.name] ??= []).push(...texts(control));
    }
    for (const name of Object.keys(answers)) answers[name] = trimmed(answers[name]);
    return answers;
  }

  function alike(one, other) {
    return JSON.stringify(trimmed(one)) === JSON.stringify(trimmed(other));
  }

  function put(control, text) {
    const before = choice(control) ? control.checked : control.value;
    if (choice(control)) control.checked = text;
    else control.value = text;
    if (before !== text) control.dispatchEvent(new CustomEvent("answers:written", { bubbles: true }));
  }

  function write(form, name, wanted) {
    if (!controls(form, name).length && name.startsWith("likeness:")) hide(form, name);
    const chosen = controls(form, name).filter(choice);
    for (const control of chosen) put(control, wanted.includes(control.value));
    const ticked = new Set(chosen.map((control) => control.value));
    const rest = trimmed(wanted).filter((text) => !ticked.has(text));
    const places = () => controls(form, name).filter((control) => !choice(control));
    while (places().length && places().length < rest.length && more(places()[0])) continue;
    places().forEach((control, at) => put(control, rest[at] ?? ""));
  }

  // Another row of the same inputs; false where the field has no rows.
  function more(control) {
    const rows = control.closest("[data-rows]");
    return Boolean(rows) && !rows.dispatchEvent(new CustomEvent("rows:more", { cancelable: true, bubbles: true }));
  }

  function hide(form, name) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name });
    form.append(input);
  }

  function label(form, name) {
    const control = controls(form, name)[0];
    if (!control) return name;
    const own = control.getAttribute("aria-label") || control.labels?.[0]?.textContent;
    const legend = control.closest("fieldset")?.querySelector("legend")?.textContent;
    return ((choice(control) ? legend : own) || own || legend || name).trim();
  }

  function words(form, name, wanted) {
    const known = new Map();
    for (const control of controls(form, name)) {
      if (choice(control)) known.set(control.value, control.labels?.[0]?.querySelector("b, .sev")?.textContent ?? control.labels?.[0]?.textContent);
      for (const option of control.options ?? []) known.set(option.value, option.textContent);
    }
    return trimmed(wanted).map((text) => (known.get(text) ?? text).trim()).join("\n");
  }

  window.airAnswers = { read, write, alike, words, label, controls };
})();
