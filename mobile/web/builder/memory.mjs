// node memory.mjs APP TARGET: starts the app's Python, imports what a picture can hold, and writes the picture.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [app, target] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${app}/pyodide/pyodide.mjs`));
const { pack, unpack } = await import(pathToFileURL(`${app}/python-start.mjs`));

const NAMES = `
import mobile.web.ahead
list(sys.modules)
`;
// A picture cannot hold a compiled module, and so none that imports one.
const IMPORT = `
from importlib import import_module
from importlib.abc import MetaPathFinder

class NotHere(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"flet_js", "labels", "mobile", "msgpack", "pydantic", "pydantic_core", "shared", "sqlmodel"}:
            raise ImportError(name)

not_here = NotHere()
sys.meta_path.insert(0, not_here)
for name in names.to_py():
    try:
        import_module(name)
    except ImportError:
        pass
sys.meta_path.remove(not_here)
len(sys.modules)
`;

async function started(options) {
  const python = await loadPyodide({ indexURL: `${app}/pyodide/`, ...options });
  unpack(python, new Uint8Array(readFileSync(`${app}/packages.zip`)));
  return python;
}

async function main() {
  const whole = await started({});
  whole.registerJsModule("flet_js", {});
  const names = whole.runPython(NAMES).toJs();
  const python = await started({ _makeSnapshot: true });
  python.globals.set("names", names);
  const count = python.runPython(IMPORT);
  python.globals.delete("names");
  writeFileSync(target, pack(python.makeMemorySnapshot()));
  console.log(`${count} of ${names.length} modules`);
}

// Left to itself, node would show the line of the fault: a file of a million characters.
main().catch((fault) => {
  console.error(String(fault.stack));
  process.exit(1);
});
