// The boxes above the four objectives show them while they are typed, also when a draft is filled in by others.
(() => {
  const shown = [...document.querySelectorAll("[data-gap-form] [data-shows]")];
  for (const box of shown) {
    const field = document.getElementById(box.dataset.shows);
    if (!field) continue;
    const show = () => { box.textContent = field.value; };
    for (const name of ["input", "change", "answers:written"]) field.addEventListener(name, show);
    // A browser fills in again what was typed before it went back to the page.
    window.addEventListener("pageshow", show);
  }
})();
