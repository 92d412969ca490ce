// The camera as a scanner: a panel over the lower part of the app, in which what it sees is read all the time by a
// worker of its own; only the text of a code goes to Python. Where no live picture may be had, a photograph is read.
(() => {
  const SAME_FRAMES = 2; // a code counts when so many frames say the same of it, and none another in between
  const GONE_MS = 1_500; // out of sight for so long, the same code is shown once more
  const FRAME_MS = 250; // what a frame counts for at most: a device that hangs has seen nothing go
  const LENS = "mumen-lens"; // the camera that was chosen last on this device
  const WORDS = {
    close: "关闭 Close", torch: "手电 Torch", lens: "换镜头 Lens", photo: "拍一张 Photo",
    denied: "没有相机权限：请在浏览器设置里允许，或点“拍一张” · Camera not allowed: permit it, or take a photo",
    none: "没有找到相机：请点“拍一张” · No camera found: take a photo instead",
    inUse: "相机被别的程序占用：关掉它，再打开 · Another program has the camera: close it, open this again",
    reading: "正在读照片… · Reading the picture…",
    looking: "本机没读到，服务器正在找… · Not read here; the server is looking…",
    unread: "没读到码：离近一点、光亮一点再拍 · No code found: go nearer, with more light",
    offline: "本机没读到，又连不上服务器：离近一点再拍，或输入条码 · Not read here, and no connection: go nearer, " +
      "or type the code",
    busy: "服务器正忙：请再拍一次，或输入条码 · The server is busy: take it once more, or type the code",
    refused: "服务器看不了这张照片：请再拍一张，或输入条码 · The server cannot look at this: take another, or type the code",
  };
  let worker = null, panel = null, stream = null, isBusy = false, number = 0, inFrames = 0;
  let last = "", lastAt = 0, times = 0, told = "", seenAt = 0;
  let frameAt = 0, looked = 0; // the time that was spent looking, in ms

  const tell = (text) => dispatchEvent(new CustomEvent("mumen-camera", { detail: text })); // to python.js
  const say = (word) => panel?.say(WORDS[word] ?? "");

  const saw = (text) => {
    const now = performance.now();
    looked += Math.min(now - frameAt, FRAME_MS);
    frameAt = now;
    if (told && looked - seenAt > GONE_MS) told = "";
    if (!text) return;
    times = text === last && now - lastAt < GONE_MS / 2 ? times + 1 : 1;
    [last, lastAt] = [text, now];
    if (text === told) { seenAt = looked; return; }
    if (times < SAME_FRAMES) return;
    [told, seenAt] = [text, looked];
    panel?.flash();
    tell(text);
  };
  // What this device cannot read in a photograph, the server may: it tries more, and has another library beside ours.
  const askServer = async (photo) => {
    try {
      const jpeg = await mumenSmallPicture(photo); // of bridge.js
      say("looking");
      dispatchEvent(new CustomEvent("mumen-unread", { detail: jpeg })); // to python.js
    } catch { say("unread"); } // no picture at all
  };
  const answered = ({ data }) => {
    isBusy = false;
    inFrames += 1;
    if (data.isPhoto) {
      if (data.text) tell(data.text);
      if (data.text) say("");
      else askServer(data.photo);
    } else if (data.number === number) saw(data.text);
  };

  const look = async (video, opened) => {
    if (!panel || opened !== number) return;
    if (!isBusy && video.videoWidth) {
      isBusy = true;
      try {
        const image = await createImageBitmap(video);
        worker.postMessage({ number, image }, [image]);
      } catch { isBusy = false; }
    }
    video.requestVideoFrameCallback(() => look(video, opened));
  };

  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    number += 1;
    isBusy = false;
  };
  const start = async () => {
    stop();
    const opened = number, lens = localStorage.getItem(LENS);
    const which = lens ? { deviceId: { ideal: lens } } : { facingMode: { ideal: "environment" } };
    try {
      const got = await navigator.mediaDevices.getUserMedia({
        audio: false, video: { ...which, width: { ideal: 1280 }, height: { ideal: 720 } },
      });
      if (opened !== number || !panel) { for (const track of got.getTracks()) track.stop(); return; }
      stream = got;
    } catch (error) {
      say({ NotAllowedError: "denied", SecurityError: "denied", NotReadableError: "inUse" }[error.name] ?? "none");
      return;
    }
    say("");
    const [track] = stream.getVideoTracks(), able = track.getCapabilities?.() ?? {};
    if (able.focusMode?.includes("continuous")) track.applyConstraints({ advanced: [{ focusMode: "continuous" }] });
    panel.torch.hidden = !able.torch;
    panel.torch.onclick = () => {
      const isOn = track.getSettings().torch;
      track.applyConstraints({ advanced: [{ torch: !isOn }] });
    };
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
    if (!panel || opened !== number) return;
    panel.lens.hidden = cameras.length < 2;
    panel.lens.onclick = () => {
      const at = cameras.findIndex((one) => one.deviceId === track.getSettings().deviceId);
      localStorage.setItem(LENS, cameras[(at + 1) % cameras.length].deviceId);
      start();
    };
    panel.video.srcObject = stream;
    await panel.video.play();
    look(panel.video, opened);
  };

  const close = () => {
    stop();
    panel?.remove();
    panel = null;
    told = "";
  };
  const open = () => {
    if (panel) return;
    worker ??= new Worker("camera-worker.js");
    worker.onmessage = answered;
    panel = mumenPanel("video");
    panel.video = panel.picture;
    Object.assign(panel.video, { playsInline: true, muted: true });
    const button = (word, onclick) => panel.button(WORDS[word], onclick);
    const picture = document.createElement("input");
    Object.assign(picture, { type: "file", accept: "image/*", hidden: true });
    picture.onchange = () => {
      if (picture.files[0]) {
        say("reading");
        worker.postMessage({ photo: picture.files[0] });
      }
      picture.value = ""; // the same picture may be chosen once more
    };
    button("close", close);
    panel.torch = button("torch");
    panel.lens = button("lens");
    panel.torch.hidden = panel.lens.hidden = true;
    button("photo", () => picture.click());
    panel.append(picture);
    if (navigator.mediaDevices?.getUserMedia) start();
    else say("none");
  };

  addEventListener("mumen-page", ({ detail }) => {
    if (detail.kind === "camera") (detail.isOn ? open : close)();
    if (detail.kind === "camera-says") say(detail.word);
  });
  document.addEventListener("visibilitychange", () => { // a camera behind a dark screen only costs the battery
    if (panel && document.hidden) { stop(); told = ""; }
    else if (panel) start();
  });
  globalThis.mumenCamera = { frames: () => inFrames }; // for benchmarks
})();
