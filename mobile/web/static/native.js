// On a station PC Python is a local process and no worker of this page: what it says to bridge.js, and what
// wedge.js reads, go over a WebSocket.
(() => {
  const RETRY_MS = 1_000;
  const PAINTED_MS = 20_000; // Flet's client finds a new process by itself, and sooner than this
  const waiting = []; // what was scanned before the process could hear it
  let socket = null, number = null, isMet = false, isOther = false, late = 0; // which process it was, whether it is there
  const flush = () => {
    while (isMet && waiting.length) socket.send(waiting.shift());
  };
  // The same process knows who is at work: it takes what was scanned meanwhile. Another one knows nobody.
  const meet = (process) => {
    if (number === process) mumenAway.recorded();
    else if (number) {
      isOther = true;
      waiting.length = 0;
      late = setTimeout(() => location.reload(), PAINTED_MS);
    }
    [number, isMet] = [process, true];
    flush();
  };
  const ready = () => {
    clearTimeout(late);
    isOther = false;
    mumenAway.set(false);
  };
  const connect = () => {
    socket = new WebSocket(new URL("bridge", document.baseURI.replace(/^http/, "ws")));
    socket.onmessage = ({ data }) => {
      const said = JSON.parse(data);
      if (said.kind === "process") meet(said.number);
      if (said.kind === "ready") ready();
      if (said.content) said.content = Uint8Array.from(atob(said.content), (byte) => byte.charCodeAt(0));
      dispatchEvent(new CustomEvent("mumen-page", { detail: said }));
    };
    socket.onclose = () => {
      isMet = false;
      clearTimeout(late);
      mumenAway.set(true);
      setTimeout(connect, RETRY_MS);
    };
  };
  addEventListener("mumen-keystrokes", ({ detail }) => {
    if (number && (isOther || !isMet)) mumenAway.refuse(detail.isBroken ? "" : detail.typed);
    if (isOther) return; // and nobody has signed in
    waiting.push(JSON.stringify({ keystrokes: JSON.stringify(detail) }));
    flush();
  });
  const say = (said) => { // to nobody while the process is away
    if (isMet) socket.send(JSON.stringify(said));
  };
  addEventListener("mumen-typed", ({ detail }) => say({ keystrokes: JSON.stringify(detail) }));
  addEventListener("mumen-camera-closed", () => say({ camera: "closed" }));
  addEventListener("pagehide", () => { socket.onclose = null; });
  connect();
})();
