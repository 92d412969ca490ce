// Python's worker: prepares at once, and runs the app when Flutter's client has come up beside it.
import { loadPyodide } from "./pyodide/pyodide.mjs";
import createModule from "./pyodide/pyodide.asm.mjs";
import { grown, unpack, unpacked } from "./python-start.mjs";

const bridge = {}; // what Flet's Python side knows as the module flet_js

const fetched = async (name) => {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.arrayBuffer();
};

// Python wakes up with the builder's picture of its memory, in which most modules are imported already; without, it starts.
async function wake() {
  try {
    const snapshot = fetched("python-memory.bin").then(unpacked);
    const python = await loadPyodide({ createPyodideModule: grown(createModule), _loadSnapshot: snapshot });
    python.runPython("import random; random.seed()"); // every device has woken with the same state
    return python;
  } catch (error) {
    console.warn("Python starts without its picture:", error);
    return loadPyodide();
  }
}

async function prepare() {
  const archive = fetched("packages.zip");
  archive.catch(() => {}); // told below
  const python = await wake();
  python.registerJsModule("flet_js", bridge);
  unpack(python, new Uint8Array(await archive));
  await python.runPythonAsync("import mobile.web.ahead");
  return python;
}

const prepared = prepare();
prepared.catch(() => {}); // told when Flutter asks

const send = (message) => {
  const bytes = message.toJs();
  self.postMessage(bytes, [bytes.buffer]);
};

async function start({ args, documentUrl, isTakeOver }) {
  Object.assign(bridge, { args, documentUrl, isTakeOver });
  try {
    const python = await prepared;
    await python.runPythonAsync("import runpy; runpy.run_module('main', run_name='__main__')");
    await bridge.start_connection(send);
    self.postMessage("initialized");
  } catch (error) {
    self.postMessage(String(error));
  }
}

let isStarted = false;
self.onmessage = ({ data }) => {
  if (data.fromPage) return self.dispatchEvent(new CustomEvent("mumen-page", { detail: data.fromPage })); // to device.js
  if (isStarted) return bridge.send(data);
  isStarted = true;
  start(data);
};
