// Offers the text of new drafts that this browser kept and the server never acknowledged: [data-kept] with a
// <template> for each line. The tab that wrote it and was reloaded gets it back without asking.
(() => {
  const form = document.querySelector("form[data-draft]");
  const place = document.querySelector("[data-kept]");
  if (!form || !place) return;
  const { person } = form.dataset;
  const TAB = "air-draft-of-this-tab";
  const FRESH = 5000; // another tab may be about to save this one: look again a little later

  function ofThisTab(key) {
    try {
      if (key === undefined) return sessionStorage.getItem(TAB);
      sessionStorage.setItem(TAB, key);
    } catch {
      // Then the text is offered instead.
    }
    return "";
  }

  function putBack(key, entry) {
    form.draft.key = key;
    form.draft.putBack(entry);
  }

  function offer(key, entry) {
    const line = place.querySelector("template").content.firstElementChild.cloneNode(true);
    line.querySelector("[data-title]").textContent = entry.title || "Untitled";
    line.querySelector("[data-at]").textContent = new Date(entry.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    const back = line.querySelector("[data-put-back]");
    back.hidden = entry.made;
    back.addEventListener("click", () => {
      done(line);
      putBack(key, entry);
    });
    const link = line.querySelector("[data-open]");
    link.hidden = !entry.made;
    link.href = `${place.dataset.draftsUrl}${encodeURIComponent(key)}/`;
    line.querySelector("[data-drop]").addEventListener("click", () => {
      window.airKept.drop(person, key);
      done(line);
    });
    place.querySelector("ul").append(line);
    place.hidden = false;
  }

  function done(line) {
    line.remove();
    place.hidden = !place.querySelector("li");
    window.airAnswers.controls(form, "title")[0].focus();
  }

  function offerLater(key, { at }) {
    const entry = window.airKept.take(person, key);
    if (entry?.at === at) offer(key, entry);
  }

  addEventListener("DOMContentLoaded", () => {
    if (form.dataset.saveUrl) return;
    const own = ofThisTab();
    for (const [key, entry] of window.airKept.all(person)) {
      const age = Date.now() - new Date(entry.at);
      if (key === own && !entry.made) putBack(key, entry);
      else if (age > FRESH) offer(key, entry);
      else setTimeout(() => offerLater(key, entry), FRESH - age);
    }
    form.addEventListener("input", () => form.draft.key && ofThisTab(form.draft.key));
  });
})();
