// Saves a form as its draft while somebody types.
//
// <form data-draft data-person data-new-url data-again-url [data-key data-version data-save-url]>; an unsaved
// form that holds something from the start says data-unsaved. Needs answers.js and kept.js.
//
// One save at a time, of changed fields only. What is not acknowledged is kept in this browser (kept.js). The
// form tells what happens by events on itself:
//   draft:state    {state, savedAt, retryAt, kept, url, waiting, refused}; state is one of
//                  new, unsaved, saving, saved, failed, signed-out, clash, refused, submitted, discarded, gone
//   draft:clash    {name, base, mine, theirs}     both changed it; answer with form.draft.settle(name, texts)
//   draft:taken    {names}                        changed elsewhere, and taken over
//   draft:back     {names}                        put back from this browser
//   draft:refused  {errors: {field: [text]}}      what the server cannot keep
// form.draft: save(), flush() -> Promise<whether all is acknowledged>, settle(), signedIn(csrf), startAnew(), abandon(), state.
// form.ensureDraft() -> Promise<{evidence_url}>, for what can only be sent to a draft that exists.
(() => {
  const REST = 600;
  const LONGEST_REST = 2000;
  const PATIENCE = 15000;
  const RETRIES = [5, 10, 20, 40, 60];
  const KEEPALIVE_LIMIT = 60000;
  const CLOSED = ["submitted", "discarded", "gone"];
  const { read, write, alike } = window.airAnswers;
  const kept = window.airKept;

  class Draft {
    constructor(form) {
      this.form = form;
      this.person = form.dataset.person;
      this.key = form.dataset.key || "";
      this.version = Number(form.dataset.version) || null;
      this.saveUrl = form.dataset.saveUrl || "";
      this.evidenceUrl = form.dataset.evidenceUrl || "";
      this.acknowledged = this.saveUrl ? read(form) : {};
      // The page says that these were changed by others meanwhile: the next save asks again which shall stand.
      for (const name of (form.dataset.clashing ?? "").split(" ").filter(Boolean)) this.acknowledged[name] = [];
      this.clashes = {};
      this.refused = {};
      this.touched = Boolean(this.saveUrl) || "unsaved" in form.dataset;
      this.savedAt = form.dataset.savedAt ? new Date(form.dataset.savedAt) : null;
      this.state = this.saveUrl ? "saved" : "new";
      this.failures = 0;
      this.listen();
    }

    listen() {
      const { form } = this;
      for (const type of ["input", "change"]) form.addEventListener(type, (event) => this.typed(event));
      form.addEventListener("focusout", () => this.dirty() && this.savingSoon() && this.save());
      form.addEventListener("submit", (event) => this.submitting(event));
      addEventListener("beforeunload", (event) => this.warns() && event.preventDefault());
      addEventListener("pagehide", () => this.leaving());
      addEventListener("pageshow", (event) => event.persisted && this.returned());
      addEventListener("online", () => this.state === "failed" && this.save());
      document.addEventListener("visibilitychange", () => (document.hidden ? this.leaving() : this.look()));
      addEventListener("focus", () => this.look());
    }

    // What stands in the form and not on the server: {field: {base, mine}}.
    pending() {
      if (!this.touched) return {};
      const now = read(this.form);
      const changes = {};
      for (const name of new Set([...Object.keys(now), ...Object.keys(this.acknowledged)])) {
        const base = this.acknowledged[name] ?? [];
        const mine = now[name] ?? [];
        if (!alike(base, mine)) changes[name] = { base, mine };
      }
      return changes;
    }

    sendable() {
      const changes = this.pending();
      for (const [name, { mine }] of Object.entries(changes)) {
        if (this.clashes[name] || (this.refused[name] && alike(this.refused[name], mine))) delete changes[name];
      }
      return changes;
    }

    dirty() {
      return Object.keys(this.pending()).length > 0;
    }

    savingSoon() {
      return !CLOSED.includes(this.state) && !["failed", "signed-out"].includes(this.state);
    }

    warns() {
      return !this.released && this.touched && (Boolean(this.inFlight) || this.dirty());
    }

    typed(event) {
      if (!event.target.name || event.target.closest("[data-not-kept]")) return;
      this.touched = true;
      this.keep();
      if (!this.dirty()) return;
      if (["new", "saved", "refused"].includes(this.state)) this.tell("unsaved");
      if (!this.savingSoon()) return;
      const now = Date.now();
      this.since ??= now;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(now + REST, this.since + LONGEST_REST) - now));
    }

    keep() {
      const changes = this.pending();
      this.key ||= kept.newKey();
      if (!Object.keys(changes).length) {
        kept.drop(this.person, this.key);
        return true;
      }
      const title = (read(this.form).title ?? [""]).join(" ");
      this.isKept = kept.put(this.person, this.key, { title, made: Boolean(this.saveUrl), changes });
      return this.isKept;
    }

    // Saves what is not acknowledged; with nothing to save, `ask` still asks what others wrote.
    save({ ask = false } = {}) {
      clearTimeout(this.timer);
      clearTimeout(this.retry);
      if (CLOSED.includes(this.state)) return Promise.resolve();
      if (this.inFlight) {
        this.again = true;
        return this.inFlight;
      }
      const changes = this.sendable();
      const nothing = !Object.keys(changes).length;
      if (nothing && !(ask && this.saveUrl) && (this.saveUrl || !this.wanted)) return Promise.resolve(this.settled());
      this.since = null;
      if (!nothing) this.tell("saving");
      this.inFlight = this.send(changes).finally(() => {
        this.inFlight = null;
        if (this.again && this.savingSoon()) {
          this.again = false;
          return this.save();
        }
        return undefined;
      });
      return this.inFlight;
    }

    async send(changes) {
      this.key ||= kept.newKey();
      const body = JSON.stringify(this.saveUrl ? { changes, version: this.version } : { changes, key: this.key });
      try {
        const answer = await fetch(this.saveUrl || this.form.dataset.newUrl, {
          method: "POST",
          credentials: "same-origin",
          redirect: "manual",
          headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token() },
          keepalive: body.length < KEEPALIVE_LIMIT,
          signal: AbortSignal.timeout(PATIENCE),
          body,
        });
        const told = await answer.json();
        this.heard(answer.status, told, changes);
      } catch {
        this.failed();
      }
    }

    heard(status, told, changes) {
      if (status === 200 || status === 201) this.acknowledge(told, changes);
      else if (status === 401) this.tell("signed-out");
      else if (status === 404) this.tell("gone");
      else if (status === 409 && told.submitted) this.tell("submitted", { url: told.url, reference: told.submitted });
      else if (status === 410) this.tell("discarded");
      else if (status === 413 || status === 422) this.refuse(told.errors ?? {}, changes);
      else this.failed();
    }

    acknowledge(told, changes) {
      if (told.save_url) this.made(told);
      this.failures = 0;
      this.savedAt = new Date(told.saved_at);
      this.version = told.version;
      const version = this.form.elements.version_read;
      if (version) version.value = told.version;
      for (const [name, { mine }] of Object.entries(changes)) {
        if (!told.clashes?.[name]) this.acknowledged[name] = mine;
      }
      this.takeOver(told.theirs ?? {});
      for (const [name, clash] of Object.entries(told.clashes ?? {})) this.clashed(name, clash);
      this.keep();
      this.settled();
    }

    made({ key, save_url: saveUrl, page_url: pageUrl, evidence_url: evidenceUrl }) {
      if (key !== this.key) kept.drop(this.person, this.key);
      Object.assign(this, { key, saveUrl, evidenceUrl });
      this.form.action = pageUrl;
      history.replaceState(history.state, "", pageUrl);
      this.form.dispatchEvent(new CustomEvent("draft:made", { detail: { key, pageUrl, evidenceUrl } }));
    }

    // What others wrote where nothing was typed here since; the rest clashes when it is saved. Ticks come first:
    // they decide which other fields the page has.
    takeOver(theirs) {
      const names = [];
      const order = Object.entries(theirs).sort(([one], [other]) => (other === "label") - (one === "label"));
      for (const [name, texts] of order) {
        if (this.clashes[name] || alike(texts, this.acknowledged[name] ?? [])) continue;
        const now = read(this.form);
        if (!(name in now) && !name.startsWith("likeness:")) continue;
        if (!alike(now[name] ?? [], this.acknowledged[name] ?? []) && !alike(now[name] ?? [], texts)) continue;
        write(this.form, name, texts);
        this.acknowledged[name] = texts;
        names.push(name);
      }
      if (names.length) this.form.dispatchEvent(new CustomEvent("draft:taken", { detail: { names } }));
    }

    clashed(name, clash) {
      this.clashes[name] = clash;
      this.form.dispatchEvent(new CustomEvent("draft:clash", { detail: { name, ...clash } }));
    }

    // Ends a clash: `texts` is what shall stand, on top of what the other side wrote.
    settle(name, texts) {
      const clash = this.clashes[name];
      if (!clash) return;
      delete this.clashes[name];
      this.acknowledged[name] = clash.theirs;
      if (!alike(texts, read(this.form)[name] ?? [])) write(this.form, name, texts);
      this.keep();
      this.save();
      this.settled();
    }

    refuse(errors, changes) {
      // What is wrong with all of it together is said at the longest text.
      const longest = Object.entries(changes).sort(([, one], [, other]) => other.mine.join().length - one.mine.join().length)[0];
      if (errors.__all__ && longest) errors = { [longest[0]]: errors.__all__ };
      const names = Object.keys(errors).filter((name) => changes[name]);
      for (const name of names) this.refused[name] = changes[name].mine;
      this.form.dispatchEvent(new CustomEvent("draft:refused", { detail: { errors } }));
      if (!names.length) for (const [name, { mine }] of Object.entries(changes)) this.refused[name] = mine;
      this.keep();
      this.tell("refused", { refused: Object.keys(errors) });
      this.again = Object.keys(this.sendable()).length > 0;
    }

    failed() {
      if (!this.dirty() && !this.wanted) return; // it only asked what others wrote
      const seconds = RETRIES[Math.min(this.failures, RETRIES.length - 1)];
      this.failures += 1;
      this.keep();
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.save(), seconds * 1000);
      this.tell("failed", { retryAt: Date.now() + seconds * 1000 });
    }

    // Says where things stand once nothing more can be sent.
    settled() {
      if (Object.keys(this.sendable()).length) this.tell("unsaved");
      else if (Object.keys(this.clashes).length) this.tell("clash", { waiting: Object.keys(this.clashes) });
      else if (this.dirty()) this.tell("refused", { refused: Object.keys(this.refused) });
      else if (this.saveUrl) this.tell("saved");
    }

    tell(state, more = {}) {
      this.state = state;
      const detail = { state, savedAt: this.savedAt, kept: this.isKept ?? true, key: this.key, ...more };
      this.form.dispatchEvent(new CustomEvent("draft:state", { detail }));
    }

    // The cookie is newer than the page after signing in again, also in another tab.
    token() {
      const cookie = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
      if (cookie) this.trust(cookie.slice("csrftoken=".length));
      return this.form.elements.csrfmiddlewaretoken.value;
    }

    trust(csrf) {
      for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = csrf;
      document.body.setAttribute("hx-headers", JSON.stringify({ "x-csrftoken": csrf }));
    }

    signedIn(csrf) {
      this.trust(csrf);
      this.tell("unsaved");
      return this.save({ ask: true });
    }

    // After the draft was submitted, discarded or lost: what stands in the form becomes a draft of its own.
    startAnew() {
      kept.drop(this.person, this.key);
      Object.assign(this, { key: kept.newKey(), saveUrl: "", version: null, acknowledged: {}, clashes: {}, refused: {} });
      this.touched = true;
      this.tell("unsaved");
      return this.save();
    }

    abandon() {
      clearTimeout(this.timer);
      clearTimeout(this.retry);
      this.released = true;
      kept.drop(this.person, this.key);
    }

    async flush() {
      for (let tries = 0; tries < 5 && (this.inFlight || Object.keys(this.sendable()).length); tries += 1) {
        await this.save();
        if (!this.savingSoon()) return false;
      }
      return !this.dirty();
    }

    async submitting(event) {
      if (this.released || !this.touched || !(this.inFlight || this.dirty() || CLOSED.includes(this.state))) {
        this.released = true;
        return;
      }
      event.preventDefault();
      const { submitter } = event;
      if (this.waits) return;
      this.waits = true;
      const through = !CLOSED.includes(this.state) && (await this.flush());
      this.waits = false;
      if (through) {
        this.released = true;
        this.form.requestSubmit(submitter ?? undefined);
      } else {
        this.form.dispatchEvent(new CustomEvent("draft:held", { detail: { state: this.state, submitter } }));
      }
    }

    leaving() {
      if (this.dirty() && this.keep() && this.savingSoon() && !this.released) this.save();
    }

    // Back on this tab: what did others write meanwhile?
    look() {
      if (this.state === "signed-out") this.save({ ask: true }); // perhaps signed in again in another tab
      if (this.saveUrl && this.savingSoon() && !this.inFlight && Date.now() - (this.looked ?? 0) > 3000) {
        this.looked = Date.now();
        this.save({ ask: true });
      }
    }

    returned() {
      this.released = false;
      this.look();
    }

    // Puts back what this browser kept for the draft; the server's own merge decides about what moved since.
    putBack(entry) {
      const names = [];
      for (const [name, { base, mine }] of Object.entries(entry.changes)) {
        const stands = read(this.form)[name] ?? [];
        if (alike(stands, mine)) continue;
        write(this.form, name, mine);
        this.acknowledged[name] = this.saveUrl ? base : [];
        names.push(name);
      }
      this.touched = true;
      this.keep();
      if (!names.length) return;
      this.form.dispatchEvent(new CustomEvent("draft:back", { detail: { names } }));
      this.tell("unsaved");
      this.save();
    }
  }

  function begin(form) {
    const draft = new Draft(form);
    form.draft = draft;
    form.ensureDraft = async () => {
      draft.touched = draft.wanted = true;
      if (!draft.saveUrl) await draft.save();
      draft.wanted = false;
      if (!draft.evidenceUrl) throw new Error("The draft could not be saved.");
      return { evidence_url: draft.evidenceUrl };
    };
    const entry = draft.saveUrl ? kept.take(draft.person, draft.key) : null;
    if (entry) draft.putBack(entry);
    else if (draft.dirty()) draft.save();
  }

  // The other scripts of the page listen first.
  addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-draft]").forEach(begin));
})();
