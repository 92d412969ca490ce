// What only the page can do for Python's worker: sound, vibration, downloads; and the start of the app itself.
(() => {
  const channel = new BroadcastChannel("mumen-page");
  // [frequency in Hz, length in ms, pause in ms]: different in rhythm too, for the deaf ear and the loud hall.
  const SOUNDS = {
    ok: [[1320, 120, 0]],
    info: [[990, 110, 90], [990, 110, 0]],
    wait: [[440, 380, 0]],
    stop: [[220, 200, 90], [220, 200, 90], [220, 320, 0]],
  };
  const VIBRATIONS = { ok: [60], info: [60, 60, 60], wait: [200], stop: [400, 100, 400] };
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
  const download = (name, content) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content]));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
  const say = (text) => { const at = document.getElementById("start-text"); if (at) at.textContent = text; };

  channel.onmessage = ({ data }) => {
    if (data.kind === "play") play(data.tone);
    if (data.kind === "download") download(data.name, data.content);
    if (data.kind === "ready") document.getElementById("start")?.remove();
  };
  setTimeout(() => say("第一次启动要下载应用，请稍候 · First start downloads the app"), 8_000);
  addEventListener("unhandledrejection", () => say("启动失败，请刷新页面 · Could not start, reload the page"));

  if (!("serviceWorker" in navigator)) return;
  // A version that waits takes over now, before the app has begun: between two starts, never in the middle of one.
  navigator.serviceWorker.getRegistration().then((known) => {
    if (known?.waiting && !sessionStorage.getItem("mumen-updated")) {
      sessionStorage.setItem("mumen-updated", "1");
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
      known.waiting.postMessage("take over");
      return;
    }
    sessionStorage.removeItem("mumen-updated");
    navigator.serviceWorker.register("sw.js");
  });
})();
