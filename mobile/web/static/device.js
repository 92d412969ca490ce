// What Python's worker needs of the browser: durable files, a key that cannot leave, the network.
const LOCK = "mumen-store";
const RETRY_MS = 100;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// ---- files: an Emscripten file system over OPFS's synchronous access handles; fsync is flush ----
const ENOSPC = 51, ENOENT = 44, EPERM = 63, EINVAL = 28;
let handles = [];
let hasLock = false;
let isMounted = false;

export function fileSystem(FS) {
  const make = (parent, name, mode, handle) => {
    const node = FS.createNode(parent, name, mode, 0);
    Object.assign(node, { node_ops: nodeOps, stream_ops: streamOps, handle, children: {} });
    node.atime = node.mtime = node.ctime = Date.now();
    return node;
  };
  // A full disk may show at any of these; SQLite then rolls back, and the app says so.
  const orFull = (change) => {
    try {
      return change();
    } catch {
      throw new FS.ErrnoError(ENOSPC);
    }
  };
  let pool = {};
  const nodeOps = {
    getattr(node) {
      const size = node.handle ? node.handle.getSize() : 4096;
      const [atime, mtime, ctime] = [node.atime, node.mtime, node.ctime].map((t) => new Date(t));
      return { dev: 1, ino: node.id, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: 0, size, atime, mtime, ctime,
               blksize: 4096, blocks: Math.ceil(size / 4096) };
    },
    setattr(node, attributes) {
      if (attributes.size !== undefined) orFull(() => node.handle?.truncate(attributes.size));
    },
    lookup(parent, name) {
      if (parent.children[name]) return parent.children[name];
      throw new FS.ErrnoError(ENOENT);
    },
    mknod(parent, name, mode) {
      if (!pool[name]) throw new FS.ErrnoError(EPERM); // handles are opened beforehand; nothing else can be made
      orFull(() => pool[name].truncate(0));
      return (parent.children[name] = make(parent, name, mode, pool[name]));
    },
    unlink(parent, name) {
      const node = parent.children[name];
      if (!node) throw new FS.ErrnoError(ENOENT);
      orFull(() => { node.handle.truncate(0); node.handle.flush(); });
      delete parent.children[name];
    },
    rename() { throw new FS.ErrnoError(EPERM); },
    mkdir() { throw new FS.ErrnoError(EPERM); },
    rmdir() { throw new FS.ErrnoError(EPERM); },
    readdir(node) { return [".", "..", ...Object.keys(node.children)]; },
  };
  const streamOps = {
    open() {},
    close(stream) { orFull(() => stream.node.handle?.flush()); },
    read(stream, buffer, offset, length, position) {
      const part = new Uint8Array(length);
      const count = stream.node.handle.read(part, { at: position });
      buffer.set(part.subarray(0, count), offset);
      return count;
    },
    write(stream, buffer, offset, length, position) {
      stream.node.mtime = Date.now();
      return orFull(() => stream.node.handle.write(buffer.slice(offset, offset + length), { at: position }));
    },
    llseek(stream, offset, whence) {
      const from = [0, stream.position, stream.node.handle.getSize()][whence];
      if (from + offset < 0) throw new FS.ErrnoError(EINVAL);
      return from + offset;
    },
    fsync(stream) {
      orFull(() => stream.node.handle.flush());
      return 0;
    },
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
      hasLock = true;
      resolve(true);
      return new Promise(() => {}); // held until this worker ends or another one steals it
    }).catch(() => {
      for (const handle of handles) handle.close();
      handles = [];
      hasLock = false;
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

// "" when `path` holds the files, else why not: no_opfs, other_tab, quota. A worker opens them once: what Python still has
// of them when they were lost, or were no good, would get in the way. The page begins anew then, and this never returns.
export async function openFiles(FS, path, names, isTakeOver, onLost) {
  if (isMounted) {
    tellPage({ kind: "restart", isTakeOver });
    return new Promise(() => {});
  }
  if (!navigator.locks || !navigator.storage?.getDirectory || !("FileSystemSyncAccessHandle" in self)) return "no_opfs";
  let isOurs = hasLock; // a try before this one found no room, but kept the lock
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
      isMounted = true;
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

// ---- photographs: files named by their SHA-256 in a folder of their own; the store's file system cannot make any ----
const photoFolder = async () => (await navigator.storage.getDirectory()).getDirectoryHandle("photos", { create: true });
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (content) => hex(await crypto.subtle.digest("SHA-256", content));

// [bytes], or null where there is no such file.
export async function readFile(name) {
  try {
    const file = await (await photoFolder()).getFileHandle(name);
    return [await (await file.getFile()).arrayBuffer()];
  } catch (error) {
    if (error.name === "NotFoundError") return null;
    throw error;
  }
}

const isWhole = async (name) => {
  const found = await readFile(name);
  return found !== null && (await sha256(found[0])) === name;
};

// Whether the file is on the disk: flushed, closed, read back. One that is whole already is not written again.
export async function keepFile(name, content) {
  try {
    if (await isWhole(name)) return true;
    const file = await (await photoFolder()).getFileHandle(name, { create: true });
    const handle = await file.createSyncAccessHandle();
    try {
      handle.truncate(0);
      handle.write(content, { at: 0 });
      handle.flush();
    } finally {
      handle.close();
    }
    if (await isWhole(name)) return true;
  } catch { /* the quota is used up */ }
  await removeFile(name);
  return false;
}

export async function removeFile(name) {
  try {
    await (await photoFolder()).removeEntry(name);
  } catch (error) {
    if (error.name !== "NotFoundError") throw error;
  }
}

// {name: time of the last change in ms} as JSON.
export async function listFiles() {
  const found = {};
  for await (const [name, file] of (await photoFolder()).entries()) found[name] = (await file.getFile()).lastModified;
  return JSON.stringify(found);
}

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
  return hex(bits);
}

// ---- network: [status, body, headers as JSON], or null when the server cannot be reached ----
export async function send(method, url, content, headers, timeoutMs) {
  const body = content.length > 0 ? content : undefined; // HEAD may not even have an empty one
  try {
    const answer = await fetch(url, {
      method, body, headers: JSON.parse(headers), cache: "no-store", signal: AbortSignal.timeout(timeoutMs),
    });
    return [answer.status, await answer.arrayBuffer(), JSON.stringify(Object.fromEntries(answer.headers))];
  } catch {
    return null;
  }
}

// [bytes] of a file of the app's own, or null where neither service worker nor server has it.
export async function appFile(name) {
  try {
    const answer = await fetch(name);
    return answer.ok ? [await answer.arrayBuffer()] : null;
  } catch {
    return null;
  }
}

export const hasNetwork = () => navigator.onLine;

// ---- the page of this worker, and no other: python.js and python-worker.js carry it ----
const tellPage = (message) => self.postMessage({ toPage: message });
const hearPage = (name, heard) =>
  self.addEventListener("mumen-page", ({ detail }) => { if (detail[name] !== undefined) heard(detail[name]); });
export const play = (tone) => tellPage({ kind: "play", tone });
export const ready = () => tellPage({ kind: "ready" });
export const download = (name, content) => tellPage({ kind: "download", name, content });
export const share = (name, content, type) => tellPage({ kind: "share", name, content, type });
export const showCamera = (isOn) => tellPage({ kind: "camera", isOn });
export const watch = (onCode) => hearPage("camera", onCode);
export const watchUnread = (onPicture) => hearPage("unread", onPicture);
export const sayOnCamera = (word) => tellPage({ kind: "camera-says", word });
export const listen = (onKeystrokes) => hearPage("keystrokes", onKeystrokes);

// Resolves to [JPEG], to [nothing] where the picture cannot be read, and to null where nobody took one.
let asked = 0, answerPicture = () => {};
export function takePhoto() {
  answerPicture(null); // whoever waits for an earlier one waits no more
  return new Promise((resolve) => {
    answerPicture = resolve;
    tellPage({ kind: "photo", number: ++asked });
  });
}
hearPage("picture", ({ number, content }) => { if (number === asked) answerPicture(content && [content]); });
