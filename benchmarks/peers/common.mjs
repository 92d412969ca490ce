// What every peer is measured with: the same commands as ours in size, one process each, 127.0.0.1 only, an end in sight.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

export const COMMANDS = Number(process.env.COMMANDS ?? 10000);
export const CLIENTS = Number(process.env.CLIENTS ?? 50);
export const COMMANDS_A_CLIENT = Number(process.env.COMMANDS_A_CLIENT ?? 100);
export const BATCH = 500;
const SECONDS_MAX = 300;
const WAIT_MS = 60_000;

export const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mumen-peer-"));

/** A scan of about 300 bytes of JSON. */
export function scan(number, who = "a") {
    return {
        type: "scan",
        door: `D-${String(number).padStart(8, "0")}`,
        order: `O-${number % 977}`,
        stage: ["cut", "edge", "paint", "pack"][number % 4],
        device: `device-${who}`,
        user: `u-${number % 40}`,
        at: 1760000000000 + number,
        note: "x".repeat(150),
    };
}

/** Starts a server that ends with this process, at the latest after `SECONDS_MAX`. */
export function serve(args, environment = {}) {
    const log = fs.openSync(path.join(folder, "server.log"), "w");
    const server = spawn(process.execPath, args, {
        stdio: ["ignore", log, log],
        env: { ...process.env, ...environment },
    });
    process.on("exit", () => server.kill("SIGKILL"));
    setTimeout(() => stop(3), SECONDS_MAX * 1000).unref();
    return server;
}

/** Waits until somebody answers there. */
export async function answers(url) {
    const end = Date.now() + WAIT_MS;
    while (Date.now() < end) {
        try {
            await fetch(url);
            return;
        } catch {
            await new Promise((resolve) => setTimeout(resolve, 150));
        }
    }
    console.error(fs.readFileSync(path.join(folder, "server.log"), "utf8").slice(-3000));
    stop(4);
}

const figures = {};

/** Runs the work and keeps how many of `count` it did a second. */
export async function measure(name, count, work) {
    const began = performance.now();
    await work();
    figures[name] = (count * 1000) / (performance.now() - began);
    console.error(`  ${name}: ${Math.round(figures[name])}/s`);
}

/** Complains and ends where a peer has lost something: its figure would mean nothing. */
export function expect(isTrue, what) {
    if (isTrue) return;
    console.error(`not so: ${what}`);
    stop(5);
}

/** Prints the figures as the last line and ends. */
export function finish() {
    console.log(JSON.stringify(figures));
    stop(0);
}

function stop(code) {
    fs.rmSync(folder, { recursive: true, force: true });
    process.exit(code);
}
