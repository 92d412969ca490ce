// A scanner gun is a keyboard that types fast. Its codes are read from the physical keys, before anything has the focus
// and whatever input method is on, and go to Python with what the keyboard's layout made of them: see
// mobile/scanner/keystrokes.py. What a gun typed into a field that happened to have the focus is taken out of it again.
// A gun whose radio or machine hangs makes two bursts of one code; Python gets what came before, and knows whether it is.
// What a hand types where no field is goes to Python too, once it is known that no gun did: a PIN is typed so.
(() => {
  const GAP_MS = 100; // between two keys of a gun; few people type this fast, and not six keys in a row
  const LONG = 6;
  const QUICK_MS = 40; // what is shorter is a gun's only where no gap is wider: a PIN is typed slower
  const SHORTEST = 2;
  const IDLE_MS = 150; // a gun that sends no Enter
  const STALL_MS = 1_500; // the rest of a code comes sooner than this, or somebody is told that it did not
  const LATE_MS = 10_000; // and after this it is the rest of nothing
  const STALLS = 3; // in one code; more gaps are a hand's
  const WHOLE = 16;
  const CLEAN_AFTER_MS = [0, 60, 250]; // an input method commits what it was composing a little later
  const UNREADABLE = "\uFFFD"; // a character that the page is not told; the scan has been made all the same
  const fresh = (field = null) => ({
    typed: "", shown: "", hand: "", widest: 0, total: 0, field, hasIme: false, hasCaps: false, hasNumpad: false,
  });
  let burst = fresh(), before = [], last = 0, silent = null, timer = 0, dirty = null;

  const character = (event) => {
    const code = event.code;
    if (event.altKey) return event.key === "Alt" ? UNREADABLE : ""; // Alt and a number: Chinese from a gun on Windows
    if (code.startsWith("Key")) return code[3];
    if (code.startsWith("Digit") && !event.shiftKey) return code[5];
    if (code.startsWith("Numpad") && code.length === 7) return code[6];
    if (!code && (event.key === "Unidentified" || event.key === "Process")) return UNREADABLE;
    return [...event.key].length === 1 ? event.key : "";
  };
  const isLong = (length) => burst.typed.length >= length && !burst.typed.includes(UNREADABLE); // keys on glass have no name
  const isScan = () => isLong(LONG) || (burst.typed.length >= SHORTEST && burst.widest <= QUICK_MS);
  // What no hand does, also where no Enter says that it was a scan; without a field, hands type nothing but a PIN.
  const isGun = ({ typed, widest, field }) => {
    if (typed.includes(UNREADABLE)) return false;
    const isQuick = widest <= QUICK_MS;
    return (isQuick && typed.length >= LONG) || (!field && /\D/.test(typed) && typed.length >= (isQuick ? 2 : 3));
  };
  const recent = () => before.filter((piece) => !piece.isOld);
  const isOpen = () => recent().some(isGun); // a gun has not ended what it began
  const length = () => recent().reduce((sum, { typed, isTold }) => sum + (isTold ? 0 : typed.length), burst.typed.length);
  const isWhole = () => isLong(WHOLE) || (length() >= WHOLE && (isOpen() || isGun(burst)));

  const begin = () => {
    clean(dirty); // the next key has not written anything yet
    dirty = null;
    const active = document.activeElement;
    burst = fresh(active && "selectionStart" in active ? { active, value: active.value, at: active.selectionStart } : null);
  };
  const clean = (scanned) => {
    if (!scanned || scanned !== dirty || scanned.active.value === scanned.value) return;
    const { active, value, at } = scanned;
    active.value = value;
    active.setSelectionRange?.(at, at);
    active.dispatchEvent(new Event("input", { bubbles: true })); // Flutter looks at its field again
  };
  const cleanSoon = (scanned) => {
    dirty = scanned;
    for (const ms of CLEAN_AFTER_MS) setTimeout(() => clean(scanned), ms);
    setTimeout(() => { if (dirty === scanned) dirty = null; }, CLEAN_AFTER_MS.at(-1)); // from here on it is a person's
  };
  const tell = (end, isBroken, { typed, shown, widest, total, hasIme, hasCaps, hasNumpad }, earlier) => {
    const pieces = earlier.map((one) => ({ typed: one.typed, shown: one.shown, gap_ms: one.gap, isTold: !!one.isTold }));
    const took = earlier.reduce((sum, one) => sum + one.total + one.gap, total);
    const detail = { typed, shown, widest_ms: Math.round(widest), total_ms: Math.round(took), end, hasIme, hasCaps, hasNumpad };
    Object.assign(detail, { isBroken, before: pieces });
    dispatchEvent(new CustomEvent("mumen-keystrokes", { detail })); // to python.js, or native.js
  };
  const send = (end, isBroken = false) => {
    const begun = before.find((piece) => isGun(piece) && !piece.isTold); // however long ago: it stands in the field still
    const { field } = begun ?? ((!isLong(WHOLE) && length() === WHOLE && recent()[0]) || burst);
    cleanSoon(field);
    tell(end, isBroken, burst, before);
    const told = { isTold: true, hand: "", ...(isBroken && { isOld: true }) };
    const isSure = end || (isLong(WHOLE) && !isBroken); // else pieces of two labels may be as many keys as one has
    before = isSure ? [] : [...before, burst].map((piece) => ({ gap: 0, ...piece, ...told }));
    silent = end || isBroken ? null : { since: last, field };
    burst = fresh();
  };
  const sendHand = (pieces = [...before, burst]) => {
    const keys = pieces.map((piece) => piece.hand).join("");
    for (const piece of pieces) piece.hand = "";
    if (keys) dispatchEvent(new CustomEvent("mumen-typed", { detail: { hand: keys } }));
  };
  const forget = () => {
    const gone = before.shift();
    if (!isGun(gone)) sendHand([gone]);
    else if (!gone.isTold) tell("", true, gone, []);
  };
  const pause = (gap, isEnd) => {
    if (!isEnd && isWhole()) send(""); // and another code has begun
    if (!isOpen() && !isGun(burst)) sendHand();
    if (burst.typed) before.push({ ...burst, gap: Math.round(gap) });
    if (gap > STALL_MS) for (const piece of before) piece.isOld = true;
    const isStart = (piece) => isGun(piece) || /^[^\d\uFFFD]/.test(piece.typed);
    while (before.length && (gap > LATE_MS || before.length > STALLS || !isStart(before[0]))) forget();
    burst = fresh();
  };
  const quiet = () => {
    if (isWhole()) send("");
    else if (isOpen() || isGun(burst)) timer = setTimeout(() => send("", true), STALL_MS - IDLE_MS);
    else sendHand();
  };
  const endHand = (key) => {
    if (!burst.field) burst.hand += key;
    sendHand();
    before = [];
    burst = fresh();
  };
  const ended = (event) => {
    const isGuns = isScan() || isOpen() || (recent().length > 0 && length() >= WHOLE);
    const late = !burst.typed && silent && last - silent.since < STALL_MS ? silent : null; // of a code that a pause has ended
    silent = null;
    if (isGuns || late) { event.preventDefault(); event.stopImmediatePropagation(); }
    if (isGuns) return send(event.code);
    if (late) return cleanSoon(late.field); // an input method commits what it composed only now
    endHand(event.code === "Tab" ? "" : "\n");
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.repeat) return; // a key that hangs is one key
    const gap = event.timeStamp - last; // when the key was pressed, however busy the page is
    last = event.timeStamp;
    clearTimeout(timer);
    const isEnd = !event.altKey && (event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Tab");
    if (gap > GAP_MS) pause(gap, isEnd);
    else if (burst.typed) { burst.widest = Math.max(burst.widest, gap); burst.total += gap; }
    if (!burst.typed) begin();
    if (isEnd) return ended(event);
    silent = null;
    if (event.key === "Backspace" && !burst.field && !isOpen() && !isGun(burst)) return endHand("\b");
    const key = character(event);
    burst.typed += key;
    burst.shown += [...event.key].length === 1 ? event.key : key;
    if (!burst.field) burst.hand += key;
    burst.hasIme ||= event.isComposing || event.key === "Process";
    burst.hasCaps ||= event.getModifierState("CapsLock");
    burst.hasNumpad ||= event.code.startsWith("Numpad");
    timer = setTimeout(quiet, IDLE_MS);
  }, true);
})();
