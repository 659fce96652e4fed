// Names to choose from while somebody types: an ARIA combobox on a plain text input.
//
// airPicker(input, {url, kind, picked(choice), under, knownOnly}) asks url?q=… for {"found": [{name, alias, cases, more}]}
// and offers at most eight, and unless knownOnly the words typed as a new one. The input keeps what was typed where
// nothing is chosen. picked gets {name, alias, cases, more} or, for a new name, {name, isNew: true}; `under` says what
// is known of it.
// Without scripts the input takes any name. [data-pick=url][data-kind] makes pickers of the inputs named data-kind,
// input[data-pick-known=url][data-kind] a picker of itself that offers only what is there.
(() => {
  const REST = 120;
  let numbers = 0;

  function element(tag, attributes, text = "") {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    return made;
  }

  function tidy(text) {
    return text.trim().replace(/\s+/g, " ");
  }

  function same(one, other) {
    return tidy(one).toLowerCase() === tidy(other).toLowerCase();
  }

  function cases({ cases: n, more }) {
    return more ? `more than ${n} cases` : `${n} case${n === 1 ? "" : "s"}`;
  }

  class Picker {
    constructor(input, { url, kind, picked, under, knownOnly = false }) {
      Object.assign(this, { input, url, kind, picked, under, knownOnly, choices: [], active: -1, asked: new Map() });
      const number = (numbers += 1);
      this.list = element("ul", { role: "listbox", id: `picks-${number}`, class: "found-list", "aria-label": `Known ${kind}s`, hidden: "" });
      this.said = element("p", { role: "status", class: "vh" });
      const place = element("div", { class: "pick" });
      input.before(place);
      place.append(input, this.list, this.said);
      input.removeAttribute("list");
      const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, autocomplete: "off", spellcheck: "false" };
      for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
      input.addEventListener("input", (event) => event.isTrusted && this.typed());
      input.addEventListener("keydown", (event) => this.key(event));
      input.addEventListener("blur", () => this.left());
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => this.clicked(event.target.closest("[role=option]")));
    }

    typed() {
      this.tell(null);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), REST);
    }

    async found(words) {
      if (!words) return [];
      if (this.asked.has(words)) return this.asked.get(words);
      this.asking?.abort();
      this.asking = new AbortController();
      const answer = await fetch(`${this.url}?q=${encodeURIComponent(words)}`, { signal: this.asking.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return [];
      const { found } = await answer.json();
      this.asked.set(words, found);
      return found;
    }

    async ask() {
      const words = tidy(this.input.value);
      try {
        const found = await this.found(words);
        if (words === tidy(this.input.value) && document.activeElement === this.input) this.show(words, found);
      } catch {
        this.close(); // the name can be typed all the same
      }
    }

    show(words, found) {
      const known = found.some(({ name, alias }) => same(name, words) || same(alias, words));
      this.choices = words && !known && !this.knownOnly ? [...found, { name: words, isNew: true }] : found;
      this.list.replaceChildren(...this.choices.map((choice, at) => this.option(choice, at)));
      this.active = -1;
      this.input.removeAttribute("aria-activedescendant");
      this.open(this.choices.length > 0);
      if (words) this.said.textContent = found.length ? `${found.length} found; choose with the arrow keys.` : this.knownOnly ? "None found." : "None found; it will be added as new.";
    }

    option(choice, at) {
      const option = element("li", { role: "option", id: `${this.list.id}-${at}`, "aria-selected": "false" });
      if (choice.isNew) {
        option.classList.add("new");
        option.append(`Add “${choice.name}” as a new ${this.kind}`);
        return option;
      }
      option.append(element("b", {}, choice.name));
      if (choice.alias) option.append(" ", element("span", { class: "quiet" }, `also called ${choice.alias}`));
      if ("cases" in choice) option.append(" ", element("span", { class: "quiet num sp" }, cases(choice)));
      return option;
    }

    open(wanted) {
      this.list.hidden = !wanted;
      this.input.setAttribute("aria-expanded", String(wanted));
    }

    close() {
      this.open(false);
      this.active = -1;
      this.input.removeAttribute("aria-activedescendant");
    }

    move(step) {
      const options = [...this.list.children];
      if (this.list.hidden || !options.length) {
        this.ask();
        return;
      }
      this.active = (this.active + step + options.length + (this.active < 0 && step < 0 ? 1 : 0)) % options.length;
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.active)));
      this.input.setAttribute("aria-activedescendant", options[this.active].id);
      options[this.active].scrollIntoView({ block: "nearest" });
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in steps) this.move(steps[event.key]);
      else if (event.key === "Escape" && !this.list.hidden) this.close();
      else if (event.key === "Enter" && !(this.knownOnly && this.list.hidden)) this.choose(this.choices[this.active]);
      else return;
      event.preventDefault();
    }

    clicked(option) {
      if (option) this.choose(this.choices[[...this.list.children].indexOf(option)]);
    }

    choose(choice) {
      clearTimeout(this.timer);
      const words = tidy(this.input.value);
      choice ??= this.choices.find(({ name }) => same(name, words)) ?? (words && !this.knownOnly ? { name: words, isNew: true } : null);
      this.close();
      if (!choice) return;
      this.input.value = choice.name;
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
      this.tell(choice);
      this.picked?.(choice);
    }

    empty() {
      this.input.value = "";
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
      this.tell(null);
      this.input.focus();
    }

    left() {
      clearTimeout(this.timer);
      this.close();
      this.know();
    }

    // What is known of the name that stands in the input, however it came there.
    async know() {
      const words = tidy(this.input.value);
      if (!this.under) return;
      try {
        const found = await this.found(words);
        if (words !== tidy(this.input.value)) return;
        const known = found.find(({ name, alias }) => same(name, words) || same(alias, words));
        this.tell(words ? (known ?? { name: words, isNew: true }) : null);
      } catch {
        this.tell(null);
      }
    }

    tell(choice) {
      if (!this.under) return;
      this.input.classList.toggle("known", Boolean(choice) && !choice.isNew);
      if (!choice) this.under.textContent = "";
      else if (choice.isNew) this.under.textContent = `“${choice.name}” is new here; it is added when you submit.`;
      else this.under.textContent = `${choice.alias ? `${choice.name}, also called ${choice.alias}: ` : ""}${cases(choice)} about ${choice.name} so far.`;
    }
  }

  window.airPicker = (input, options) => new Picker(input, options);

  function begin(place, row) {
    const [input, version] = row.querySelectorAll("input");
    const clear = Object.assign(document.createElement("button"), { type: "button", className: "clear", textContent: "×", tabIndex: -1 });
    const under = Object.assign(document.createElement("p"), { className: "under" });
    const picker = window.airPicker(input, { url: place.dataset.pick, kind: place.dataset.kind, under, picked: () => version.focus() });
    input.after(clear);
    clear.setAttribute("aria-label", "Clear the name");
    clear.addEventListener("click", () => picker.empty());
    row.after(under);
    input.addEventListener("answers:written", () => picker.know());
    if (input.value) picker.know();
  }

  for (const input of document.querySelectorAll("input[data-pick-known]")) {
    window.airPicker(input, { url: input.dataset.pickKnown, kind: input.dataset.kind, knownOnly: true });
  }
  for (const place of document.querySelectorAll("[data-pick]")) {
    for (const row of place.querySelectorAll(".two")) begin(place, row);
    place.addEventListener("rows:made", (event) => begin(place, event.target));
  }
})();
