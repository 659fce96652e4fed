// The text that the server has not acknowledged, kept in this browser until it has: one entry for each draft.
//
// airKept.put(person, key, entry)   entry: {title, made, changes: {field: {base, mine}}, at}; made: the server knows it
// airKept.take(person, key)         the entry, or null        airKept.drop(person, key)
// airKept.all(person)               [[key, entry]], the last written first
// Entries carry the person's id, so that nobody is offered the text of whoever used this browser before.
(() => {
  const PREFIX = "air-draft";

  function place(person, key) {
    return `${PREFIX}:${person}:${key}`;
  }

  function put(person, key, entry) {
    try {
      localStorage.setItem(place(person, key), JSON.stringify({ ...entry, at: new Date().toISOString() }));
      return true;
    } catch {
      return false; // full or switched off: the bar must not claim that the text is kept
    }
  }

  function take(person, key) {
    try {
      const entry = JSON.parse(localStorage.getItem(place(person, key)));
      return entry && typeof entry.changes === "object" ? entry : null;
    } catch {
      return null;
    }
  }

  function drop(person, key) {
    try {
      localStorage.removeItem(place(person, key));
    } catch {
      // Nothing was kept either.
    }
  }

  function all(person) {
    const start = place(person, "");
    let names = [];
    try {
      names = Object.keys(localStorage).filter((name) => name.startsWith(start));
    } catch {
      return [];
    }
    const entries = names.map((name) => [name.slice(start.length), take(person, name.slice(start.length))]);
    return entries.filter(([, entry]) => entry).sort(([, one], [, other]) => (one.at < other.at ? 1 : -1));
  }

  // A key for a draft that the server does not know yet, so that a repeated first save finds the same draft.
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  window.airKept = { put, take, drop, all, newKey };
})();
