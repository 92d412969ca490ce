// Joins Flutter's client to Python's worker, with the functions that Flet's client calls.
// The worker begins while Flutter is still loading, which Flet's own script leaves until afterwards.
(() => {
  const worker = new Worker("python-worker.js", { type: "module" });
  let tell = null, connected = null; // the one hands a packet to Flutter, the other says how Python's start went

  worker.onmessage = ({ data }) => {
    if (data.toPage?.kind === "ready") listens();
    if (data.toPage) dispatchEvent(new CustomEvent("mumen-page", { detail: data.toPage }));
    else if (typeof data === "string") connected(data);
    else tell(data);
  };
  let early = []; // what was scanned before the app could listen; nothing once it does
  const heard = (keystrokes) => worker.postMessage({ fromPage: { keystrokes } });
  const listens = () => {
    for (const keystrokes of early ?? []) heard(keystrokes);
    early = null;
  };
  addEventListener("mumen-keystrokes", ({ detail }) => {
    const keystrokes = JSON.stringify(detail);
    if (early) early.push(keystrokes);
    else heard(keystrokes);
  });
  addEventListener("mumen-typed", ({ detail }) => early ?? heard(JSON.stringify(detail)));
  addEventListener("mumen-camera", ({ detail }) => worker.postMessage({ fromPage: { camera: detail } }));
  addEventListener("mumen-unread", ({ detail }) => worker.postMessage({ fromPage: { unread: detail } }));
  addEventListener("mumen-picture", ({ detail }) => worker.postMessage({ fromPage: { picture: detail } }));

  globalThis.jsConnect = (appId, args, onMessage) =>
    new Promise((resolve, reject) => {
      tell = onMessage;
      connected = (said) => (said === "initialized" ? resolve() : reject(said));
      const isTakeOver = sessionStorage.getItem("mumen-take-over") !== null; // from bridge.js, once
      sessionStorage.removeItem("mumen-take-over");
      worker.postMessage({ args, documentUrl: document.URL, isTakeOver });
    });
  globalThis.jsSend = async (appId, data) => worker.postMessage(data, [data.buffer]);
  globalThis.jsDisconnect = async () => worker.terminate();
})();
