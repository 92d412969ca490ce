// A scanner gun is a keyboard that types fast. Its codes are read from the physical keys, before anything has the focus
// and whatever input method is on, and go to Python as strings.
(() => {
  const GAP_MS = 100; // between two keys of a gun; few people type this fast, and not six keys in a row
  const LONG = 6;
  const QUICK_MS = 40; // what is shorter is a gun's only where no gap is wider: a PIN is typed slower
  const SHORTEST = 2;
  const IDLE_MS = 150; // a gun that sends no Enter
  const WHOLE = 16;
  const UNREADABLE = "\uFFFD"; // a character that the page is not told; the scan has been made all the same
  let typed = "", widest = 0, last = 0, timer = 0;

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
  const send = () => {
    dispatchEvent(new CustomEvent("mumen-code", { detail: typed })); // to python.js, or native.js
    typed = "";
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const now = event.timeStamp; // when the key was pressed, however busy the page is
    const gap = now - last;
    if (gap > GAP_MS) typed = "";
    widest = typed ? Math.max(widest, gap) : 0;
    clearTimeout(timer);
    const isEnd = event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Tab";
    if (isEnd && !event.altKey) {
      if (isScan()) { event.preventDefault(); event.stopImmediatePropagation(); send(); }
      typed = "";
      return;
    }
    last = now;
    typed += character(event);
    if (isLong(WHOLE)) timer = setTimeout(() => { if (isLong(WHOLE)) send(); }, IDLE_MS);
  }, true);
})();
