// A scanner gun is a keyboard that types fast. Its codes are read from the physical keys, before anything has the focus
// and whatever input method is on, and go to Python with what the keyboard's layout made of them: see
// mobile/scanner/keystrokes.py. What a gun typed into a field that happened to have the focus is taken out of it again.
(() => {
  const GAP_MS = 100; // between two keys of a gun; few people type this fast, and not six keys in a row
  const LONG = 6;
  const QUICK_MS = 40; // what is shorter is a gun's only where no gap is wider: a PIN is typed slower
  const SHORTEST = 2;
  const IDLE_MS = 150; // a gun that sends no Enter
  const WHOLE = 16;
  const CLEAN_AFTER_MS = [0, 60, 250]; // an input method commits what it was composing a little later
  const UNREADABLE = "\uFFFD"; // a character that the page is not told; the scan has been made all the same
  let typed = "", shown = "", widest = 0, total = 0, last = 0, timer = 0, gun = {}, field = null, dirty = null;

  const character = (event) => {
    const code = event.code;
    if (event.altKey) return event.key === "Alt" ? UNREADABLE : ""; // Alt and a number: Chinese from a gun on Windows
    if (code.startsWith("Key")) return code[3];
    if (code.startsWith("Digit") && !event.shiftKey) return code[5];
    if (code.startsWith("Numpad") && code.length === 7) return code[6];
    if (!code && (event.key === "Unidentified" || event.key === "Process")) return UNREADABLE;
    return [...event.key].length === 1 ? event.key : "";
  };
  const isLong = (length) => typed.length >= length && !typed.includes(UNREADABLE); // keys on glass have no name
  const isScan = () => isLong(LONG) || (typed.length >= SHORTEST && widest <= QUICK_MS);
  const begin = () => {
    clean(dirty); // the next key has not written anything yet
    dirty = null;
    typed = shown = "";
    widest = total = 0;
    gun = { hasIme: false, hasCaps: false, hasNumpad: false };
    const active = document.activeElement;
    field = active && "value" in active ? { active, value: active.value, at: active.selectionStart } : null;
  };
  const clean = (scanned) => {
    if (!scanned || scanned !== dirty || scanned.active.value === scanned.value) return;
    const { active, value, at } = scanned;
    active.value = value;
    active.setSelectionRange?.(at, at);
    active.dispatchEvent(new Event("input", { bubbles: true })); // Flutter looks at its field again
  };
  const send = (end) => {
    const scanned = (dirty = field);
    for (const ms of CLEAN_AFTER_MS) setTimeout(() => clean(scanned), ms);
    setTimeout(() => { if (dirty === scanned) dirty = null; }, CLEAN_AFTER_MS.at(-1)); // from here on it is a person's
    const detail = { typed, shown, widest_ms: Math.round(widest), total_ms: Math.round(total), end, ...gun };
    dispatchEvent(new CustomEvent("mumen-keystrokes", { detail })); // to python.js, or native.js
    typed = "";
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const now = event.timeStamp; // when the key was pressed, however busy the page is
    const gap = now - last;
    clearTimeout(timer);
    const isEnd = event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Tab";
    if (gap > GAP_MS || !typed) begin();
    else { widest = Math.max(widest, gap); total += gap; }
    if (isEnd && !event.altKey) {
      last = now;
      if (isScan()) { event.preventDefault(); event.stopImmediatePropagation(); send(event.code); }
      typed = "";
      return;
    }
    last = now;
    const key = character(event);
    typed += key;
    shown += [...event.key].length === 1 ? event.key : key;
    gun.hasIme ||= event.isComposing || event.key === "Process";
    gun.hasCaps ||= event.getModifierState("CapsLock");
    gun.hasNumpad ||= event.code.startsWith("Numpad");
    if (isLong(WHOLE)) timer = setTimeout(() => { if (isLong(WHOLE)) send(""); }, IDLE_MS);
  }, true);
})();
