// A scanner gun is a keyboard that types fast. Its codes are read from the physical keys, before anything has the focus
// and whatever input method is on, and go to Python as strings.
(() => {
  const GAP_MS = 100; // between two keys of a gun; few people type this fast, and not six keys in a row
  const SHORTEST = 6;
  const IDLE_MS = 150; // a gun that sends no Enter
  const WHOLE = 16;
  let typed = "", last = 0, timer = 0;

  const character = (event) => {
    const code = event.code;
    if (code.startsWith("Key")) return code[3];
    if (code.startsWith("Digit") && !event.shiftKey) return code[5];
    if (code.startsWith("Numpad") && code.length === 7) return code[6];
    return event.key.length === 1 ? event.key : "";
  };
  const send = () => {
    dispatchEvent(new CustomEvent("mumen-code", { detail: typed })); // to python.js, or native.js
    typed = "";
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const now = event.timeStamp; // when the key was pressed, however busy the page is
    if (now - last > GAP_MS) typed = "";
    clearTimeout(timer);
    if (event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Tab") {
      if (typed.length >= SHORTEST) { event.preventDefault(); event.stopImmediatePropagation(); send(); }
      typed = "";
      return;
    }
    last = now;
    typed += character(event);
    if (typed.length >= WHOLE) timer = setTimeout(() => { if (typed.length >= WHOLE) send(); }, IDLE_MS);
  }, true);
})();
