import assert from "node:assert/strict";
import test from "node:test";
import { Feed } from "../../Sources/Web/Files/feed.js";
import { Follower, follow } from "../../Sources/Web/Files/follower.js";
import { Chance, seed } from "./Support/chance.js";
import { ModelStory, editAtRandom } from "./Support/model.js";
import { FakeStream, FakeWorld, json } from "./Support/world.js";

const at = minute => `2026-11-23T20:${String(minute).padStart(2, "0")}:00.000Z`;
const put = (id, seq) => ({ op: "put", seq, update: { id, seq, publishedAt: at(seq % 60), pinned: false, keyEvent: false } });
const delta = (members = {}) => ({ status: "live", changes: [], cursor: "e-1", more: false, pollAfter: 10, ...members });
const snapshot = (members = {}) => ({ story: { seq: 1 }, pinned: [], updates: [], cursor: "e-1", older: null, pollAfter: 10, ...members });
const counts = { story: { veryGood: 1 }, updates: {} };

/**
 * A follower in a world of its own. `answers` has a function for each kind of request that a test is about; it is given the
 * request and how many of its kind there were before.
 */
function make(answers = {}, options = {}) {
    const seen = { states: [], changes: [], reactions: [], restarts: 0, streams: [] };
    const usual = {
        updates: () => json(delta()),
        stream: request => {
            seen.streams.push(new FakeStream(request));
            return seen.streams.at(-1).response;
        },
        reactions: () => json(counts),
        links: () => json({ related: [] }),
        snapshot: () => json(snapshot()),
    };
    const world = new FakeWorld(request =>
        (answers[request.kind] ?? usual[request.kind])(request, world.count(request.kind) - 1, usual));
    const follower = new Follower({
        base: "https://live.example/", story: "storm", feed: Feed.of(snapshot()), world,
        onChange: changes => seen.changes.push(...changes),
        onReactions: reactions => seen.reactions.push(reactions),
        onRestart: () => (seen.restarts += 1),
        onState: state => seen.states.push(state),
        ...options,
    });
    return { world, seen, follower, async start() { follower.start(); await world.settle(); } };
}

const never = () => new Promise(() => {});
const fails = () => { throw new TypeError("network error"); };

// --- the ordinary course ---

test("it catches up by polls, then streams from there", async () => {
    const { world, seen, follower, start } = make({
        updates: (_, number) => json([
            delta({ changes: [put("a", 2)], cursor: "e-2", more: true }), delta({ changes: [put("b", 3)], cursor: "e-3" }),
        ][number]),
    });
    await start();
    assert.deepEqual(world.requests.map(({ url }) => url.replace("https://live.example/stories/storm/", "")), [
        "updates?cursor=e-1", "updates?cursor=e-2", "stream?cursor=e-3", "reactions",
    ]);
    assert.deepEqual(seen.states, ["live"]);
    seen.streams[0].event("put", put("c", 4), "e-4");
    await world.settle();
    assert.deepEqual(seen.changes.map(({ seq }) => seq), [2, 3, 4]);
    assert.deepEqual([follower.feed.cursor, follower.feed.updates.length], ["e-4", 3]);
});

test("requests have no header that would have a browser ask the server first", async () => {
    const { world, start } = make();
    await start();
    for (const { init } of world.requests) {
        assert.equal(init.method ?? "GET", "GET");
        assert.deepEqual(Object.keys(init.headers ?? {}).filter(name => name !== "Accept"), []);
    }
});

test("what comes in one piece of the stream is told at once, and cursors go with it", async () => {
    const told = [];
    const { world, seen, follower, start } = make({}, { onChange: changes => told.push(changes.length) });
    await start();
    const event = (seq, id) => `event: put\nid: ${id}\ndata: ${JSON.stringify(put("a", seq))}\n\n`;
    seen.streams[0].write(event(2, "e-2") + event(3, "e-3") + "event: put\nid: e-4\n");
    await world.settle();
    assert.deepEqual([told, follower.feed.cursor], [[2], "e-3"]);
});

test("a character that is cut by the network is put together", async () => {
    const { world, seen, start } = make();
    await start();
    const change = put("ä", 2);
    const bytes = new TextEncoder().encode(`event: put\nid: e-2\ndata: ${JSON.stringify(change)}\n\n`);
    for (const byte of bytes) seen.streams[0].write(Uint8Array.of(byte));
    await world.settle();
    assert.deepEqual(seen.changes, [change]);
});

test("reactions come by stream, and once when it opens", async () => {
    const { world, seen, start } = make();
    await start();
    assert.deepEqual(seen.reactions, [counts]);
    seen.streams[0].event("reactions", { story: { veryGood: 2 }, updates: {} });
    await world.settle();
    assert.equal(seen.reactions[1].story.veryGood, 2);
});

test("counts that were asked for before the stream told others are dropped", async () => {
    let answer;
    const { world, seen, start } = make({ reactions: () => new Promise(resolve => (answer = resolve)) });
    await start();
    seen.streams[0].event("reactions", { story: { veryGood: 2 }, updates: {} });
    await world.settle();
    answer(json(counts));
    await world.settle();
    assert.deepEqual(seen.reactions.map(({ story }) => story.veryGood), [2]);
});

test("a filter goes with snapshots, polls and streams, and with nothing else", async () => {
    const { world, start } = make({}, { feed: null, filter: { only: "key", tag: null }, limit: 20, links: true });
    await start();
    assert.deepEqual(world.requests.map(({ url }) => url.split("/").at(-1)), [
        "updates?only=key&limit=20", "links?cursor=e-1", "updates?only=key&cursor=e-1", "stream?only=key&cursor=e-1", "reactions",
    ]);
});

test("without a feed it begins with a snapshot, and tries until there is one", async () => {
    const { world, seen, follower, start } = make({
        snapshot: (_, number) => (number < 2 ? fails() : json(snapshot({ updates: [put("a", 1).update] }))),
    }, { feed: null });
    await start();
    assert.deepEqual([follower.feed, seen.states], [null, ["reconnecting"]]);
    await world.advance(60);
    assert.deepEqual([seen.restarts, follower.feed.updates.length, seen.states.at(-1)], [1, 1, "live"]);
});

test("follow begins at once", async () => {
    const { world, follower } = make();
    const second = follow({ story: "storm", world });
    await world.settle();
    assert.equal(world.requests[0].url, "/stories/storm/updates");
    second.close();
    follower.close();
});

test("what a listener throws does not stop the feed", async context => {
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

test("close stops what waits, too", async () => {
    const { world, follower, start } = make({ updates: fails });
    await start();
    follower.close();
    assert.equal(world.timers, 0);
    await world.advance(3600);
    assert.equal(world.requests.length, 1);
});

test("answers that come after it was closed are told to nobody", async () => {
    for (const kind of ["snapshot", "updates", "reactions"]) {
        let answer;
        const { world, seen, follower, start } = make({
            [kind]: (_, __, usual) => new Promise(resolve => (answer = () => resolve(usual[kind]())))
        }, kind === "snapshot" ? { feed: null } : {});
        await start();
        // As one that was on its way already.
        world.requests.at(-1).signal.addEventListener("abort", event => event.stopImmediatePropagation());
        answer();
        follower.close();
        await world.advance(60);
        assert.deepEqual([seen.restarts, seen.changes, seen.reactions], [0, [], []], kind);
    }
});

// --- pages and their end ---

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

test("an older page that comes after a restart is dropped", async () => {
    const { world, follower } = make({
        snapshot: () => json(snapshot({ updates: [put("z", 1).update] })),
    }, { feed: Feed.of(snapshot({ older: "/stories/5/updates?before=b" })) });
    const loading = follower.loadOlder();
    follower.feed.start(snapshot({ older: "/stories/5/updates?before=c" }));
    assert.deepEqual([await loading, follower.feed.updates.length], [false, 0]);
    world.timers || follower.close();
});

test("an older page that cannot be had is an error for whoever asked", async () => {
    const { follower } = make({ snapshot: fails }, { feed: Feed.of(snapshot({ older: "/older" })) });
    await assert.rejects(follower.loadOlder());
});

// --- the server's words ---

test("410: it starts again from a snapshot, with its filter, and goes on", async () => {
    const { world, seen, follower, start } = make({
        updates: (request, number, usual) => (number ? usual.updates() : json({ snapshot: "/stories/storm/updates?limit=7" }, 410)),
        snapshot: () => json(snapshot({ cursor: "f-9", updates: [put("a", 9).update] })),
        links: () => json({ related: [{ title: "x" }] }),
    }, { filter: { only: "key" }, links: true });
    await start();
    assert.deepEqual(world.requests.map(({ url }) => url.split("/").at(-1)), [
        "updates?only=key&cursor=e-1", "updates?only=key", "links?cursor=f-9", "updates?only=key&cursor=f-9",
        "stream?only=key&cursor=e-1", "reactions",
    ]);
    assert.equal(world.requests[1].init.cache, "no-cache");
    assert.deepEqual([seen.restarts, seen.states], [1, ["live"]]);
    assert.deepEqual([follower.feed.updates.length, follower.feed.links.related.length], [1, 1]);
});

test("410 by a stream, and a cursor that cannot be read, start again as well", async () => {
    for (const status of [410, 400]) {
        const { seen, start } = make({
            stream: (request, number, usual) => (number ? usual.stream(request) : json({}, status)),
        });
        await start();
        assert.deepEqual([seen.restarts, seen.states], [1, ["live"]]);
    }
});

test("410 again and again is backed off from", async () => {
    const { world, seen, start } = make({ updates: () => json({}, 410) });
    await start();
    await world.advance(600);
    assert.ok(seen.restarts > 5 && seen.restarts < 30, `${seen.restarts} restarts`);
    assert.deepEqual(seen.states, ["reconnecting"]);
});

test("a page is told of a restart before anything that comes after it", async () => {
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

test("404: the story is gone, and nothing more is asked", async () => {
    for (const kind of ["updates", "stream", "snapshot"]) {
        const { world, seen, start } = make({ [kind]: () => json({}, 404) }, kind === "snapshot" ? { feed: null } : {});
        await start();
        const before = world.requests.length;
        await world.advance(3600);
        assert.deepEqual([seen.states.at(-1), world.requests.length, world.timers, world.listeners], ["gone", before, 0, 0], kind);
    }
});

test("204 to a stream: the story is closed, and nothing more is asked", async () => {
    const { world, seen, start } = make({ stream: () => new Response(null, { status: 204 }) });
    await start();
    await world.advance(3600);
    assert.deepEqual([seen.states, world.requests.length, world.timers], [["closed"], 2, 0]);
});

test("pollAfter 0: the story is closed, once everything has been read", async () => {
    const { world, seen, start } = make({
        updates: (_, number) => json(delta({ pollAfter: 0, status: "closed", more: number === 0, changes: [put("a", 2 + number)], cursor: `e-${2 + number}` })),
    });
    await start();
    await world.advance(3600);
    assert.deepEqual([seen.states, seen.changes.length, seen.reactions.length, world.requests.length], [["closed"], 2, 1, 3]);
});

test("a stream that ends because the story was closed is not mourned", async () => {
    const { world, seen, start } = make({
        updates: (_, number) => json(delta({ pollAfter: number ? 0 : 10 })),
    });
    await start();
    seen.streams[0].event("story", { op: "story", seq: 2, story: { status: "closed", seq: 2 } }, "e-2");
    seen.streams[0].end();
    await world.settle();
    assert.deepEqual(seen.states, ["live", "closed"]);
});

test("Retry-After is obeyed, whoever comes back meanwhile", async () => {
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

// --- the network's deeds ---

test("after a cut it comes back soon, from its cursor, and catches up first", async () => {
    const { world, seen, start } = make();
    await start();
    await world.advance(15);
    seen.streams[0].event("put", put("a", 2), "e-2");
    await world.advance(0);
    seen.streams[0].fail();
    await world.advance(0);
    assert.deepEqual(seen.states, ["live", "reconnecting"]);
    await world.advance(2);
    assert.deepEqual(world.requests.slice(3).map(({ url }) => url.split("/").at(-1)), [
        "updates?cursor=e-2", "stream?cursor=e-1", "reactions",
    ]);
    assert.deepEqual(seen.states, ["live", "reconnecting", "live"]);
});

test("back-off doubles up to a minute, lies within its bounds, and begins anew after success", async () => {
    const pauses = async chance => {
        const { world, start } = make({ updates: fails });
        world.chance = chance;
        await start();
        await world.advance(400);
        const times = world.times("updates");
        return times.slice(1).map((time, index) => time - times[index]);
    };
    assert.deepEqual((await pauses(0)).slice(0, 9), [1, 1, 1, 1, 1, 1, 1, 1, 1]);
    assert.deepEqual((await pauses(1)).slice(0, 8), [2, 4, 8, 16, 32, 60, 60, 60]);
    assert.deepEqual((await pauses(0.5)).slice(0, 5), [1.5, 2.5, 4.5, 8.5, 16.5]);
    const { world, start } = make({ updates: (_, number) => ([0, 1, 2, 4].includes(number) ? fails() : json(delta())), stream: never });
    world.visible = false;
    world.chance = 1;
    await start();
    await world.advance(70);
    assert.deepEqual(world.times("updates").slice(0, 6), [0, 2, 6, 14, 47, 49]);
});

test("streams that are cut soon are backed off from as well", async () => {
    const { world, seen, start } = make({
        stream: (request, _, usual) => {
            const response = usual.stream(request);
            seen.streams.at(-1).end();
            return response;
        },
    });
    world.chance = 1;
    await start();
    await world.advance(200);
    assert.deepEqual(world.times("stream").slice(0, 6), [0, 2, 6, 14, 30, 62]);
});

test("a stream that lasted makes good for those before", async () => {
    const { world, seen, start } = make();
    world.chance = 1;
    await start();
    for (const [lasting, pause] of [[1, 2], [1, 4], [1, 8], [11, 2], [1, 4]]) {
        await world.advance(lasting);
        const before = world.count("stream");
        seen.streams.at(-1).fail();
        await world.advance(pause - 0.1);
        assert.equal(world.count("stream"), before, `after ${lasting} s`);
        await world.advance(0.1);
        assert.equal(world.count("stream"), before + 1, `after ${lasting} s`);
    }
});

test("a stream that is silent for 40 s is dead, one with comments is not", async () => {
    const { world, seen, start } = make();
    await start();
    for (let count = 0; count < 8; count += 1) {
        await world.advance(15);
        seen.streams[0].write(":\n\n");
    }
    await world.advance(39);
    assert.deepEqual([seen.states, world.count("stream")], [["live"], 1]);
    await world.advance(1);
    assert.deepEqual(seen.states, ["live", "reconnecting"]);
    await world.advance(3);
    assert.deepEqual([seen.states.at(-1), world.count("stream")], ["live", 2]);
});

test("after the machine has slept, a dead stream is noticed within five seconds", async () => {
    const { world, seen, start } = make();
    await start();
    world.sleep(8 * 3600);
    await world.advance(5);
    assert.equal(seen.states.at(-1), "reconnecting");
    await world.advance(2);
    assert.equal(world.count("stream"), 2);
});

test("a clock that is put back does no harm", async () => {
    const { world, seen, start } = make();
    await start();
    world.time -= 3600_000;
    await world.advance(39);
    assert.deepEqual(seen.states, ["live"]);
    await world.advance(6);
    assert.deepEqual(seen.states, ["live", "reconnecting"]);
});

for (const [name, seconds, answer] of [
    ["that bring no byte", 10, request => new FakeStream(request, null).response],
    ["that are refused", 0, () => json({}, 503)],
    ["that are no streams", 0, () => new Response("<h1>Hotel</h1>", { headers: { "Content-Type": "text/html" } })],
    ["that fail", 0, fails],
]) {
    test(`three streams in a row ${name}: polls alone for five minutes, then another stream`, async () => {
        let isMended = false;
        const { world, seen, start } = make({ stream: (request, _, usual) => (isMended ? usual.stream(request) : answer(request)) });
        await start();
        await world.advance(60);
        assert.deepEqual([world.count("stream"), seen.states.at(-1)], [3, "polling"]);
        const ended = world.times("stream").at(-1) + seconds;
        isMended = true;
        await world.advance(ended + 299 - 60);
        assert.equal(world.count("stream"), 3);
        const polls = world.times("updates").filter(time => time > ended + 20);
        assert.ok(polls.length >= 26, `${polls.length} polls`);
        await world.advance(20);
        assert.deepEqual([world.count("stream"), seen.states.at(-1)], [4, "live"]);
    });
}

test("where streams never work, three are tried every five minutes", async () => {
    const { world, start } = make({ stream: fails });
    await start();
    await world.advance(3600);
    assert.ok(world.count("stream") > 30 && world.count("stream") <= 36, `${world.count("stream")} streams in an hour`);
});

test("a byte between them, and dead streams are counted anew", async () => {
    const { world, start } = make({
        stream: (request, number) => new FakeStream(request, number % 3 === 2 ? ":\n\n" : null).response,
    });
    world.chance = 0;
    await start();
    await world.advance(300);
    assert.ok(world.count("stream") > 10, `${world.count("stream")} streams`);
});

test("a request that hangs is given up", async () => {
    const { world, start } = make({ updates: (_, number) => (number ? json(delta()) : never()) });
    await start();
    await world.advance(19);
    assert.equal(world.requests.length, 1);
    await world.advance(4);
    assert.equal(world.count("updates"), 2);
});

test("answers that are not JSON, or lead nowhere, are failures", async () => {
    for (const answer of [() => new Response("<h1>Welcome</h1>"), () => json(delta({ more: true }))]) {
        const { world, seen, start } = make({ updates: answer });
        await start();
        await world.advance(100);
        assert.deepEqual(seen.states, ["reconnecting"]);
        assert.ok(world.requests.length < 12, `${world.requests.length} requests`);
    }
});

// --- polls ---

const withoutStreams = { stream: fails };

test("polls keep to pollAfter, ten per cent more or less, as it changes", async () => {
    for (const [chance, factor] of [[0, 0.9], [0.5, 1], [1, 1.1]]) {
        const { world, start } = make({ ...withoutStreams, updates: (_, number) => json(delta({ pollAfter: number > 6 ? 20 : 10 })) });
        await start();
        await world.advance(30);
        world.chance = chance;
        await world.advance(200);
        const times = world.times("updates");
        const pauses = times.slice(1).map((time, index) => time - times[index]);
        assert.ok(Math.abs(pauses.at(-1) - 20 * factor) < 0.01, `${pauses}`);
        assert.ok(pauses.some(pause => Math.abs(pause - 10 * factor) < 0.01), `${pauses}`);
    }
});

test("polls of a tab that is seen bring reactions along, others do not", async () => {
    const { world, seen, start } = make(withoutStreams);
    await start();
    await world.advance(60);
    const before = world.count("reactions");
    assert.ok(before >= 3, `${before}`);
    assert.equal(seen.reactions.length, before);
    await world.hide();
    await world.advance(600);
    assert.equal(world.count("reactions"), before);
});

test("reactions that cannot be had are of no matter", async () => {
    const { world, seen, start } = make({ ...withoutStreams, reactions: fails });
    await start();
    await world.advance(60);
    assert.deepEqual([seen.states.at(-1), seen.reactions], ["polling", []]);
});

test("nobody asks for reactions whom nobody wants to be told of", async () => {
    const { world, start } = make({}, { onReactions: undefined });
    await start();
    assert.equal(world.count("reactions"), 0);
});

// --- what the reader does ---

test("a hidden tab has no stream, and polls every 30 s at most; seen again, it is live at once", async () => {
    const { world, seen, start } = make();
    await start();
    await world.hide();
    assert.equal(world.requests.find(({ kind }) => kind === "stream").signal.aborted, true);
    assert.deepEqual([world.count("updates"), seen.states], [1, ["live", "polling"]]);
    const before = world.times("updates").length;
    await world.advance(300);
    const polls = world.times("updates").slice(before);
    assert.ok(polls.length >= 8 && polls.length <= 10, `${polls}`);
    assert.deepEqual([world.count("stream"), seen.states], [1, ["live", "polling"]]);
    await world.hide(false);
    assert.deepEqual([world.count("stream"), seen.states], [2, ["live", "polling", "live"]]);
    assert.equal(world.times("updates").at(-1), 300);
});

test("a hidden tab waits three times as long as others, and 30 s at least", async () => {
    for (const [pollAfter, times] of [[40, [0, 120, 240, 360]], [5, [0, 30, 60, 90, 120]]]) {
        const { world, start } = make({ updates: () => json(delta({ pollAfter })) });
        world.visible = false;
        world.chance = 0;
        await start();
        await world.advance(times.at(-1) + 5);
        assert.deepEqual(world.times("updates"), times);
    }
});

test("streams that are ended because the tab is hidden are not taken for dead ones", async () => {
    const { world, start } = make({ stream: request => new FakeStream(request, null).response });
    await start();
    for (let count = 0; count < 5; count += 1) {
        await world.hide();
        await world.hide(false);
    }
    assert.equal(world.count("stream"), 6);
});

test("a page that comes back from the browser's cache goes on at once, by new connections", async () => {
    const { world, start } = make();
    await start();
    await world.emit("pageshow", { persisted: false });
    assert.equal(world.count("stream"), 1);
    await world.emit("pageshow", { persisted: true });
    assert.deepEqual([world.count("stream"), world.count("updates")], [2, 2]);
});

test("offline it says so, and waits; online again, it goes on at once", async () => {
    const { world, seen, start } = make({ updates: (_, __, usual) => (world.online ? usual.updates() : fails()) });
    await start();
    world.online = false;
    await world.emit("offline");
    assert.deepEqual(seen.states, ["live", "offline"]);
    await world.advance(600);
    assert.ok(world.count("updates") < 15, `${world.count("updates")} polls`);
    assert.deepEqual(seen.states, ["live", "offline"]);
    world.online = true;
    await world.emit("online");
    assert.deepEqual([seen.states, world.count("stream")], [["live", "offline", "live"], 2]);
});

test("a browser that only believes to be offline is tried all the same", async () => {
    const { world, seen, start } = make();
    world.online = false;
    await start();
    await world.advance(61);
    assert.deepEqual([seen.states, world.count("updates")], [["offline", "polling"], 1]);
});

test("another network: the connection of before is left at once, also in the middle of a poll", async () => {
    const { world, start } = make({ updates: (_, number) => (number === 0 ? never() : json(delta())) });
    await start();
    await world.emit("online");
    assert.deepEqual([world.count("updates"), world.count("stream")], [2, 1]);
    await world.emit("online");
    assert.deepEqual([world.count("updates"), world.count("stream")], [3, 2]);
});

test("seen again, it does not wait for the end of its back-off", async () => {
    const { world, start } = make({ updates: (_, number) => (number < 6 ? fails() : json(delta())) });
    world.chance = 1;
    await start();
    await world.advance(32);
    const before = world.count("updates");
    await world.hide(false);
    assert.equal(world.count("updates"), before + 1);
});

// --- the law, by way of the network ---

test("the law: whatever server, network and reader do, in the end the feed is a fresh snapshot", async () => {
    const first = seed();
    for (let round = 0; round < 40; round += 1) {
        const chance = new Chance(first + round);
        try {
            await runStorm(chance);
        } catch (error) {
            error.message = `WIREROOM_TEST_SEED=${first + round}\n${error.message}`;
            throw error;
        }
    }
});

async function runStorm(chance) {
    const model = new ModelStory(chance);
    const filter = chance.of([{}, { only: "key" }, { tag: "sea" }]);
    for (let count = 0; count < 12; count += 1) editAtRandom(model, chance);
    const backup = model.backup();
    const streams = new Set();
    let isCalm = false;
    const server = {
        snapshot: ({ url }) => json(url.includes("before=") ? model.page(url) : model.snapshot({ filter, limit: 5 })),
        updates: ({ url }) => {
            const found = model.delta(new URL(url).searchParams.get("cursor"), { filter, limit: 3 });
            return found ? json(found) : json({ snapshot: "/stories/5/updates" }, 410);
        },
        stream: request => {
            const cursor = new URL(request.url).searchParams.get("cursor");
            if (!model.delta(cursor, { filter })) return json({}, 410);
            const stream = new FakeStream(request, `id: ${cursor}\n\n`);
            streams.add({ stream, cursor });
            return stream.response;
        },
        links: () => json(model.links),
        reactions: () => json(counts),
    };
    const world = new FakeWorld(async request => {
        if (!isCalm && chance.happens(0.15)) return chance.of([fails, () => json({}, 503, { "Retry-After": "2" }), never])();
        const answer = server[request.kind](request);
        if (!isCalm && chance.happens(0.2)) await new Promise(resolve => world.setTimeout(resolve, chance.between(1, 3000)));
        return answer;
    });
    world.random = () => chance.next();
    const follower = follow({ base: "https://live.example", story: "5", filter, limit: 5, links: true, world });

    /** Sends each stream what it does not have yet, and cuts some. */
    const push = () => {
        for (const reader of streams) {
            const found = model.delta(reader.cursor, { filter });
            try {
                for (const change of found?.changes ?? []) {
                    reader.cursor = `${model.epoch}-${change.seq}`;
                    reader.stream.event(change.op, change, reader.cursor);
                    if (!isCalm && chance.happens(0.1)) throw new Error("cut");
                }
                if (!found) throw new Error("another life");
                reader.stream.write(":\n\n");
            } catch {
                reader.stream.fail();
                streams.delete(reader);
            }
        }
    };
    const acts = [
        () => editAtRandom(model, chance), () => editAtRandom(model, chance), push, push,
        () => world.advance(chance.between(0, 15)),
        () => world.hide(chance.happens(0.5)),
        () => { world.online = chance.happens(0.7); return world.emit(world.online ? "online" : "offline"); },
        () => follower.loadOlder().catch(() => {}).then(() => {}),
        () => chance.happens(0.15) && model.restore(backup),
    ];
    for (let count = 0; count < 40; count += 1) {
        const done = chance.of(acts)();
        // A page may hang until its time is up.
        if (done?.then) await Promise.race([done, world.settle()]);
    }
    [isCalm, world.online] = [true, true];
    await world.hide(false);
    await world.emit("online");
    for (let count = 0; count < 20; count += 1) {
        await world.advance(10);
        push();
        await world.settle();
    }
    while (follower.feed.older) await follower.loadOlder();
    follower.close();
    assert.deepEqual(follower.feed.updates, model.list(filter));
    assert.deepEqual(follower.feed.pinned, model.list(filter).filter(({ pinned }) => pinned));
    assert.deepEqual(follower.feed.links, model.links);
    assert.deepEqual({ ...follower.feed.story, seq: 0 }, { ...model.story, seq: 0 });
}
