// Files and transcripts, dropped, pasted or chosen, into any element with data-evidence-drop.
// Where there is no address yet (data-evidence-url), the form around it makes a draft: form.ensureDraft().
(() => {
  const MOST_CHARACTERS = 2_000_000;
  const AWAY = "The server cannot be reached. Nothing was kept of it; try again.";

  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["x-csrftoken"] ?? "";

  // Why the server did not take it, in words, whatever it answered.
  function refusals(request) {
    const known = { 0: AWAY, 401: "You are signed out. Sign in again, then repeat.", 403: "You may not add evidence here any more.", 404: "This is not there any more.", 413: "It is larger than what is taken." };
    try {
      const said = JSON.parse(request.responseText).errors;
      if (Array.isArray(said) && said.length) return said;
    } catch {
      // Not JSON: a page for people, which says the same at length.
    }
    return [known[request.status] ?? "The server could not take it. Nothing was kept of it; try again."];
  }

  function post(url, body, progress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", token());
      request.upload.addEventListener("progress", (event) => event.lengthComputable && progress?.((100 * event.loaded) / event.total));
      request.addEventListener("loadend", () => {
        // A sign-in page is answered with 200 after a redirect; what we asked for is JSON.
        const json = (request.getResponseHeader("Content-Type") ?? "").startsWith("application/json");
        if (request.status >= 200 && request.status < 300 && json) resolve(JSON.parse(request.responseText));
        else if (request.status >= 200 && request.status < 300) reject(["You are signed out. Sign in again, then repeat."]);
        else reject(refusals(request));
      });
      request.send(body);
    });
  }

  function setUp(drop) {
    if (drop.dataset.evidenceReady) return;
    drop.dataset.evidenceReady = "yes";
    const part = (name) => drop.querySelector(`[data-evidence-${name}]`);
    const [zone, choose, rows, errors, status] = ["zone", "choose", "rows", "errors", "status"].map(part);
    const [paste, box, text] = ["paste", "pastebox", "text"].map(part);
    const row = drop.querySelector("template[data-evidence-row]").content.firstElementChild;
    let queue = Promise.resolve();
    zone.hidden = false;

    const say = (words) => { status.textContent = words; };

    function complain(words) {
      for (const one of words) {
        const line = document.createElement("p");
        line.textContent = one;
        errors.append(line);
      }
    }

    async function address() {
      if (!drop.dataset.evidenceUrl) {
        const form = drop.closest("form");
        try {
          drop.dataset.evidenceUrl = (await form.ensureDraft()).evidence_url;
        } catch {
          throw ["The draft could not be kept, so there is nothing to add this to yet. Try again once it is saved."];
        }
      }
      return drop.dataset.evidenceUrl;
    }

    function fill(item, kept) {
      for (const place of item.querySelectorAll("[data-evidence-title]")) place.textContent = kept.title;
      item.querySelector("[data-evidence-words]").textContent = `received and checked · ${kept.words}`;
      const button = item.querySelector("[data-evidence-remove]");
      button.dataset.evidenceRemove = kept.remove_url;
      button.dataset.evidenceRestore = kept.restore_url;
      button.setAttribute("aria-label", `Remove ${kept.title}`);
      item.dataset.evidenceId = kept.id;
      item.classList.remove("sending");
    }

    async function add(name, values) {
      const item = row.cloneNode(true);
      const bar = item.querySelector("progress");
      item.querySelector("[data-evidence-title]").textContent = name;
      item.querySelector("[data-evidence-words]").textContent = "being sent";
      item.classList.add("sending");
      bar.hidden = false;
      rows.append(item);
      say(`Sending ${name}`);
      try {
        const body = new FormData();
        for (const [key, value] of Object.entries(values)) body.append(key, value);
        const kept = await post(await address(), body, (share) => { bar.value = share; });
        bar.hidden = true;
        say(`${kept.title} is received and checked`);
        if (drop.dataset.evidenceList) {
          await showList();
          item.remove();
        } else {
          fill(item, kept);
        }
        return true;
      } catch (words) {
        item.remove();
        complain(Array.isArray(words) ? words : [AWAY]);
        return false;
      }
    }

    // The page's own list, as the server shows it now. What was kept is kept even where this fails.
    async function showList() {
      const answer = await fetch(drop.dataset.evidenceList, { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) return;
      const fresh = document.createRange().createContextualFragment(await answer.text()).firstElementChild;
      document.getElementById("evidence-list").replaceWith(fresh);
      window.htmx?.process(fresh);
    }

    // One after the other, so that the first makes the draft and the rest find it.
    function addFiles(files) {
      errors.replaceChildren();
      for (const file of files) queue = queue.then(() => add(file.name, { kind: "file", file }));
      return queue;
    }

    function openBox(content = "") {
      box.hidden = false;
      paste.setAttribute("aria-expanded", "true");
      if (content) text.value = content;
      text.focus();
    }

    function closeBox() {
      box.hidden = true;
      text.value = "";
      paste.setAttribute("aria-expanded", "false");
      paste.focus();
    }

    paste.addEventListener("click", () => (box.hidden ? openBox() : closeBox()));
    part("cancel").addEventListener("click", closeBox);
    part("add").addEventListener("click", async () => {
      errors.replaceChildren();
      if (text.value.length > MOST_CHARACTERS) {
        complain([`The transcript has ${text.value.length.toLocaleString("en-GB")} characters; at most 2,000,000 are kept.`]);
        return;
      }
      if (await add("Transcript", { kind: "transcript", text: text.value })) closeBox();
      else text.focus();
    });
    choose.addEventListener("change", () => {
      addFiles([...choose.files]);
      choose.value = "";
    });

    for (const type of ["dragenter", "dragover"]) drop.addEventListener(type, (event) => zone.classList.toggle("over", holdsFiles(event)));
    for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => zone.classList.remove("over"));
    drop.addEventListener("drop", (event) => holdsFiles(event) && addFiles([...event.dataTransfer.files]));

    // A screenshot may be pasted anywhere in the form; text only where no field wants it.
    (drop.closest("form") ?? drop).addEventListener("paste", (event) => {
      const files = [...event.clipboardData.files];
      const content = event.clipboardData.getData("text/plain");
      if (files.length && !content) {
        event.preventDefault();
        addFiles(files);
      } else if (content && drop.contains(event.target) && !event.target.matches("textarea, input")) {
        event.preventDefault();
        openBox(content);
      }
    });
  }

  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-evidence-remove]");
    if (!button) return;
    const item = button.closest(".keptrow");
    const drop = button.closest("[data-evidence-drop]");
    const gone = item.classList.contains("gone");
    drop.querySelector("[data-evidence-errors]").replaceChildren();
    try {
      const kept = await post(gone ? button.dataset.evidenceRestore : button.dataset.evidenceRemove, new FormData());
      item.classList.toggle("gone", !gone);
      button.textContent = gone ? "Remove" : "Undo";
      button.setAttribute("aria-label", gone ? `Remove ${kept.title}` : `Bring back ${kept.title}`);
      drop.querySelector("[data-evidence-status]").textContent = gone ? `${kept.title} is back` : `${kept.title} is removed`;
    } catch (words) {
      const line = document.createElement("p");
      line.textContent = Array.isArray(words) ? words[0] : AWAY;
      drop.querySelector("[data-evidence-errors]").append(line);
    }
  });

  // A file dropped beside the zone must not make the browser leave a page with typed text.
  for (const type of ["dragover", "drop"]) document.addEventListener(type, (event) => holdsFiles(event) && event.preventDefault());

  // Turns that were folded away take the focus of the link that showed them.
  document.addEventListener("htmx:afterSettle", () => {
    const first = document.querySelector("[data-evidence-revealed]");
    if (!first) return;
    first.removeAttribute("data-evidence-revealed");
    first.focus({ preventScroll: true });
  });

  function setUpAll() {
    for (const drop of document.querySelectorAll("[data-evidence-drop]")) setUp(drop);
  }

  document.addEventListener("htmx:afterSettle", setUpAll);
  setUpAll();
})();
