// What Python's worker needs of the browser: durable files, a key that cannot leave, the network.
const LOCK = "mumen-store";
const RETRY_MS = 100;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// ---- files: an Emscripten file system over OPFS's synchronous access handles; fsync is flush ----
const ENOSPC = 51, ENOENT = 44, EPERM = 63, EINVAL = 28;
let handles = [];

function fileSystem(FS) {
  const make = (parent, name, mode, handle) => {
    const node = FS.createNode(parent, name, mode, 0);
    Object.assign(node, { node_ops: nodeOps, stream_ops: streamOps, handle, children: {} });
    node.atime = node.mtime = node.ctime = Date.now();
    return node;
  };
  let pool = {};
  const nodeOps = {
    getattr(node) {
      const size = node.handle ? node.handle.getSize() : 4096;
      const [atime, mtime, ctime] = [node.atime, node.mtime, node.ctime].map((t) => new Date(t));
      return { dev: 1, ino: node.id, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: 0, size, atime, mtime, ctime,
               blksize: 4096, blocks: Math.ceil(size / 4096) };
    },
    setattr(node, attributes) { if (attributes.size !== undefined) node.handle?.truncate(attributes.size); },
    lookup(parent, name) {
      if (parent.children[name]) return parent.children[name];
      throw new FS.ErrnoError(ENOENT);
    },
    mknod(parent, name, mode) {
      if (!pool[name]) throw new FS.ErrnoError(EPERM); // handles are opened beforehand; nothing else can be made
      pool[name].truncate(0);
      return (parent.children[name] = make(parent, name, mode, pool[name]));
    },
    unlink(parent, name) {
      const node = parent.children[name];
      if (!node) throw new FS.ErrnoError(ENOENT);
      node.handle.truncate(0);
      node.handle.flush();
      delete parent.children[name];
    },
    rename() { throw new FS.ErrnoError(EPERM); },
    mkdir() { throw new FS.ErrnoError(EPERM); },
    rmdir() { throw new FS.ErrnoError(EPERM); },
    readdir(node) { return [".", "..", ...Object.keys(node.children)]; },
  };
  const streamOps = {
    open() {},
    close(stream) { stream.node.handle?.flush(); },
    read(stream, buffer, offset, length, position) {
      const part = new Uint8Array(length);
      const count = stream.node.handle.read(part, { at: position });
      buffer.set(part.subarray(0, count), offset);
      return count;
    },
    write(stream, buffer, offset, length, position) {
      stream.node.mtime = Date.now();
      try {
        return stream.node.handle.write(buffer.slice(offset, offset + length), { at: position });
      } catch {
        throw new FS.ErrnoError(ENOSPC); // the quota is used up; SQLite rolls back and says so
      }
    },
    llseek(stream, offset, whence) {
      const from = [0, stream.position, stream.node.handle.getSize()][whence];
      if (from + offset < 0) throw new FS.ErrnoError(EINVAL);
      return from + offset;
    },
    fsync(stream) { stream.node.handle.flush(); return 0; },
    allocate() {},
  };
  return {
    mount(mount) {
      pool = mount.opts.pool;
      const root = make(null, "/", 0o40777, null);
      for (const [name, handle] of Object.entries(pool)) {
        if (handle.getSize() > 0) root.children[name] = make(root, name, 0o100666, handle);
      }
      return root;
    },
  };
}

// Resolves to whether this worker owns the store now; `onLost` is called when another window takes it away.
function acquire(options, onLost) {
  return new Promise((resolve) => {
    navigator.locks.request(LOCK, options, (lock) => {
      if (!lock) return resolve(false);
      resolve(true);
      return new Promise(() => {}); // held until this worker ends or another one steals it
    }).catch(() => {
      for (const handle of handles) handle.close();
      handles = [];
      onLost();
    });
  });
}

async function openHandles(names) {
  const root = await navigator.storage.getDirectory();
  const pool = {};
  for (const name of names) {
    const file = await root.getFileHandle(name, { create: true });
    pool[name] = await file.createSyncAccessHandle();
    handles.push(pool[name]);
  }
  return pool;
}

// "" when `path` holds the files, else why not: no_opfs, other_tab, quota.
export async function openFiles(FS, path, names, isTakeOver, onLost) {
  if (!navigator.locks || !navigator.storage?.getDirectory || !("FileSystemSyncAccessHandle" in self)) return "no_opfs";
  let isOurs = false;
  for (let tries = 0; tries < 20 && !isOurs; tries++) { // a page that was just reloaded lets go a moment later
    isOurs = await acquire(isTakeOver ? { steal: true } : { ifAvailable: true }, onLost);
    if (!isOurs) await sleep(RETRY_MS);
  }
  if (!isOurs) return "other_tab";
  for (let tries = 0; ; tries++) {
    try {
      const pool = await openHandles(names);
      FS.mkdirTree(path);
      FS.mount(fileSystem(FS), { pool }, path);
      return "";
    } catch (error) {
      for (const handle of handles) handle.close();
      handles = [];
      if (error.name === "QuotaExceededError") return "quota";
      if (error.name === "SecurityError" || error.name === "NotAllowedError" || error.name === "UnknownError") return "no_opfs";
      if (tries === 40) return "other_tab";
      await sleep(RETRY_MS);
    }
  }
}

export const persisted = async () => (await navigator.storage?.persisted?.()) ?? false;
export const persist = async () => (await navigator.storage?.persist?.()) ?? false;

// ---- keys: ECDSA P-256, not extractable, kept in IndexedDB ----
const request = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
let pair = null;

async function keys() {
  if (pair) return pair;
  const opening = indexedDB.open("mumen-keys", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
  const database = await request(opening);
  const read = () => request(database.transaction("keys").objectStore("keys").get("device"));
  pair = await read();
  if (!pair) {
    const made = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    const writing = database.transaction("keys", "readwrite", { durability: "strict" });
    writing.objectStore("keys").put(made, "device");
    await new Promise((resolve, reject) => { writing.oncomplete = resolve; writing.onerror = () => reject(writing.error); });
    pair = await read();
  }
  return pair;
}

const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
export const publicKey = async () => base64(await crypto.subtle.exportKey("spki", (await keys()).publicKey));
export const sign = async (message) =>
  base64(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, (await keys()).privateKey, message));

export async function pbkdf2(secret, salt, iterations) {
  const key = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, key, 256);
  return [...new Uint8Array(bits)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---- network: [status, body, headers as JSON], or null when the server cannot be reached ----
export async function post(url, body, headers, timeoutMs) {
  try {
    const answer = await fetch(url, {
      method: "POST", body, headers: JSON.parse(headers), cache: "no-store", signal: AbortSignal.timeout(timeoutMs),
    });
    return [answer.status, await answer.arrayBuffer(), JSON.stringify(Object.fromEntries(answer.headers))];
  } catch {
    return null;
  }
}

// ---- the page ----
const page = new BroadcastChannel("mumen-page");
const codes = new BroadcastChannel("mumen-codes");
export const play = (tone) => page.postMessage({ kind: "play", tone });
export const ready = () => page.postMessage({ kind: "ready" });
export const download = (name, content) => page.postMessage({ kind: "download", name, content });
export const listen = (onCode) => { codes.onmessage = ({ data }) => onCode(data.code); };
