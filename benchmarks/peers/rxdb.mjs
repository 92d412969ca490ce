// RxDB and rxdb-server, in memory on both sides. One client runs its replication; the fleet sends what it would send.
import { createRxDatabase } from "rxdb/plugins/core";
import { replicateRxCollection } from "rxdb/plugins/replication";
import { getRxStorageMemory } from "rxdb/plugins/storage-memory";
import { CLIENTS, COMMANDS, COMMANDS_A_CLIENT, answers, expect, finish, measure, scan, serve } from "./common.mjs";
import { PORT, schema } from "./rxdb_server.mjs";

const DOCUMENTS_A_PUSH = 200; // the server's adapter takes 100 kB at once
const DOCUMENTS_A_PULL = 500;
const endpoint = (name) => `http://127.0.0.1:${PORT}/${name}/0`;

serve(["rxdb_server.mjs", "serve"]);
await answers(`${endpoint("one")}/pull?limit=1`);

async function collection(name) {
    const database = await createRxDatabase({ name, storage: getRxStorageMemory(), multiInstance: false });
    await database.addCollections({ scans: { schema } });
    return database.scans;
}

async function pushed(name, rows) {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${endpoint(name)}/push`, { method: "POST", headers, body: JSON.stringify(rows) });
    expect(answer.status === 200, `push answers ${answer.status}`);
    return answer.json();
}

async function pulled(name, checkpoint, limit) {
    const from = `lwt=${checkpoint?.lwt ?? 0}&id=${checkpoint?.id ?? ""}&limit=${limit}`;
    return (await fetch(`${endpoint(name)}/pull?${from}`)).json();
}

async function replicate(local, name, ways) {
    const replication = replicateRxCollection({
        collection: local,
        replicationIdentifier: `${name}-${Math.random()}`,
        live: false,
        waitForLeadership: false,
        ...ways,
    });
    await replication.awaitInSync();
    await replication.cancel();
}

const sender = await collection("a");
await sender.bulkInsert(Array.from({ length: COMMANDS }, (_, at) => ({ id: `a-${at}`, ...scan(at) })));
await measure("push_per_s", COMMANDS, () =>
    replicate(sender, "one", { push: { batchSize: DOCUMENTS_A_PUSH, handler: (rows) => pushed("one", rows) } }),
);

const reader = await collection("b");
await measure("pull_per_s", COMMANDS, () =>
    replicate(reader, "one", {
        pull: { batchSize: DOCUMENTS_A_PULL, handler: (checkpoint, limit) => pulled("one", checkpoint, limit) },
    }),
);
expect((await reader.count().exec()) === COMMANDS, "every row has arrived");

// The free build opens few collections in one process, so the fleet's requests are made beforehand, as ours are.
const fleet = Array.from({ length: CLIENTS }, (_, client) =>
    Array.from({ length: COMMANDS_A_CLIENT }, (_, at) => ({
        newDocumentState: { id: `m${client}-${at}`, ...scan(at, client), _deleted: false },
    })),
);
await measure("fleet_per_s", CLIENTS * COMMANDS_A_CLIENT, () =>
    Promise.all(fleet.map((rows) => pushed("many", rows))),
);
finish();
