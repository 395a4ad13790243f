// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { Feed } from "./Support/client.js";
import { follow } from "./Support/client.js";
import { counts, delta, fails, make, never, put, snapshot } from "./Support/following.js";
import { json } from "./Support/world.js";

// --- normal operation ---

test("it catches up by polls, then streams from that cursor", async () => {
    const { world, seen, follower, start } = make({
        updates: (_, number) => json([
            delta({ changes: [put("a", 2)], cursor: "e-2", more: true }),
            delta({ changes: [put("b", 3)], cursor: "e-3" }),
        ][number]),
    });
    await start();
    assert.deepEqual(world.requests.map(({ url }) => url.replace("https://live.example/stories/storm/", "")), [
        "updates?cursor=e-1", "updates?cursor=e-2", "stream?cursor=e-3",
    ]);
    assert.deepEqual(seen.states, ["live"]);
    seen.streams[0].event("put", put("c", 4), "e-4");
    await world.settle();
    assert.deepEqual(seen.changes.map(({ seq }) => seq), [2, 3, 4]);
    assert.deepEqual([follower.feed.cursor, follower.feed.updates.length], ["e-4", 3]);
});

test("requests have no header that would need a CORS preflight", async () => {
    const { world, start } = make();
    await start();
    for (const { init } of world.requests) {
        assert.equal(init.method ?? "GET", "GET");
        assert.deepEqual(Object.keys(init.headers ?? {}).filter(name => name !== "Accept"), []);
    }
});

test("each complete event is delivered at once, and the cursor advances with it", async () => {
    const told = [];
    const { world, seen, follower, start } = make({}, { onChange: changes => told.push(changes.length) });
    await start();
    const event = (seq, id) => `event: put\nid: ${id}\ndata: ${JSON.stringify(put("a", seq))}\n\n`;
    seen.streams[0].write(event(2, "e-2") + event(3, "e-3") + "event: put\nid: e-4\n");
    await world.settle();
    assert.deepEqual([told, follower.feed.cursor], [[2], "e-3"]);
});

test("a character split across chunks is decoded", async () => {
    const { world, seen, start } = make();
    await start();
    const change = put("ä", 2);
    const bytes = new TextEncoder().encode(`event: put\nid: e-2\ndata: ${JSON.stringify(change)}\n\n`);
    for (const byte of bytes) seen.streams[0].write(Uint8Array.of(byte));
    await world.settle();
    assert.deepEqual(seen.changes, [change]);
});

test("reactions come by the stream alone: partial events are merged, complete ones replace", async () => {
    const { world, seen, start } = make();
    await start();
    for (const event of [
        { all: true, story: { veryGood: 1 }, updates: { a: { veryGood: 1 } } },
        { story: {}, updates: { b: { veryGood: 2 } } },
        { all: true, story: { veryGood: 3 }, updates: {} },
    ]) {
        seen.streams[0].event("reactions", event);
        await world.settle();
    }
    assert.deepEqual(seen.reactions, [
        { story: { veryGood: 1 }, updates: { a: { veryGood: 1 } } },
        { story: { veryGood: 1 }, updates: { a: { veryGood: 1 }, b: { veryGood: 2 } } },
        { story: { veryGood: 3 }, updates: {} },
    ]);
    assert.equal(world.count("reactions"), 0);
});

test("reaction events in one chunk are reported once", async () => {
    const { world, seen, start } = make();
    await start();
    const event = data => `event: reactions\ndata: ${JSON.stringify(data)}\n\n`;
    seen.streams[0].write(event({ all: true, ...counts }) + event({ story: { veryGood: 2 }, updates: {} }));
    await world.settle();
    assert.deepEqual(seen.reactions, [{ story: { veryGood: 2 }, updates: {} }]);
});

test("counts requested before a newer reactions event are dropped", async () => {
    let answer;
    const { world, seen, follower, start } = make({ reactions: () => new Promise(resolve => (answer = resolve)) });
    await start();
    follower.loadReactions();
    seen.streams[0].event("reactions", { story: { veryGood: 2 }, updates: {} });
    await world.settle();
    answer(json(counts));
    await world.settle();
    assert.deepEqual(seen.reactions.map(({ story }) => story.veryGood), [2]);
});

test("the filter is sent with snapshots, polls and streams only", async () => {
    const { world, start } = make({}, { feed: null, filter: { only: "key", tag: null }, limit: 20, links: true });
    await start();
    assert.deepEqual(world.requests.map(({ url }) => url.split("/").at(-1)), [
        "updates?only=key&limit=20", "links?cursor=e-1", "updates?only=key&cursor=e-1", "stream?only=key&cursor=e-1",
    ]);
});

test("without a feed it begins with a snapshot, and retries until it has one", async () => {
    const { world, seen, follower, start } = make({
        snapshot: (_, number) => (number < 2 ? fails() : json(snapshot({ updates: [put("a", 1).update] }))),
    }, { feed: null });
    await start();
    assert.deepEqual([follower.feed, seen.states], [null, ["reconnecting"]]);
    await world.advance(60);
    assert.deepEqual([seen.restarts, follower.feed.updates.length, seen.states.at(-1)], [1, 1, "live"]);
});

test("follow starts at once", async () => {
    const { world, follower } = make();
    const second = follow({ story: "storm", environment: world });
    await world.settle();
    assert.equal(world.requests[0].url, "/stories/storm/updates");
    second.close();
    follower.close();
});

test("an error thrown by a listener does not stop the feed", async context => {
    context.mock.method(console, "error", () => {});
    const { world, seen, follower, start } = make({}, { onChange: () => { throw new Error("page"); } });
    await start();
    seen.streams[0].event("put", put("a", 2), "e-2");
    await world.settle();
    assert.deepEqual([follower.feed.cursor, world.count("stream")], ["e-2", 1]);
    assert.equal(console.error.mock.callCount(), 1);
});

test("close stops everything", async () => {
    const { world, seen, follower, start } = make();
    await start();
    assert.equal(world.timers, 1, "but for the one that watches the stream, timers are left");
    follower.close();
    await world.settle();
    assert.equal(world.requests.find(({ kind }) => kind === "stream").signal.aborted, true);
    assert.equal(world.timers, 0);
    const before = world.requests.length;
    await world.hide(false);
    await world.emit("online");
    await world.advance(3600);
    assert.deepEqual([world.requests.length, world.timers, world.listeners], [before, 0, 0]);
    assert.deepEqual(seen.states, ["live"]);
});

test("close ends a back-off too", async () => {
    const { world, follower, start } = make({ updates: fails });
    await start();
    follower.close();
    assert.equal(world.timers, 0);
    await world.advance(3600);
    assert.equal(world.requests.length, 1);
});

test("responses after close are not reported", async () => {
    for (const kind of ["snapshot", "updates", "reactions"]) {
        let answer;
        const { world, seen, follower, start } = make({
            [kind]: (_, __, usual) => new Promise(resolve => (answer = () => resolve(usual[kind]())))
        }, kind === "snapshot" ? { feed: null } : {});
        await start();
        if (kind === "reactions") follower.loadReactions();
        await world.settle();
        // As if the response had already arrived.
        world.requests.at(-1).signal.addEventListener("abort", event => event.stopImmediatePropagation());
        answer();
        follower.close();
        await world.advance(60);
        assert.deepEqual([seen.restarts, seen.changes, seen.reactions], [0, [], []], kind);
    }
});

// --- older pages ---

test("older pages are added to the feed", async () => {
    const { world, follower, start } = make({
        snapshot: request => json(request.url.includes("before=") ? snapshot({ updates: [put("z", 1).update] })
            : snapshot({ older: "/stories/5/updates?before=b" })),
    }, { feed: null });
    await start();
    assert.equal(await follower.loadOlder(), true);
    assert.equal(world.requests.at(-1).url, "https://live.example/stories/5/updates?before=b");
    assert.deepEqual([follower.feed.updates.length, await follower.loadOlder()], [1, false]);
});

test("an older page that arrives after a restart is dropped", async () => {
    const { world, follower } = make({
        snapshot: () => json(snapshot({ updates: [put("z", 1).update] })),
    }, { feed: Feed.of(snapshot({ older: "/stories/5/updates?before=b" })) });
    const loading = follower.loadOlder();
    follower.feed.start(snapshot({ older: "/stories/5/updates?before=c" }));
    assert.deepEqual([await loading, follower.feed.updates.length], [false, 0]);
    world.timers || follower.close();
});

test("failing to load an older page rejects", async () => {
    const { follower } = make({ snapshot: fails }, { feed: Feed.of(snapshot({ older: "/older" })) });
    await assert.rejects(follower.loadOlder());
});

// --- error responses ---

test("410 restarts from a snapshot with the same filter", async () => {
    const { world, seen, follower, start } = make({
        updates: (request, number, usual) =>
            (number ? usual.updates() : json({ snapshot: "/stories/storm/updates?limit=7" }, 410)),
        snapshot: () => json(snapshot({ cursor: "f-9", updates: [put("a", 9).update] })),
        links: () => json({ related: [{ title: "x" }] }),
    }, { filter: { only: "key" }, links: true });
    await start();
    assert.deepEqual(world.requests.map(({ url }) => url.split("/").at(-1)), [
        "updates?only=key&cursor=e-1", "updates?only=key", "links?cursor=f-9", "updates?only=key&cursor=f-9",
        "stream?only=key&cursor=e-1",
    ]);
    assert.equal(world.requests[1].init.cache, "no-cache");
    assert.deepEqual([seen.restarts, seen.states], [1, ["live"]]);
    assert.deepEqual([follower.feed.updates.length, follower.feed.links.related.length], [1, 1]);
});

test("410 or 400 from a stream restarts from a snapshot too", async () => {
    for (const status of [410, 400]) {
        const { seen, start } = make({
            stream: (request, number, usual) => (number ? usual.stream(request) : json({}, status)),
        });
        await start();
        assert.deepEqual([seen.restarts, seen.states], [1, ["live"]]);
    }
});

test("repeated 410 causes back-off", async () => {
    const { world, seen, start } = make({ updates: () => json({}, 410) });
    await start();
    await world.advance(600);
    assert.ok(seen.restarts > 5 && seen.restarts < 30, `${seen.restarts} restarts`);
    assert.deepEqual(seen.states, ["reconnecting"]);
});

test("onRestart completes before later changes are reported", async () => {
    const order = [];
    const { world, start } = make({
        updates: (_, number) => json(number ? delta({ changes: [put("a", 2)] }) : {}, number ? 200 : 410),
    }, {
        onRestart: async () => { await new Promise(resolve => setImmediate(resolve)); order.push("restart"); },
        onChange: () => order.push("change"),
    });
    await start();
    await world.settle();
    assert.deepEqual(order, ["restart", "change"]);
});

test("Retry-After is obeyed even if the page becomes visible or online meanwhile", async () => {
    for (const status of [429, 503]) {
        const { world, start } = make({
            updates: (_, number) => (number ? json(delta()) : json({}, status, { "Retry-After": "120" })),
        });
        await start();
        await world.advance(60);
        await world.emit("online");
        await world.hide(false);
        await world.advance(59);
        assert.equal(world.requests.length, 1, `${status}`);
        await world.advance(10);
        assert.equal(world.count("updates"), 2);
    }
});
