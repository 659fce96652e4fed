// Asks for the password in place when the session has ended: <dialog data-again> with a form of user name and
// password, [data-problem] for what is wrong, [data-elsewhere] a link for who needs a second factor.
// Opens when the typing rests, so that no keystroke meant for the case lands in the password.
(() => {
  const form = document.querySelector("form[data-draft]");
  const dialog = document.querySelector("dialog[data-again]");
  if (!form || !dialog) return;
  const REST = 1200;
  const ask = dialog.querySelector("form");
  const problem = dialog.querySelector("[data-problem]");
  const elsewhere = dialog.querySelector("[data-elsewhere]");
  let typedAt = 0;
  let before = null;
  let submitter = null;

  function open() {
    if (dialog.open || form.draft.state !== "signed-out") return;
    const rest = Date.now() - typedAt;
    if (rest < REST) {
      setTimeout(open, REST - rest);
      return;
    }
    before = document.activeElement;
    dialog.showModal();
    ask.elements.password.focus();
  }

  function say(text, url = "") {
    problem.textContent = text;
    elsewhere.hidden = !url;
    if (url) elsewhere.href = url;
  }

  async function signIn() {
    const { username, password } = ask.elements;
    const answer = await fetch(form.dataset.againUrl, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.draft.token() },
      body: JSON.stringify({ username: username.value, password: password.value }),
    });
    const told = await answer.json();
    if (answer.status !== 200) {
      say(told.detail ?? "That did not work. Try again.", told.url);
      password.select();
      return;
    }
    password.value = "";
    dialog.close();
    await form.draft.signedIn(told.csrf);
    if (submitter !== null && !form.draft.dirty()) form.requestSubmit(submitter || undefined);
    submitter = null;
  }

  ask.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    try {
      await signIn();
    } catch {
      say("The server does not answer. Your text is kept in this browser.");
    }
  });

  dialog.addEventListener("close", () => before?.focus?.());
  dialog.querySelector("[data-later]").addEventListener("click", () => dialog.close());
  document.querySelector("[data-open-again]")?.addEventListener("click", () => {
    typedAt = 0;
    open();
  });
  document.addEventListener("keydown", () => (typedAt = Date.now()), true);
  form.addEventListener("draft:state", ({ detail }) => {
    if (detail.state === "signed-out") open();
    else if (detail.state === "saved" && dialog.open) dialog.close();
  });
  form.addEventListener("draft:held", ({ detail }) => {
    if (detail.state !== "signed-out") return;
    submitter = detail.submitter ?? false;
    typedAt = 0;
    open();
  });
})();
