// The panel over the lower part of the app in which a camera's picture is seen: picture, reticle, one line of words and
// buttons. camera.js fills it with the browser's own camera, native-camera.js with that of a station PC.
(() => {
  const part = (name, style, text = "") => {
    const element = document.createElement(name);
    element.style.cssText = style;
    element.textContent = text;
    return element;
  };
  globalThis.mumenPanel = (media) => { // "video" or "img"
    const panel = part("section", "position:fixed;right:0;bottom:0;z-index:8;width:min(100vw,620px);" +
      "height:min(46vh,420px);background:#000;color:#fff;font:600 18px system-ui,sans-serif;overflow:hidden");
    panel.id = "scanner";
    panel.picture = part(media, "position:absolute;inset:0;width:100%;height:100%;object-fit:cover");
    const reticle = part("div", "position:absolute;left:50%;top:42%;width:190px;height:190px;border:4px solid #fff;" +
      "border-radius:16px;transform:translate(-50%,-50%);box-shadow:0 0 0 999px #0005");
    const note = part("p", "position:absolute;inset:0 0 auto;margin:0;padding:12px;text-align:center;" +
      "text-shadow:0 0 6px #000,0 0 2px #000");
    note.setAttribute("role", "status");
    const bar = part("div", "position:absolute;inset:auto 0 0;display:flex;gap:8px;padding:8px");
    panel.button = (word, onclick) => {
      const made = part("button", "flex:1;min-height:64px;border:0;border-radius:12px;background:#fff;color:#222;" +
        "font:inherit", word);
      made.type = "button";
      made.onclick = onclick;
      bar.append(made);
      return made;
    };
    panel.say = (text) => { note.textContent = text; };
    panel.flash = () => reticle.animate([{ borderColor: "#4caf50" }, { borderColor: "#fff" }], 600);
    panel.append(panel.picture, reticle, note, bar);
    document.body.append(panel);
    return panel;
  };
})();
