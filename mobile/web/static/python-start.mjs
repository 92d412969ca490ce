// How Python begins, in a page's worker and where the builder pictures its memory: with the same files at the same places.

// Packages are imported from the one archive as it lies there; only compiled modules must be files of their own.
const UNPACK = `
import sys, zipfile
from importlib.machinery import FileFinder
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
if PACKAGES.rstrip("/") not in sys.path:
    sys.path[:0] = ["", "__pypackages__", "packages.zip/__pypackages__"]
for finder in sys.path_importer_cache.values():
    if isinstance(finder, FileFinder):
        finder.invalidate_caches()
`;
const PAGE = 4096; // bytes of memory that are kept or left out together

export function unpack(python, archive) {
  python.globals.set("archive", archive);
  python.runPython(UNPACK);
  python.globals.delete("archive");
}

// A picture is Pyodide's own snapshot without its empty pages: their number, which ones are kept, and those.
export function pack(snapshot) {
  const pages = Array.from({ length: Math.ceil(snapshot.length / PAGE) }, (_, n) => snapshot.subarray(n * PAGE, (n + 1) * PAGE));
  const kept = pages.flatMap((page, n) => (page.some(Boolean) ? [n] : []));
  const head = Uint32Array.of(snapshot.length, kept.length, ...kept);
  const picture = new Uint8Array(head.byteLength + kept.length * PAGE);
  picture.set(new Uint8Array(head.buffer));
  kept.forEach((n, place) => picture.set(pages[n], head.byteLength + place * PAGE));
  return picture;
}

export function unpacked(picture) {
  const [length, count] = new Uint32Array(picture, 0, 2);
  const snapshot = new Uint8Array(length);
  new Uint32Array(picture, 8, count).forEach((n, place) => {
    const from = 8 + 4 * count + place * PAGE;
    snapshot.set(new Uint8Array(picture, from, Math.min(PAGE, length - n * PAGE)), n * PAGE);
  });
  return snapshot;
}

// Pyodide asks for as much memory as the snapshot fills, but its module begins with what it was built with.
export const grown = (createModule) => async (settings) => {
  const module = await createModule(settings);
  while (module.HEAP8.length < settings.INITIAL_MEMORY) {
    if (!module._malloc(settings.INITIAL_MEMORY - module.HEAP8.length + 1)) throw new Error("not enough memory");
  }
  return module;
};
