// Actual's sync server: SQLite, flushed to the disk, no validation. The client is its wire protocol; once more with rows kept in SQLite.
import { createRequire } from "node:module";
import path from "node:path";
import { BATCH, CLIENTS, COMMANDS, COMMANDS_A_CLIENT, answers, expect, finish, folder, measure, scan, serve } from "./common.mjs";

const near = createRequire(new URL("./node_modules/@actual-app/sync-server/build/src/sync-simple.js", import.meta.url));
const { SyncProtoBuf, Timestamp } = near("@actual-app/crdt");
const Database = near("better-sqlite3");
const PORT = 15006;
const BASE = `http://127.0.0.1:${PORT}`;
const files = { server: path.join(folder, "server-files"), user: path.join(folder, "user-files") };

serve(["node_modules/@actual-app/sync-server/build/app.js"], {
    ACTUAL_DATA_DIR: folder,
    ACTUAL_SERVER_FILES: files.server,
    ACTUAL_USER_FILES: files.user,
    ACTUAL_PORT: String(PORT),
    ACTUAL_HOSTNAME: "127.0.0.1",
    ACTUAL_UPLOAD_SYNC_ENCRYPTED_FILE_SYNC_SIZE_LIMIT_MB: "500",
    ACTUAL_UPLOAD_FILE_SYNC_SIZE_LIMIT_MB: "500",
    NODE_ENV: "production",
});
await answers(`${BASE}/info`);

async function post(where, body) {
    const headers = { "content-type": "application/json" };
    return (await fetch(BASE + where, { method: "POST", headers, body: JSON.stringify(body) })).json();
}
await post("/account/bootstrap", { password: "bench" });
const { data } = await post("/account/login", { loginMethod: "password", password: "bench" });

/** A budget file, which is Actual's scope; gives its group. */
async function makeFile(id) {
    const headers = {
        "x-actual-token": data.token,
        "x-actual-name": id,
        "x-actual-file-id": id,
        "x-actual-format": "2",
        "content-type": "application/encrypted-file",
    };
    const answer = await fetch(`${BASE}/sync/upload-user-file`, { method: "POST", headers, body: Buffer.from("x") });
    return { id, group: (await answer.json()).groupId };
}

const stamp = (number, node) => new Timestamp(1760000000000 + number, 0, node.padStart(16, "0")).toString();
const EVER = stamp(-1000, "0");
const NEVER = stamp(9e9, "0");

function envelope(number, node) {
    const message = new SyncProtoBuf.Message();
    message.setDataset("scans");
    message.setRow(`${node}-${number}`);
    message.setColumn("json");
    message.setValue(`S:${JSON.stringify(scan(number, node))}`);
    const wrapped = new SyncProtoBuf.MessageEnvelope();
    wrapped.setTimestamp(stamp(number, node));
    wrapped.setContent(message.serializeBinary());
    wrapped.setIsencrypted(false);
    return wrapped;
}

/** A request as bytes, made beforehand, so that the server is measured. */
function request(file, since, numbers = [], node = "a") {
    const asked = new SyncProtoBuf.SyncRequest();
    asked.setFileid(file.id);
    asked.setGroupid(file.group);
    asked.setSince(since);
    for (const number of numbers) asked.addMessages(envelope(number, node));
    return Buffer.from(asked.serializeBinary());
}

async function sync(body) {
    const headers = { "x-actual-token": data.token, "content-type": "application/actual-sync" };
    const answer = await fetch(`${BASE}/sync/sync`, { method: "POST", headers, body });
    expect(answer.status === 200, `sync answers ${answer.status}`);
    return SyncProtoBuf.SyncResponse.deserializeBinary(new Uint8Array(await answer.arrayBuffer()));
}

const range = (count, first = 0) => Array.from({ length: count }, (_, at) => first + at);
const one = await makeFile("one");
const many = await makeFile("many");

const pushes = range(COMMANDS / BATCH).map((at) => request(one, NEVER, range(BATCH, at * BATCH)));
await measure("push_per_s", COMMANDS, async () => {
    for (const push of pushes) await sync(push);
});

const pull = request(one, EVER);
await measure("pull_per_s", COMMANDS, async () => {
    const list = (await sync(pull)).getMessagesList();
    expect(list.length === COMMANDS, `${list.length} of ${COMMANDS} arrived`);
    for (const message of list) SyncProtoBuf.Message.deserializeBinary(message.getContent()).getValue();
});

await measure("pull_into_sqlite_per_s", COMMANDS, async () => {
    const store = new Database(path.join(folder, "client.sqlite"));
    store.pragma("journal_mode = WAL");
    store.pragma("synchronous = FULL");
    store.exec(`CREATE TABLE messages_crdt (timestamp TEXT PRIMARY KEY, dataset TEXT, row TEXT, "column" TEXT, value BLOB);
                CREATE TABLE scans (id TEXT PRIMARY KEY, json TEXT)`);
    const keep = store.prepare("INSERT OR IGNORE INTO messages_crdt VALUES (?, ?, ?, ?, ?)");
    const put = store.prepare("INSERT INTO scans VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json");
    const list = (await sync(pull)).getMessagesList();
    store.transaction(() => {
        for (const wrapped of list) {
            const message = SyncProtoBuf.Message.deserializeBinary(wrapped.getContent());
            const [row, value] = [message.getRow(), message.getValue()];
            keep.run(wrapped.getTimestamp(), message.getDataset(), row, message.getColumn(), value);
            put.run(row, value.slice(2));
        }
    })();
    expect(store.prepare("SELECT count(*) AS n FROM scans").get().n === COMMANDS, "every row is in SQLite");
});

const fleet = range(CLIENTS).map((client) => request(many, NEVER, range(COMMANDS_A_CLIENT), `c${client}`));
await measure("fleet_per_s", CLIENTS * COMMANDS_A_CLIENT, () => Promise.all(fleet.map(sync)));
const all = (await sync(request(many, EVER))).getMessagesList().length;
expect(all === CLIENTS * COMMANDS_A_CLIENT, `${all} of the fleet's arrived`);
finish();
