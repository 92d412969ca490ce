// The panel of a station PC's own camera, which the local process looks through and reads: it sends what to show.
(() => {
  let panel = null;
  const tellProcess = () => dispatchEvent(new CustomEvent("mumen-camera-closed")); // to native.js
  const close = () => {
    panel?.remove();
    panel = null;
  };
  const open = () => {
    if (panel) return;
    panel = mumenPanel("img");
    panel.picture.alt = "";
    panel.picture.style.visibility = "hidden"; // until there is one
    panel.button("关闭 Close", () => { close(); tellProcess(); });
  };
  const show = (jpeg) => {
    if (!panel) return tellProcess(); // this page was loaded anew
    panel.picture.src = `data:image/jpeg;base64,${jpeg}`;
    panel.picture.style.visibility = "visible";
  };
  addEventListener("mumen-page", ({ detail: { kind, state, text, jpeg } }) => {
    if (kind === "native-picture") show(jpeg);
    if (kind !== "native-camera") return;
    if (state === "open") open();
    if (state === "closed") close();
    if (state === "seen") panel?.flash();
    if (state === "said") panel?.say(text);
    if (state === "fault" && panel) {
      panel.picture.style.visibility = "hidden";
      panel.say(text);
    }
  });
})();
