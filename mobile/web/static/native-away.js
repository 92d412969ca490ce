// What the page of a station PC says while its local process is away. Nobody knows who is at work then, so nothing that
// is scanned is recorded: each scan is refused aloud, and its code stays to be read until somebody has seen to it.
(() => {
  const UNRECORDED = "mumen-unrecorded"; // a page that is loaded anew knows them still
  const AWAY = "程序停了，正在等它回来。现在扫的不会记录。";
  const AWAY_ENGLISH = "The app's program has stopped; waiting for it. What is scanned now is not recorded.";
  const HELP = "一直这样：重启这台电脑，或叫组长 · If it stays so: restart this PC, or call the leader";
  const LEFT = (count) => `程序停过，这 ${count} 张没有记录：登录后再扫一次 · ` +
    `The program had stopped and ${count} scanned ${count === 1 ? "label was" : "labels were"} not recorded: ` +
    "sign in and scan again";
  const PRINTED = /^(..)(....)(....)(....)(..)$/; // in groups, as on the label
  let unrecorded = JSON.parse(localStorage.getItem(UNRECORDED) ?? "[]"), isAway = false, shown = null;
  let before = []; // what was not recorded when it went away

  const part = (name, style, text = "") => {
    const element = document.createElement(name);
    element.style.cssText = style;
    element.textContent = text;
    return element;
  };
  const codes = () => part("p", "margin:12px 0;font:600 24px ui-monospace,monospace;overflow-wrap:anywhere",
    unrecorded.map((code) => code.replace(PRINTED, "$1-$2-$3-$4-$5")).join(" · "));
  const away = () => {
    const sheet = part("section", "position:fixed;inset:0;z-index:10;overflow:auto;padding:8vh 24px;text-align:center;" +
      "background:#b3261e;color:#fff;font:20px system-ui,sans-serif");
    sheet.append(part("h1", "margin:0 0 12px;font:600 36px system-ui,sans-serif", AWAY), part("p", "", AWAY_ENGLISH));
    if (unrecorded.length) sheet.append(codes());
    sheet.append(part("p", "", HELP));
    return sheet;
  };
  const left = () => {
    const panel = part("section", "position:fixed;inset:auto 0 0;z-index:8;max-height:50vh;overflow:auto;padding:16px 24px;" +
      "background:#b3261e;color:#fff;font:20px system-ui,sans-serif");
    const seen = part("button", "min-height:64px;min-width:240px;border:0;border-radius:12px;background:#fff;color:#222;" +
      "font:600 20px system-ui,sans-serif", "知道了 OK");
    seen.type = "button";
    seen.onclick = () => keep([]);
    panel.append(part("b", "", LEFT(unrecorded.length)), codes(), seen);
    return panel;
  };
  const paint = () => {
    shown?.remove();
    shown = isAway ? away() : unrecorded.length ? left() : null;
    if (!shown) return;
    shown.id = "away";
    shown.setAttribute("role", "alert");
    document.body.append(shown);
  };
  const keep = (codes) => {
    unrecorded = codes;
    localStorage.setItem(UNRECORDED, JSON.stringify(codes));
    paint();
  };

  globalThis.mumenAway = { // for native.js
    set: (is) => {
      if (is === isAway) return;
      isAway = is;
      if (is) before = unrecorded;
      paint();
    },
    refuse: (code) => {
      dispatchEvent(new CustomEvent("mumen-page", { detail: { kind: "play", tone: "stop" } })); // to bridge.js
      if (code && !unrecorded.includes(code)) keep([...unrecorded, code]);
    },
    recorded: () => keep(before), // after all, by the same process
  };
  addEventListener("DOMContentLoaded", paint);
})();
