// The log page's small comforts: how many of the six questions are answered, which are missing, what Enter does,
// and "the system is unknown" and a named system excluding each other.
(() => {
  const form = document.getElementById("log");
  if (!form) return;
  const needs = form.querySelector("[data-needs]");
  const held = form.querySelector("[data-held]");
  const { read } = window.airAnswers;
  const HELD = {
    failed: "the server does not answer. Your text is kept; try again.",
    "signed-out": "sign in again first. Your text is kept.",
    clash: "say first which text shall stand.",
    refused: "please correct what is marked.",
  };

  // A date as registry/web/forms/when.py reads it, so that what it would refuse does not count as answered.
  const MONTHS = "january february march april may june july august september october november december".split(" ");
  const WRITTEN = [
    /^(?<year>\d{4})(-(?<month>\d{1,2})(-(?<day>\d{1,2}))?)?$/,
    /^(?<day>\d{1,2})[./](?<month>\d{1,2})[./](?<year>\d{4})$/,
    /^(?<month>\d{1,2})\/(?<year>\d{4})$/,
    /^(?<day>\d{1,2})\.? (?<name>[a-z]+)\.?,? (?<year>\d{4})$/,
    /^(?<name>[a-z]+)\.?( (?<day>\d{1,2}))?,? (?<year>\d{4})$/,
  ];

  function monthOf(name) {
    return MONTHS.findIndex((month) => [month, month.slice(0, 3)].includes(name === "sept" ? "sep" : name)) + 1;
  }

  function isDate(text) {
    const plain = text.toLowerCase().replace(/\s+/g, " ");
    const found = WRITTEN.map((pattern) => pattern.exec(plain)?.groups).find(Boolean);
    if (!found) return false;
    const year = Number(found.year), day = Number(found.day ?? 1);
    const month = found.name ? monthOf(found.name) : Number(found.month ?? 1);
    if (year < 1900 || year > 2100 || month < 1 || month > 12) return false;
    return day >= 1 && day <= new Date(year, month, 0).getDate();
  }

  function when(text, exactness) {
    if (exactness === "unknown") return "";
    if (!text) return exactness;
    return isDate(text) ? "" : "a date like 12 Nov 2026";
  }

  function missing() {
    const said = read(form);
    const text = (name) => (said[name] ?? []).join("").trim();
    const exactness = text("precision") || "day";
    return [
      text("title").length < 6 && "what happened",
      !text("observed_behaviour") && "what you saw",
      !text("system") && "system",
      when(text("occurred"), exactness),
      !text("kind") && "kind",
      !text("visibility") && "who may see it",
    ].filter(Boolean);
  }

  function count() {
    const open = missing();
    const done = form.querySelector("[data-all-answered]");
    const answered = Object.assign(document.createElement("b"), { textContent: `${6 - open.length} of 6 answered.` });
    done.hidden = open.length > 0;
    needs.hidden = open.length === 0;
    const rest = ` Still needed: ${open.join(", ")}.`;
    if (needs.textContent !== answered.textContent + rest) needs.replaceChildren(answered, rest);
  }

  form.addEventListener("input", (event) => {
    const { target } = event;
    if (target.name === "system" && target.type === "checkbox" && target.checked) {
      for (const input of form.querySelectorAll('input[name="system"]:not([type="checkbox"]), input[name="version"]')) {
        input.value = "";
        input.dispatchEvent(new CustomEvent("answers:written", { bubbles: true }));
      }
    } else if (target.name === "system" && target.value.trim()) {
      const tick = form.querySelector('input[name="system"][type="checkbox"]');
      if (tick) tick.checked = false;
    }
    count();
  }, true);
  form.addEventListener("answers:written", count);

  // Enter leaves the title for the next question, and never sends half a case from a single line.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    const { target } = event;
    if (target.name === "title") {
      event.preventDefault();
      form.elements.observed_behaviour.focus();
    } else if (target.matches('input:not([type="submit"], [type="button"])')) {
      event.preventDefault();
    }
  });

  // A submission that was held back says why, beside the button that was pressed.
  form.addEventListener("draft:held", ({ detail }) => {
    held.hidden = false;
    held.textContent = `Not submitted: ${HELD[detail.state] ?? "this draft is not open any more."}`;
  });
  form.addEventListener("draft:state", ({ detail }) => {
    if (detail.state === "saved") held.hidden = true;
  });

  count();
  // Who opens an empty page wants to write.
  if (!form.dataset.saveUrl && !document.querySelector("[data-focus-first]") && matchMedia("(pointer: fine)").matches && !form.elements.title.value) {
    form.elements.title.focus({ preventScroll: true });
  }
})();
