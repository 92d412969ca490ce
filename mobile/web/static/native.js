// On a station PC Python is a local process and no worker of this page: what it says to bridge.js, and what
// wedge.js reads, go over a WebSocket.
(() => {
  const RETRY_MS = 1_000;
  const waiting = []; // what was scanned while the process was starting again
  let socket = null;
  const flush = () => {
    while (waiting.length && socket?.readyState === WebSocket.OPEN) socket.send(waiting.shift());
  };
  const connect = () => {
    socket = new WebSocket(new URL("bridge", document.baseURI.replace(/^http/, "ws")));
    socket.onmessage = ({ data }) => {
      const said = JSON.parse(data);
      if (said.content) said.content = Uint8Array.from(atob(said.content), (byte) => byte.charCodeAt(0));
      dispatchEvent(new CustomEvent("mumen-page", { detail: said }));
    };
    socket.onopen = flush;
    socket.onclose = () => setTimeout(connect, RETRY_MS);
  };
  addEventListener("mumen-keystrokes", ({ detail }) => {
    waiting.push(JSON.stringify({ keystrokes: JSON.stringify(detail) }));
    flush();
  });
  const say = (said) => { // to nobody while the process is starting again
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(said));
  };
  addEventListener("mumen-typed", ({ detail }) => say({ keystrokes: JSON.stringify(detail) }));
  addEventListener("mumen-camera-closed", () => say({ camera: "closed" }));
  connect();
})();
