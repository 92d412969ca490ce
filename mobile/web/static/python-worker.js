// Python's worker: prepares at once, and runs the app when Flutter's client has come up beside it.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const bridge = {}; // what Flet's Python side knows as the module flet_js

// Packages are imported from the one archive as it lies there; only compiled modules must be files of their own.
const PREPARE = `
import io, sys, zipfile
PACKAGES = "__pypackages__/"
with open("packages.zip", "wb") as kept:
    kept.write(archive.to_py())
with zipfile.ZipFile("packages.zip") as packed:
    names = packed.namelist()
    whole = {name.split("/")[1] for name in names if name.endswith(".so")}
    for name in names:
        is_package = name.startswith(PACKAGES)
        if not is_package or name.split("/")[1] in whole or not name.endswith(".pyc"):
            packed.extract(name)
sys.path[:0] = ["", "__pypackages__", "packages.zip/__pypackages__"]
import mobile.web.ahead
`;

async function prepare() {
  const archive = fetch("packages.zip").then((answer) => {
    if (!answer.ok) throw new Error(`packages.zip: ${answer.status}`);
    return answer.arrayBuffer();
  });
  const python = await loadPyodide();
  python.registerJsModule("flet_js", bridge);
  python.globals.set("archive", new Uint8Array(await archive));
  await python.runPythonAsync(PREPARE);
  python.globals.delete("archive");
  return python;
}

const prepared = prepare();
prepared.catch(() => {}); // told when Flutter asks

const send = (message) => {
  const bytes = message.toJs();
  self.postMessage(bytes, [bytes.buffer]);
};

async function start({ args, documentUrl }) {
  Object.assign(bridge, { args, documentUrl });
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
