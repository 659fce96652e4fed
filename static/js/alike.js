// Hints beside the log form: “Possibly the same”.
//
// <section data-alike data-url hidden> beside <form data-draft>. What is typed is asked about after a short
// rest; nothing jumps, and the focus stays where it is. An answer is a hidden input `likeness:AIR-12` of the
// form (same, variant, related, different; empty once undone), so that the draft keeps it like any other field.
(() => {
  const REST = 800;
  const ASKED = ["title", "observed_behaviour", "system", "sources"];
  const form = document.querySelector("form[data-draft]");
  const rail = document.querySelector("[data-alike]");
  if (!form || !rail) return;
  const body = rail.querySelector("[data-alike-body]");
  const chip = rail.querySelector("[data-alike-count]");
  const status = rail.querySelector("[data-alike-said]");
  const unasked = body.innerHTML;
  let timer, asking, asked = "";

  function question() {
    const all = new FormData(form), some = new URLSearchParams();
    for (const [name, text] of all) {
      if (typeof text === "string" && (ASKED.includes(name) || name.startsWith("likeness:"))) some.append(name, text);
    }
    const key = form.draft?.key || form.dataset.key;
    if (key) some.append("draft", key);
    return some;
  }

  // What was answered changes nothing about what is alike; a file that was received does.
  function essence(some) {
    const files = [...form.querySelectorAll("[data-evidence-id]")].map((item) => item.dataset.evidenceId);
    const said = [...some].filter(([name, text]) => text.trim() && !name.startsWith("likeness:") && name !== "draft");
    return [...said, ...files].join("\n");
  }

  async function ask() {
    const some = question(), now = essence(some);
    asking?.abort();
    if (!now) return forget();
    if (now === asked) return;
    asking = new AbortController();
    const headers = { "x-csrftoken": form.elements.csrfmiddlewaretoken.value };
    try {
      const answer = await fetch(rail.dataset.url, { method: "POST", body: some, headers, signal: asking.signal });
      if (!answer.ok || answer.redirected) return;
      show(await answer.text());
      asked = now;
    } catch {
      // A hint that does not come is no reason to disturb the writer; the next one may.
    }
  }

  function forget() {
    if (!asked) return;
    asked = status.textContent = "";
    body.innerHTML = unasked;
    chip.hidden = true;
  }

  function place(element) {
    const hit = element?.closest("[data-alike-hit]")?.dataset.alikeHit;
    const part = element?.matches("a.ttl") ? "a.ttl" : element?.dataset.answer ? `[data-answer="${element.dataset.answer}"]` : "[data-undo]";
    return hit ? `[data-alike-hit="${hit}"] ${part}` : null;
  }

  function show(html) {
    const focused = body.contains(document.activeElement) ? place(document.activeElement) : null;
    body.innerHTML = html;
    for (const hit of body.querySelectorAll("[data-alike-hit]")) {
      const input = kept(hit.dataset.alikeHit);
      if (input) tell(hit, input.value);
    }
    const n = Number(body.querySelector("[data-alike-found]")?.dataset.alikeFound ?? 0);
    chip.textContent = n;
    chip.hidden = !n;
    const words = n ? `${n} possibly the same` : "Nothing like it so far";
    if (status.textContent !== words) status.textContent = words;
    if (focused) (body.querySelector(focused) ?? body.querySelector("a.ttl"))?.focus({ preventScroll: true });
  }

  function kept(reference) {
    return [...form.elements].find((input) => input.name === `likeness:${reference}`);
  }

  function keep(reference, word) {
    let input = kept(reference);
    if (!input) {
      input = Object.assign(document.createElement("input"), { type: "hidden", name: `likeness:${reference}` });
      form.append(input);
    }
    input.value = word;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function tell(hit, word) {
    hit.querySelector(".ask").hidden = Boolean(word);
    hit.querySelector(".said").hidden = !word;
    hit.querySelector(".instead").hidden = word !== "same";
    hit.querySelector("[data-said]").textContent = word ? `You said: ${word}` : "";
  }

  body.addEventListener("click", (event) => {
    const button = event.target.closest("[data-answer], [data-undo]");
    const hit = button?.closest("[data-alike-hit]");
    if (!hit) return;
    const word = button.dataset.answer ?? "";
    keep(hit.dataset.alikeHit, word);
    tell(hit, word);
    hit.querySelector(word ? "[data-undo]" : "[data-answer]").focus({ preventScroll: true });
  });

  function soon(event) {
    if (event?.target.name?.startsWith("likeness:")) return;
    clearTimeout(timer);
    timer = setTimeout(ask, REST);
  }

  for (const type of ["input", "change", "answers:written"]) form.addEventListener(type, soon);
  form.addEventListener("answers:written", (event) => {
    const reference = event.target.name?.startsWith("likeness:") && event.target.name.slice("likeness:".length);
    const hit = reference && [...body.querySelectorAll("[data-alike-hit]")].find((one) => one.dataset.alikeHit === reference);
    if (hit) tell(hit, event.target.value);
  });
  new MutationObserver(() => soon()).observe(form, { subtree: true, attributeFilter: ["data-evidence-id"] });
  rail.hidden = false;
  ask();
})();
