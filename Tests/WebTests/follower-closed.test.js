// SPDX-License-Identifier: Apache-2.0
// A closed story is followed slowly, one that is gone is looked for, and neither is the end.
import assert from "node:assert/strict";
import test from "node:test";
import { Feed } from "./Support/client.js";
import { delta, fails, make, notFound, put, snapshot } from "./Support/following.js";
import { json } from "./Support/world.js";

const closed = (members = {}) => json(delta({ status: "closed", pollAfter: 300, ...members }));
const reopening = { op: "story", seq: 9, story: { id: "5", status: "live", seq: 9 } };

// --- closed ---

test("a closed story is polled as slowly as the server says, past the browser's cache, and has no stream", async () => {
    const { world, seen, start } = make({ updates: (_, number) => closed({ pollAfter: number < 3 ? 300 : 3600 }) });
    await start();
    await world.advance(300 * 3 + 3600 * 2);
    assert.deepEqual(world.times("updates"), [0, 300, 600, 900, 4500, 8100]);
    assert.deepEqual([seen.states, world.count("stream")], [["closed"], 0]);
    const caches = world.requests.filter(({ kind }) => kind === "updates").map(({ init }) => init.cache);
    assert.deepEqual([...new Set(caches.slice(1))], ["no-cache"]);
});

test("of a page that a cache has kept, too, the first poll is past the cache", async () => {
    for (const [status, cache] of [["closed", "no-cache"], ["live", "default"]]) {
        const feed = Feed.of(snapshot({ story: { seq: 1, status } }));
        const { world, start } = make({ updates: () => json(delta({ status })) }, { feed });
        await start();
        assert.equal(world.requests[0].init.cache, cache);
    }
});

test("it is closed once everything has been read", async () => {
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

test("0, which older servers say, is no end either", async () => {
    const { world, seen, start } = make({ updates: () => closed({ pollAfter: 0 }) });
    await start();
    await world.advance(600);
    assert.deepEqual([world.times("updates"), seen.states], [[0, 300, 600], ["closed"]]);
});

for (const [name, come] of [
    ["the tab is seen again", async world => { await world.hide(); await world.hide(false); }],
    ["the page is shown again", world => world.emit("pageshow", { persisted: false })],
    ["the page comes back from the browser's cache", world => world.emit("pageshow", { persisted: true })],
    ["the network is there again", world => world.emit("online")],
]) {
    test(`${name}: a closed story is asked for at once, and goes on when it was reopened`, async () => {
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

test("a reopening is noticed by the slow polls, too, and a stream that ends by a closing is not mourned", async () => {
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

test("204 to a stream is a later word than a poll that came by a cache", async () => {
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

test("404 twice, by the server's own word: the story is gone, and looked for every few minutes", async () => {
    for (const kind of ["updates", "snapshot"]) {
        const answers = { updates: notFound, snapshot: notFound };
        const { world, seen, start } = make(answers, kind === "snapshot" ? { feed: null } : {});
        await start();
        assert.deepEqual([seen.states, world.requests.length], [["reconnecting"], 1], kind);
        await world.advance(3);
        assert.deepEqual([seen.states, world.requests.length], [["reconnecting", "gone"], 2], kind);
        // Soon at first, for a draft may soon be published again.
        await world.advance(12);
        assert.equal(world.requests.length, 3, kind);
        await world.advance(3600);
        assert.ok(world.requests.length >= 21 && world.requests.length <= 30, `${kind}: ${world.requests.length}`);
        assert.deepEqual(seen.states, ["reconnecting", "gone"], kind);
    }
});

test("404 of anything else on the way is backed off from, and believed never", async () => {
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

test("a single 404 of the server is not believed", async () => {
    const { world, seen, start } = make({
        updates: (_, number, usual) => (number % 2 ? usual.updates() : notFound()),
        stream: fails,
    });
    await start();
    await world.advance(300);
    assert.equal(seen.states.includes("gone"), false);
});

test("a story that is gone and comes back begins anew, and lives on", async () => {
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

test("it goes on by the story's id, so that a new slug does not matter", async () => {
    const { world, start } = make({ snapshot: () => json(snapshot({ story: { id: "5", seq: 1 } })) }, { feed: null });
    await start();
    const paths = world.requests.map(({ url }) => new URL(url).pathname);
    assert.deepEqual(paths, ["/stories/storm/updates", "/stories/5/updates", "/stories/5/stream"]);
});

test("while it is gone it is looked for by the name that was asked for, under which it may be another story", async () => {
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

test("answers tell the time of the server's clock, with the time that caches have kept them", async () => {
    const dates = [];
    const headers = { Date: "Mon, 23 Nov 2026 20:27:00 GMT", Age: "30" };
    const { start } = make({ updates: () => json(delta(), 200, headers) }, { onDate: date => dates.push(date) });
    await start();
    assert.deepEqual(dates, [Date.parse("2026-11-23T20:27:30Z")]);
});
