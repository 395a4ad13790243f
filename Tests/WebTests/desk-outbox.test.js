// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { DeskApi, Refusal } from "../../Sources/Web/Files/desk/api.js";
import { freshKey, Outbox } from "../../Sources/Web/Files/desk/outbox.js";
import { isTransient, RetryPause, pauseBefore, persist, Stopped } from "../../Sources/Web/Files/desk/retry.js";
import { MemoryStorage } from "./Support/storage.js";

/** A server with idempotency keys that can lose requests and responses. */
class OnceServer {
    done = new Map();
    updates = [];
    /** Faults of the next requests, in order: `lost`, `unanswered`, a status, or none. */
    mishaps = [];

    async fetch(path, { method, headers, body }) {
        const mishap = this.mishaps.shift();
        if (mishap === "lost") throw new TypeError("Failed to fetch");
        if (typeof mishap === "number") return answerOf(mishap, { type: "/problems/busy", detail: "busy" });
        const answer = method === "PATCH" ? this.patch(path, JSON.parse(body))
            : this.post(headers["Idempotency-Key"], body);
        if (mishap === "unanswered") throw new TypeError("Failed to fetch");
        return answer;
    }

    /** Idempotency keys received, in order. */
    keys = [];
    taken = new Set();

    /** Takes an update down: the request that created it is refused with 410 from now on. */
    takeDown(text) {
        this.taken.add(JSON.stringify({ body: text }));
        this.updates = this.updates.filter(update => update.body !== text);
    }

    post(key, body) {
        this.keys.push(key);
        const known = this.done.get(key);
        if (known && known.body !== body) return answerOf(422, { type: "/problems/idempotency-key-reused" });
        if (this.taken.has(body)) return answerOf(410, { type: "/problems/taken-down", detail: "taken down" });
        if (known) return answerOf(201, known.update);
        const update = { id: `u${this.updates.length}`, ...JSON.parse(body) };
        if (!update.body) return answerOf(422, { type: "/problems/validation", detail: "blank" });
        this.updates.push(update);
        this.done.set(key, { body, update });
        return answerOf(201, update);
    }

    /** Bodies of patches, in order. */
    patches = [];

    patch(path, members) {
        this.patches.push(members);
        const update = this.updates.find(one => path.endsWith(`/${one.id}`));
        return answerOf(200, Object.assign(update, members));
    }

    get bodies() {
        return this.updates.map(update => update.body);
    }
}

const answerOf = (status, value) => new Response(JSON.stringify(value), { status });

/** The outbox of a desk at this server; by default retries do not wait. */
function deskOf(server, { storage = new MemoryStorage(), now = 0, holder = "ines", patience, ...events } = {}) {
    const fetch = (...request) => server.fetch(...request);
    const api = new DeskApi({ key: () => "k", signIn: async () => {}, fetch });
    const quick = () => Object.assign(new RetryPause(), { wait: async () => {} });
    return new Outbox({ storage, api, holder: () => holder, now: () => now, patience: patience ?? quick, ...events });
}

const entryOf = (body, more = {}) =>
    ({ once: "k1", path: "/stories/s/updates", body: JSON.stringify({ body }), slot: "s/new", label: "L", ...more });

/** A pause that never ends, as if the page were closed while it waits. */
const endless = () => Object.assign(new RetryPause(), { wait: () => new Promise(() => {}) });

/** Lets everything finish that waits for no timer. */
const settle = () => new Promise(resolve => setTimeout(resolve, 20));

test("A sent entry is removed from the outbox", async () => {
    const [server, storage] = [new OnceServer(), new MemoryStorage()];
    const outbox = deskOf(server, { storage });
    assert.equal((await outbox.send(entryOf("One."))).value.id, "u0");
    assert.deepEqual([server.bodies, storage.length, outbox.list()], [["One."], 0, []]);
});

test("Lost requests, lost responses and a busy server result in exactly one update", async () => {
    const server = new OnceServer();
    server.mishaps = ["lost", 503, "unanswered", 409, "lost", "unanswered", undefined];
    await deskOf(server).send(entryOf("One."));
    assert.deepEqual(server.bodies, ["One."]);
});

test("A waiting entry is reported as not yet saved", async () => {
    const server = new OnceServer();
    server.mishaps = ["lost"];
    const told = [];
    const outbox = deskOf(server, { onChange: () => told.push(outbox?.list()[0]?.state ?? "none") });
    await outbox.send(entryOf("One."));
    assert.ok(told.includes("waiting"));
    assert.equal(told.at(-1), "none");
});

test("After a reload sending continues with the same idempotency key", async () => {
    const [server, storage] = [new OnceServer(), new MemoryStorage()];
    server.mishaps = ["unanswered"];
    deskOf(server, { storage, patience: endless }).send(entryOf("One."));
    await settle();
    const done = [];
    const outbox = deskOf(server, { storage, onDone: entry => done.push(entry.slot) });
    outbox.resume();
    await outbox.follow("s/new");
    assert.deepEqual([server.bodies, done, storage.length], [["One."], ["s/new"], 0]);
});

test("Two windows that resume the same entry send it once", async () => {
    const [server, storage] = [new OnceServer(), new MemoryStorage()];
    server.mishaps = ["unanswered"];
    deskOf(server, { storage, patience: endless }).send(entryOf("One."));
    await settle();
    for (const outbox of [deskOf(server, { storage }), deskOf(server, { storage })]) outbox.resume();
    await settle();
    assert.deepEqual(server.bodies, ["One."]);
});

test("Another key holder, or 23 hours later, must confirm before it is sent again", async () => {
    for (const other of [{ holder: "tunde" }, { now: 23 * 3600 * 1000 }]) {
        const [server, storage] = [new OnceServer(), new MemoryStorage()];
        server.mishaps = ["lost"];
        deskOf(server, { storage, patience: endless }).send(entryOf("One."));
        await settle();
        const outbox = deskOf(server, { storage, patience: () => new RetryPause(), ...other });
        outbox.resume();
        await settle();
        assert.deepEqual([outbox.list()[0].state, server.bodies], ["asking", []]);
        // A general poke does not send it either.
        outbox.poke();
        await settle();
        assert.deepEqual(server.bodies, []);
        outbox.poke("k1");
        await settle();
        assert.deepEqual([server.bodies, outbox.list()], [["One."], []]);
    }
});

test("A refused entry is removed and reported", async () => {
    const [server, storage] = [new OnceServer(), new MemoryStorage()];
    const refused = [];
    const onRefused = (entry, failure, isFollowed) => refused.push([failure.kind, isFollowed]);
    await assert.rejects(deskOf(server, { storage, onRefused }).send(entryOf("")), Refusal);
    assert.deepEqual([refused, storage.length], [[["validation", true]], 0]);
});

test("A taken-down entry is dropped in every window and never sent again", async () => {
    for (const previous of [[], [JSON.stringify({ body: "One." })]]) {
        const [server, storage] = [new OnceServer(), new MemoryStorage()];
        server.mishaps = ["unanswered"];
        const entry = entryOf(previous.length ? "Two." : "One.", { previous });
        if (previous.length) server.post("k1", previous[0]);
        deskOf(server, { storage, patience: endless }).send(entry);
        await settle();
        server.takeDown("One.");
        const refused = [];
        const onRefused = (_, failure) => refused.push([failure.kind, JSON.parse(failure.refusedBody).body]);
        const windows = [1, 2].map(() => deskOf(server, { storage, onRefused }));
        for (const outbox of windows) outbox.resume();
        await settle();
        for (const outbox of windows) {
            outbox.poke();
            outbox.resume();
        }
        await settle();
        assert.deepEqual(refused, [["taken-down", "One."], ["taken-down", "One."]]);
        assert.deepEqual([server.bodies, storage.length], [[], 0]);
        assert.deepEqual(new Set(server.keys), new Set(["k1"]));
    }
});

test("After a refusal the same key can be used for the corrected text", async () => {
    const server = new OnceServer();
    const outbox = deskOf(server);
    await outbox.send(entryOf("")).catch(() => {});
    await outbox.send(entryOf("One."));
    assert.deepEqual(server.bodies, ["One."]);
});

test("Stopping rejects the waiting send and removes the entry", async () => {
    const [server, storage] = [new OnceServer(), new MemoryStorage()];
    server.mishaps = ["lost"];
    const outbox = deskOf(server, { storage, patience: () => new RetryPause() });
    const sent = outbox.send(entryOf("One."));
    await settle();
    outbox.stop("k1");
    await assert.rejects(sent, Stopped);
    assert.deepEqual([server.bodies, storage.length], [[], 0]);
});

test("A text edited after a lost response patches the saved update, without a duplicate", async () => {
    const server = new OnceServer();
    const outbox = deskOf(server);
    server.post("k1", JSON.stringify({ body: "One." }));
    const previous = ["Zero.", "One."].map(body => JSON.stringify({ body }));
    const answer = await outbox.send(entryOf("Two.", { previous }));
    assert.deepEqual([server.bodies, answer.value.id], [["Two."], "u0"]);
});

test("The patch of a saved update notifies only if what was saved has not", async () => {
    for (const hadNotified of [true, false]) {
        const server = new OnceServer();
        const first = JSON.stringify({ body: "One.", keyEvent: true, ...hadNotified && { notify: true } });
        server.post("k1", first);
        const body = JSON.stringify({ body: "Two.", keyEvent: true, notify: true });
        await deskOf(server).send({ ...entryOf(""), body, previous: [first] });
        assert.deepEqual(server.patches, [{ body: "Two.", keyEvent: true, ...!hadNotified && { notify: true } }]);
    }
});

test("A text edited after a lost request is created", async () => {
    const server = new OnceServer();
    await deskOf(server).send(entryOf("Two.", { previous: [JSON.stringify({ body: "One." })] }));
    assert.deepEqual(server.bodies, ["Two."]);
});

test("A full storage does not prevent sending", async () => {
    const [server, storage] = [new OnceServer(), new MemoryStorage()];
    storage.setItem = () => { throw new Error("QuotaExceededError"); };
    const outbox = deskOf(server, { storage });
    const sent = outbox.send(entryOf("One."));
    assert.equal(outbox.list()[0].isKept, false);
    await sent;
    assert.deepEqual(server.bodies, ["One."]);
});

test("Idempotency keys are unique and valid in a header", () => {
    const keys = new Set(Array.from({ length: 100 }, freshKey));
    assert.equal(keys.size, 100);
    for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/);
});

test("Back-off doubles up to 30 s and is never shorter than Retry-After", () => {
    assert.deepEqual([1, 2, 3, 9].map(attempt => pauseBefore(attempt, null, () => 1)), [1000, 2000, 4000, 30_000]);
    assert.equal(pauseBefore(1, null, () => 0), 500);
    assert.equal(pauseBefore(1, 30, () => 0), 30_000);
});

test("Time-outs, conflicts, rate limits and overload are transient; errors of the request are not", () => {
    const of = (status, kind) => isTransient(new Refusal(status, { type: `/problems/${kind}` }));
    for (const status of [408, 409, 429, 502, 503, 507]) assert.equal(of(status, "x"), true, status);
    for (const status of [400, 401, 404, 412, 422]) assert.equal(of(status, "x"), false, status);
    for (const kind of ["slug-taken", "not-published"]) assert.equal(of(409, kind), false, kind);
    assert.equal(isTransient(new TypeError("a fault of ours")), false);
});

test("A RetryPause can be cut short or stopped", async () => {
    const patience = new RetryPause();
    const waiting = patience.wait(3600_000);
    patience.poke();
    await waiting;
    const ended = persist(() => { throw new Refusal(503, {}); }, { patience, onTrouble: () => patience.stop() });
    await assert.rejects(ended, Stopped);
});

test("An entry that cannot be read does not keep the others from being sent", async () => {
    const [server, storage] = [new OnceServer(), new MemoryStorage()];
    storage.setItem("wireroom.desk.outbox.broken", "{");
    storage.setItem("wireroom.desk.outbox.empty", "null");
    server.mishaps = ["lost"];
    deskOf(server, { storage, patience: endless }).send(entryOf("One."));
    await settle();
    const outbox = deskOf(server, { storage });
    outbox.resume();
    await outbox.follow("s/new");
    assert.deepEqual(server.bodies, ["One."]);
});
