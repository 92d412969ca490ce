// pouchdb-server (CouchDB's protocol over LevelDB, not flushed at each write) and PouchDB's own replication, in memory on the client.
import { createRequire } from "node:module";
import path from "node:path";
import { BATCH, CLIENTS, COMMANDS, COMMANDS_A_CLIENT, answers, expect, finish, folder, measure, scan, serve } from "./common.mjs";

const require = createRequire(import.meta.url);
const PouchDB = require("pouchdb-core")
    .plugin(require("pouchdb-adapter-memory"))
    .plugin(require("pouchdb-adapter-http"))
    .plugin(require("pouchdb-replication"));
const PORT = 15984;
const database = (name) => `http://127.0.0.1:${PORT}/${name}`;

serve([
    "node_modules/pouchdb-server/bin/pouchdb-server",
    ...["--host", "127.0.0.1", "-p", String(PORT), "-d", folder, "-n", "--no-stdout-logs"],
    ...["-c", path.join(folder, "config.json")],
]);
await answers(database(""));
for (const name of ["one", "many"]) await fetch(database(name), { method: "PUT" });
const options = { batch_size: BATCH, batches_limit: 5 };

async function filled(name, count) {
    const local = new PouchDB(name, { adapter: "memory" });
    const documents = Array.from({ length: count }, (_, at) => ({ _id: `${name}-${at}`, ...scan(at, name) }));
    while (documents.length) await local.bulkDocs(documents.splice(0, 1000));
    return local;
}

const sender = await filled("a", COMMANDS);
await measure("push_per_s", COMMANDS, async () => {
    const done = await sender.replicate.to(database("one"), options);
    expect(done.docs_written === COMMANDS, `${done.docs_written} of ${COMMANDS} were written`);
});

const reader = new PouchDB("b", { adapter: "memory" });
await measure("pull_per_s", COMMANDS, async () => {
    const done = await reader.replicate.from(database("one"), options);
    expect(done.docs_written === COMMANDS, `${done.docs_written} of ${COMMANDS} arrived`);
});

const fleet = [];
for (let client = 0; client < CLIENTS; client++) fleet.push(await filled(`m${client}`, COMMANDS_A_CLIENT));
await measure("fleet_per_s", CLIENTS * COMMANDS_A_CLIENT, () =>
    Promise.all(fleet.map((local) => local.replicate.to(database("many"), options))),
);
const { doc_count: all } = await (await fetch(database("many"))).json();
expect(all === CLIENTS * COMMANDS_A_CLIENT, `${all} of the fleet's arrived`);
finish();
