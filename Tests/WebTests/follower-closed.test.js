// SPDX-License-Identifier: Apache-2.0
// Closed stories are polled slowly and gone ones are retried: following goes on in both states.
import assert from "node:assert/strict";
import test from "node:test";
import { Feed } from "./Support/client.js";
import { delta, fails, make, notFound, put, snapshot } from "./Support/following.js";
import { json } from "./Support/world.js";

const closed = (members = {}) => json(delta({ status: "closed", pollAfter: 300, ...members }));
const reopening = { op: "story", seq: 9, story: { id: "5", status: "live", seq: 9 } };

// --- closed ---

test("a closed story is polled at the server's interval, revalidating, without a stream", async () => {
    const { world, seen, start } = make({ updates: (_, number) => closed({ pollAfter: number < 3 ? 300 : 3600 }) });
    await start();
    await world.advance(300 * 3 + 3600 * 2);
    assert.deepEqual(world.times("updates"), [0, 300, 600, 900, 4500, 8100]);
    assert.deepEqual([seen.states, world.count("stream")], [["closed"], 0]);
    const caches = world.requests.filter(({ kind }) => kind === "updates").map(({ init }) => init.cache);
    assert.deepEqual([...new Set(caches.slice(1))], ["no-cache"]);
});

test("the first poll revalidates if the page's story is closed", async () => {
    for (const [status, cache] of [["closed", "no-cache"], ["live", "default"]]) {
        const feed = Feed.of(snapshot({ story: { seq: 1, status } }));
        const { world, start } = make({ updates: () => json(delta({ status })) }, { feed });
        await start();
        assert.equal(world.requests[0].init.cache, cache);
    }
});

test("the state becomes closed once all deltas have been read", async () => {
    const { world, seen, start } = make({
        updates: (_, number) => closed({
            more: number === 0, changes: number < 2 ? [put("a", 2 + number)] : [], cursor: `e-${2 + number}`,
        }),
    });
    await start();
    assert.deepEqual([seen.states, seen.changes.length, seen.reactions.length], [["closed"], 2, 1]);
    await world.advance(299);
    assert.equal(world.count("updates"), 2);
});

test("a poll interval of 0, as of older servers, does not end polling", async () => {
    const { world, seen, start } = make({ updates: () => closed({ pollAfter: 0 }) });
    await start();
    await world.advance(600);
    assert.deepEqual([world.times("updates"), seen.states], [[0, 300, 600], ["closed"]]);
});

for (const [name, come] of [
    ["the tab becomes visible", async world => { await world.hide(); await world.hide(false); }],
    ["the page is shown again", world => world.emit("pageshow", { persisted: false })],
    ["the page is restored from the back/forward cache", world => world.emit("pageshow", { persisted: true })],
    ["the network is back", world => world.emit("online")],
]) {
    test(`${name}: a closed story is polled at once, and streamed if it was reopened`, async () => {
        let isOpen = false;
        const { world, seen, start } = make({
            updates: () => (isOpen ? json(delta({ changes: [reopening], cursor: "e-9" })) : closed()),
        });
        await start();
        await world.advance(100);
        isOpen = true;
        await come(world);
        assert.deepEqual([seen.states, world.count("stream")], [["closed", "live"], 1]);
        assert.equal(world.requests.findLast(({ kind }) => kind === "updates").init.cache, "no-cache");
    });
}

test("slow polls notice a reopening; a stream that ends by closing causes no reconnecting", async () => {
    const { world, seen, start } = make({ updates: (_, number) => (number % 2 ? closed() : json(delta())) });
    await start();
    for (const turn of [0, 1]) {
        const seq = 2 + turn;
        seen.streams[turn].event("story", { op: "story", seq, story: { status: "closed", seq } }, `e-${seq}`);
        seen.streams[turn].end();
        await world.settle();
        if (turn === 0) await world.advance(300);
    }
    assert.deepEqual(seen.states, ["live", "closed", "live", "closed"]);
});

test("204 to a stream takes precedence over a poll's cached status", async () => {
    const closes = () => new Response(null, { status: 204, headers: { "X-Poll-Interval": "200" } });
    const { world, seen, start } = make({ stream: closes });
    await start();
    assert.deepEqual([seen.states, world.count("updates"), world.count("stream")], [["closed"], 1, 1]);
    await world.advance(199);
    assert.equal(world.count("updates"), 1);
    await world.advance(2);
    assert.deepEqual([world.count("updates"), world.count("stream")], [2, 2]);
});

// --- gone ---

test("two 404 problem documents mean that the story is gone; it is retried every few minutes", async () => {
    for (const kind of ["updates", "snapshot"]) {
        const answers = { updates: notFound, snapshot: notFound };
        const { world, seen, start } = make(answers, kind === "snapshot" ? { feed: null } : {});
        await start();
        assert.deepEqual([seen.states, world.requests.length], [["reconnecting"], 1], kind);
        await world.advance(3);
        assert.deepEqual([seen.states, world.requests.length], [["reconnecting", "gone"], 2], kind);
        // Soon at first: an unpublished story may soon be published again.
        await world.advance(12);
        assert.equal(world.requests.length, 3, kind);
        await world.advance(3600);
        assert.ok(world.requests.length >= 21 && world.requests.length <= 30, `${kind}: ${world.requests.length}`);
        assert.deepEqual(seen.states, ["reconnecting", "gone"], kind);
    }
});

test("a 404 that is not the server's problem document only causes back-off", async () => {
    for (const answer of [
        () => new Response("<h1>404 Not Found</h1>", { status: 404, headers: { "Content-Type": "text/html" } }),
        () => json({ type: "/problems/not-found" }, 404),
        () => json({ type: "about:blank" }, 404, { "Content-Type": "application/problem+json" }),
        () => new Response("", { status: 502 }),
    ]) {
        let isMended = false;
        const { world, seen, start } = make({ updates: (_, __, usual) => (isMended ? usual.updates() : answer()) });
        await start();
        await world.advance(600);
        assert.deepEqual(seen.states, ["reconnecting"]);
        isMended = true;
        await world.hide(false);
        assert.deepEqual(seen.states, ["reconnecting", "live"]);
    }
});

test("a single 404 of the server does not mean gone", async () => {
    const { world, seen, start } = make({
        updates: (_, number, usual) => (number % 2 ? usual.updates() : notFound()),
        stream: fails,
    });
    await start();
    await world.advance(300);
    assert.equal(seen.states.includes("gone"), false);
});

test("a gone story that comes back restarts from a snapshot", async () => {
    for (const come of [world => world.hide(false), world => world.advance(240)]) {
        let isDraft = true;
        const { world, seen, start } = make({
            updates: (_, __, usual) => (isDraft ? notFound() : usual.updates()),
            snapshot: () => (isDraft ? notFound() : json(snapshot({ updates: [put("a", 3).update] }))),
        });
        await start();
        await world.advance(60);
        assert.equal(seen.states.at(-1), "gone");
        isDraft = false;
        await come(world);
        assert.deepEqual([seen.states.slice(0, 3), seen.restarts], [["reconnecting", "gone", "live"], 1]);
        assert.equal(world.requests.findLast(({ kind }) => kind === "snapshot").init.cache, "no-cache");
    }
});

// --- names ---

test("after the snapshot, requests use the story's id, so that a new slug does not matter", async () => {
    const { world, start } = make({ snapshot: () => json(snapshot({ story: { id: "5", seq: 1 } })) }, { feed: null });
    await start();
    const paths = world.requests.map(({ url }) => new URL(url).pathname);
    assert.deepEqual(paths, ["/stories/storm/updates", "/stories/5/updates", "/stories/5/stream"]);
});

test("a gone story is looked up by its original name, which may be another story by now", async () => {
    const { world, seen, start } = make({
        updates: ({ url }, _, usual) => (url.includes("/5/") ? notFound() : usual.updates()),
        snapshot: () => json(snapshot({ story: { id: "6", seq: 1 } })),
    }, { feed: Feed.of(snapshot({ story: { id: "5", seq: 1 } })) });
    await start();
    await world.advance(240);
    assert.equal(new URL(world.requests.find(({ kind }) => kind === "snapshot").url).pathname, "/stories/storm/updates");
    assert.deepEqual([seen.states.at(-1), new URL(world.requests.at(-1).url).pathname], ["live", "/stories/6/stream"]);
});

// --- the server's clock ---

test("responses give the server's time: Date plus Age", async () => {
    const dates = [];
    const headers = { Date: "Mon, 23 Nov 2026 20:27:00 GMT", Age: "30" };
    const { start } = make({ updates: () => json(delta(), 200, headers) }, { onDate: date => dates.push(date) });
    await start();
    assert.deepEqual(dates, [Date.parse("2026-11-23T20:27:30Z")]);
});
