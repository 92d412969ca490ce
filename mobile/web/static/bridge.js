// What only the page can do for Python: sound, vibration, downloads, pictures; and the start of the app itself.
(() => {
  // [frequency in Hz, length in ms, pause in ms]: different in rhythm too, for the deaf ear and the loud hall.
  const SOUNDS = {
    ok: [[1320, 120, 0]],
    info: [[990, 110, 90], [990, 110, 0]],
    wait: [[440, 380, 0]],
    repeat: [[740, 60, 40], [740, 60, 40], [740, 60, 40], [740, 60, 0]],
    stop: [[220, 200, 90], [220, 200, 90], [220, 320, 0]],
  };
  const VIBRATIONS = { ok: [60], info: [60, 60, 60], wait: [200], repeat: [25, 35, 25, 35, 25, 35, 25], stop: [400, 100, 400] };
  let audio = null;
  const wake = () => {
    audio ??= new AudioContext();
    if (audio.state === "suspended") audio.resume();
  };
  addEventListener("pointerdown", wake, true);
  addEventListener("keydown", wake, true);

  const play = (tone) => {
    navigator.vibrate?.(VIBRATIONS[tone] ?? []);
    if (!audio || audio.state !== "running") return;
    let at = audio.currentTime;
    for (const [frequency, length, pause] of SOUNDS[tone] ?? []) {
      const oscillator = audio.createOscillator(), gain = audio.createGain();
      oscillator.type = tone === "stop" ? "square" : "sine";
      oscillator.frequency.value = frequency;
      gain.gain.setValueAtTime(0.6, at);
      gain.gain.setTargetAtTime(0, at + length / 1000 - 0.02, 0.008);
      oscillator.connect(gain).connect(audio.destination);
      oscillator.start(at);
      oscillator.stop(at + length / 1000 + 0.03);
      at += (length + pause) / 1000;
    }
  };
  const download = (name, content, type) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };

  // A phone hands the file to whatever its people use: a printer, a messenger, its files. Where it cannot, it is kept.
  const share = async (name, content, type) => {
    const shared = { files: [new File([content], name, { type })] };
    const isHandheld = matchMedia("(pointer: coarse)").matches;
    if (!isHandheld || !navigator.canShare?.(shared)) return download(name, content, type);
    try {
      await navigator.share(shared);
    } catch (error) {
      // Nobody wanted it after all; or the file took so long that the tap is forgotten.
      if (error.name !== "AbortError") download(name, content, type);
    }
  };

  // ---- pictures: the device's own camera app, by a file field; what comes is made small before anybody hashes it ----
  const PICTURE_PX = 1600, JPEG_QUALITY = 0.85;
  const madeSmall = async (file) => {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, PICTURE_PX / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const jpeg = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", JPEG_QUALITY));
    return new Uint8Array(await jpeg.arrayBuffer()); // drawn anew: without the place and the phone's name
  };
  globalThis.mumenSmallPicture = madeSmall; // for camera.js
  const takePhoto = (number) => {
    document.getElementById("camera")?.remove();
    const sheet = document.createElement("label");
    sheet.id = "camera";
    sheet.textContent = "📷 点这里拍照 · Tap to take the picture";
    sheet.style.cssText = "position:fixed;inset:0;z-index:9;display:none;align-items:center;justify-content:center;" +
      "background:#000c;color:#fff;font:600 28px system-ui,sans-serif";
    const input = document.createElement("input");
    Object.assign(input, { type: "file", accept: "image/*", hidden: true });
    input.setAttribute("capture", "environment");
    const answer = (content) => {
      sheet.remove();
      dispatchEvent(new CustomEvent("mumen-picture", { detail: { number, content } })); // to python.js
    };
    input.onchange = () => madeSmall(input.files[0]).then(answer, () => answer(new Uint8Array(0)));
    input.oncancel = () => answer(null);
    sheet.append(input);
    document.body.append(sheet);
    // A browser opens the camera only for a finger; where the button's touch has been forgotten by now, it takes another.
    if (navigator.userActivation?.isActive ?? true) input.click();
    else sheet.style.display = "flex";
  };
  // ---- the browser's way back: one entry of ours lies on the page's own, so that it goes to the app and not away ----
  let isGuarded = false;
  const guard = () => {
    if (isGuarded || !isReady) return;
    isGuarded = true;
    history.pushState(history.state, "", location.href);
  };
  // Browsers skip an entry that nobody's finger has asked for.
  addEventListener("pointerdown", guard, true);
  addEventListener("keydown", guard, true);
  addEventListener("popstate", (event) => {
    if (!isGuarded) return;
    event.stopImmediatePropagation(); // Flutter would leave with it
    isGuarded = false;
    guard();
    const none = { typed: "", shown: "", widest_ms: 0, total_ms: 0, hasIme: false, hasCaps: false, hasNumpad: false };
    dispatchEvent(new CustomEvent("mumen-keystrokes", { detail: { ...none, end: "BrowserBack" } }));
  }, true);
  const MARK = "mumen-updated"; // set while a start follows an update, so that it cannot follow itself
  let isReady = false;
  const started = () => {
    isReady = true;
    sessionStorage.removeItem(MARK);
    document.getElementById("start")?.remove();
  };
  const say = (text) => { const at = document.getElementById("start-text"); if (at) at.textContent = text; };

  const restart = (isTakeOver) => {
    if (isTakeOver) sessionStorage.setItem("mumen-take-over", "1"); // for python.js
    location.reload();
  };

  const heard = ({ kind, tone, name, content, type, number, isTakeOver }) => {
    if (kind === "play") play(tone);
    if (kind === "download") download(name, content, type);
    if (kind === "share") share(name, content, type);
    if (kind === "photo") takePhoto(number);
    if (kind === "ready") started();
    if (kind === "restart") restart(isTakeOver);
  };
  addEventListener("mumen-page", ({ detail }) => heard(detail)); // from python.js, or native.js
  setTimeout(() => say("第一次启动要下载应用，请稍候 · First start downloads the app"), 8_000);
  addEventListener("unhandledrejection", () => say("启动失败，请刷新页面 · Could not start, reload the page"));

  const workers = navigator.serviceWorker;
  if (!workers || document.currentScript.dataset.native) return; // a local process is there whenever its page is
  // A page is of one version from its first script on. A version that waits takes over now, before the app has begun;
  // one that took over while this page was on its way (its last window had just closed) makes it start once more.
  const before = workers.controller;
  let isTakingOver = false; // asked for before the app began; a busy worker may let go of the old version only later
  const again = () => {
    if (!before || (isReady && !isTakingOver) || sessionStorage.getItem(MARK)) return;
    sessionStorage.setItem(MARK, "1");
    location.reload();
  };
  workers.addEventListener("controllerchange", again);
  workers.getRegistration().then((known) => {
    if (known?.waiting && !sessionStorage.getItem(MARK)) {
      isTakingOver = true;
      known.waiting.postMessage("take over");
      return;
    }
    if (known?.active && known.active !== before) again();
    workers.register("sw.js");
  });
})();
