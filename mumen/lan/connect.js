// Tells whoever holds the tablet whether it finds the server, and whether it trusts it yet.
// A request that is not read ("no-cors") succeeds where somebody answers: over plain HTTP that is the name alone,
// over HTTPS the certificate too.
const checks = document.getElementById("checks");
const TIMEOUT_MS = 6000;

async function answers(url) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
        await fetch(url, { mode: "no-cors", cache: "no-store", signal: stop.signal });
        return true;
    } catch {
        return false;
    } finally {
        clearTimeout(timer);
    }
}

function show(check, state) {
    for (const one of checks.querySelectorAll(`[data-check="${check}"]`)) one.hidden = one.dataset.state !== state;
}

async function look() {
    const isFound = await answers(checks.dataset.plain);
    show("found", isFound ? "yes" : "no");
    if (isFound) show("trusted", (await answers(checks.dataset.secure)) ? "yes" : "no");
}

look();
// Back from the tablet's settings, where the certificate was installed.
document.addEventListener("visibilitychange", () => document.hidden || look());
