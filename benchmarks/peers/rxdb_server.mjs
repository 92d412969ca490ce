// An RxDB server that keeps everything in memory: nothing would outlive its process.
import { createRxDatabase } from "rxdb/plugins/core";
import { getRxStorageMemory } from "rxdb/plugins/storage-memory";
import { RxServerAdapterExpress } from "rxdb-server/plugins/adapter-express";
import { createRxServer } from "rxdb-server/plugins/server";

export const PORT = 15321;
const text = { type: "string" };
export const schema = {
    version: 0,
    primaryKey: "id",
    type: "object",
    properties: {
        id: { type: "string", maxLength: 40 },
        ...{ type: text, door: text, order: text, stage: text, device: text, user: text, note: text },
        at: { type: "number" },
    },
};

if (process.argv[2] === "serve") {
    const database = await createRxDatabase({ name: "server", storage: getRxStorageMemory() });
    await database.addCollections({ one: { schema }, many: { schema } });
    const authHandler = () => ({ data: {}, validUntil: Date.now() + 3_600_000 });
    const server = await createRxServer({
        ...{ database, authHandler, adapter: RxServerAdapterExpress },
        ...{ port: PORT, hostname: "127.0.0.1" },
    });
    for (const name of ["one", "many"]) server.addReplicationEndpoint({ name, collection: database[name] });
    await server.start();
}
