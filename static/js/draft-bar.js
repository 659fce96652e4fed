// Says in the bar above the form what became of the text. Everything it may say stands in the page already,
// one element for each state: <span data-when="saved failed">. It fills in [data-clock] (when it was saved last),
// [data-wait] (seconds to the next attempt), [data-fields] (which fields wait) and [data-link]; [data-try] tries now.
// What a screen reader should hear at once goes to [data-alarm], the rest to [data-said].
(() => {
  const form = document.querySelector("form[data-draft]");
  const bar = document.querySelector("[data-draft-bar]");
  if (!form || !bar) return;
  const LOUD = { failed: true, "signed-out": true, clash: true, refused: true, submitted: true, discarded: true, gone: true };
  let state = bar.dataset.state;
  let ticking = 0;

  function clock(at) {
    const zone = bar.dataset.timeZone;
    return at?.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", ...(zone && { timeZone: zone }) });
  }

  function fill(mark, text) {
    for (const place of bar.querySelectorAll(`[data-${mark}]`)) place.textContent = text;
  }

  function fields(names) {
    const words = [...new Set(names.map((name) => window.airAnswers.label(form, name)))];
    return words.map((word) => `“${word}”`).join(", ");
  }

  function count(retryAt) {
    clearInterval(ticking);
    const tick = () => {
      const left = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
      fill("wait", left > 0 ? `next attempt in ${left} second${left === 1 ? "" : "s"}` : "trying now");
    };
    tick();
    ticking = setInterval(tick, 1000);
  }

  function link({ url, reference }) {
    for (const place of bar.querySelectorAll("[data-link]")) {
      place.href = url;
      place.textContent = reference;
    }
  }

  // Saving is silent; what goes wrong, and that it is right again, is said.
  function say(next) {
    const words = [...bar.querySelectorAll("[data-when]:not([hidden], .act)")].map((each) => each.textContent.trim());
    const text = words.join(" ").replace(/\s+/g, " ");
    const loud = LOUD[next];
    bar.parentElement.querySelector("[data-alarm]").textContent = loud ? text : "";
    if (!loud && next === "saved" && (LOUD[state] || !bar.dataset.once)) {
      bar.parentElement.querySelector("[data-said]").textContent = text;
      bar.dataset.once = "true";
    }
  }

  form.addEventListener("draft:state", ({ detail }) => {
    const next = detail.state;
    if (next !== "saving") clearInterval(ticking);
    // A retry in silence: red stays red until the server has answered.
    if (next === "saving" && LOUD[state] && state !== "refused") return;
    bar.dataset.state = next;
    bar.classList.toggle("failed", Boolean(LOUD[next]) && next !== "clash");
    bar.classList.toggle("waits", next === "clash");
    for (const place of bar.querySelectorAll("[data-when]")) place.hidden = !place.dataset.when.split(" ").includes(next);
    for (const place of bar.querySelectorAll("[data-lost]")) place.hidden = detail.kept;
    fill("clock", clock(detail.savedAt) ?? "");
    for (const place of bar.querySelectorAll("[data-since]")) place.hidden = !detail.savedAt;
    if (next === "failed") count(detail.retryAt);
    if (detail.waiting || detail.refused) fill("fields", fields(detail.waiting ?? detail.refused));
    if (detail.url) link(detail);
    if (next !== state) say(next);
    state = next;
  });

  bar.addEventListener("click", (event) => {
    if (event.target.closest("[data-try]")) form.draft.save();
    if (event.target.closest("[data-anew]")) form.draft.startAnew();
    if (event.target.closest("[data-show-waiting]")) document.querySelector(".clashpanel, .q .from-save")?.scrollIntoView({ block: "center" });
  });

  // What is thrown away on purpose is not asked about once more.
  document.getElementById("discard-draft")?.addEventListener("submit", () => form.draft.abandon());

  // The draft has an address now: sharing and discarding work.
  form.addEventListener("draft:made", ({ detail }) => {
    for (const place of bar.querySelectorAll("[data-once-made]")) {
      place.hidden = false;
      if (place.dataset.below) place.setAttribute(place.matches("a") ? "href" : "formaction", detail.pageUrl + place.dataset.below);
    }
  });

  // The bar says itself what scripts do; without them it names the button.
  for (const place of bar.querySelectorAll("[data-when]")) place.hidden = !place.dataset.when.split(" ").includes(state);
  for (const place of bar.querySelectorAll("[data-without-scripts]")) place.hidden = true;
})();
