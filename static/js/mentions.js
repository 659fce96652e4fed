// People to choose from after an @ in a text: textarea[data-mentions=url].
//
// Asks url?q=… for {"found": [{username, name}]} and offers at most eight; arrow keys, Enter or Tab take one, Escape
// closes. Without scripts one writes the user name. Works for texts that come in later.
(() => {
  const BEGUN = /(?:^|[^\w.@+-])@([\w.+-]{0,60})$/u;
  const REST = 120;
  let open = null;
  let numbers = 0;
  let timer;

  function begun(text) {
    const found = BEGUN.exec(text.value.slice(0, text.selectionStart));
    return found && text.selectionStart === text.selectionEnd ? found[1] : null;
  }

  function listOf(text) {
    if (text.named) return text.named;
    const list = document.createElement("ul");
    const said = document.createElement("p");
    const place = document.createElement("div");
    Object.assign(list, { id: `named-${(numbers += 1)}`, className: "named-list", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "People who see this case");
    said.className = "vh";
    said.setAttribute("role", "status");
    place.className = "mentioning";
    text.before(place);
    place.append(text, list, said);
    text.focus();
    text.setAttribute("aria-controls", list.id);
    text.setAttribute("aria-autocomplete", "list");
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) take(text, option.dataset.username);
    });
    text.named = { list, said };
    return text.named;
  }

  function optionOf({ username, name }, at, list) {
    const option = document.createElement("li");
    const bold = document.createElement("b");
    const quiet = document.createElement("span");
    bold.textContent = name;
    quiet.className = "quiet";
    quiet.textContent = `@${username}`;
    option.append(bold, quiet);
    option.id = `${list.id}-${at}`;
    option.dataset.username = username;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    return option;
  }

  function choose(text, at) {
    const options = [...text.named.list.children];
    text.at = (at + options.length) % options.length;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === text.at)));
    text.setAttribute("aria-activedescendant", options[text.at].id);
  }

  function close() {
    if (!open) return;
    open.named.list.hidden = true;
    open.removeAttribute("aria-activedescendant");
    open = null;
  }

  function take(text, username) {
    const words = begun(text);
    if (words !== null) {
      const start = text.selectionStart - words.length;
      text.setRangeText(`${username} `, start, text.selectionStart, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    close();
  }

  async function ask(text) {
    const words = begun(text);
    if (words === null) {
      close();
      return;
    }
    try {
      const address = `${text.dataset.mentions}?q=${encodeURIComponent(words)}`;
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      const { found } = answer.ok ? await answer.json() : { found: [] };
      if (words === begun(text) && document.activeElement === text) show(text, found);
    } catch {
      close(); // the name can be typed all the same
    }
  }

  function show(text, found) {
    const { list, said } = listOf(text);
    list.replaceChildren(...found.map((person, at) => optionOf(person, at, list)));
    list.hidden = !found.length;
    said.textContent = found.length ? `${found.length} found; choose with the arrow keys.` : "Nobody of that name sees this case.";
    open = found.length ? text : null;
    if (open) choose(text, 0);
  }

  document.addEventListener("input", (event) => {
    const text = event.target;
    if (!text.matches?.("textarea[data-mentions]") || !event.isTrusted) return;
    clearTimeout(timer);
    timer = setTimeout(() => ask(text), REST);
  });
  document.addEventListener("keydown", (event) => {
    if (open !== event.target || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(open, open.at + step);
    else if (event.key === "Enter" || event.key === "Tab") take(open, open.named.list.children[open.at].dataset.username);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("focusout", (event) => event.target === open && close());
})();
