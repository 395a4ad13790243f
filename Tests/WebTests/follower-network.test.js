// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { delta, fails, make, never, put } from "./Support/following.js";
import { FakeStream, json } from "./Support/world.js";

// --- network failures ---

test("after a disconnect it reconnects soon and catches up from its cursor first", async () => {
    const { world, seen, start } = make();
    await start();
    await world.advance(15);
    seen.streams[0].event("put", put("a", 2), "e-2");
    await world.advance(0);
    seen.streams[0].fail();
    await world.advance(0);
    assert.deepEqual(seen.states, ["live", "reconnecting"]);
    await world.advance(2);
    assert.deepEqual(world.requests.slice(2).map(({ url }) => url.split("/").at(-1)), [
        "updates?cursor=e-2", "stream?cursor=e-1",
    ]);
    assert.deepEqual(seen.states, ["live", "reconnecting", "live"]);
});

test("back-off doubles up to a minute with jitter, and resets after a success", async () => {
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
    const updates = (_, number) => ([0, 1, 2, 4].includes(number) ? fails() : json(delta()));
    const { world, start } = make({ updates });
    world.visible = false;
    world.chance = 1;
    await start();
    await world.advance(70);
    assert.deepEqual(world.times("updates").slice(0, 6), [0, 2, 6, 14, 47, 49]);
});

test("short-lived streams cause back-off too, up to the poll interval", async () => {
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
    assert.deepEqual(world.times("stream").slice(0, 6), [0, 2, 6, 14, 25, 36]);
});

test("a long-lived stream resets the back-off", async () => {
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

test("a stream without bytes for 40 s is dead; comments keep it alive", async () => {
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

test("a stream that died during sleep is noticed within 5 s after waking", async () => {
    const { world, seen, start } = make();
    await start();
    world.sleep(8 * 3600);
    await world.advance(5);
    assert.equal(seen.states.at(-1), "reconnecting");
    await world.advance(2);
    assert.equal(world.count("stream"), 2);
});

test("setting the clock back delays the silence timeout by seconds at most", async () => {
    const { world, seen, start } = make();
    await start();
    world.time -= 3600_000;
    await world.advance(39);
    assert.deepEqual(seen.states, ["live"]);
    await world.advance(6);
    assert.deepEqual(seen.states, ["live", "reconnecting"]);
});

for (const [name, seconds, answer] of [
    ["without a byte", 10, request => new FakeStream(request, null).response],
    ["that are refused", 0, () => json({}, 503)],
    ["of another content type", 0, () => new Response("<h1>Hotel</h1>", { headers: { "Content-Type": "text/html" } })],
    ["that fail", 0, fails],
]) {
    test(`after three streams in a row ${name}, only polls for five minutes`, async () => {
        let isMended = false;
        const stream = (request, _, usual) => (isMended ? usual.stream(request) : answer(request));
        const { world, seen, start } = make({ stream });
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

test("if streams never work, three are tried every five minutes", async () => {
    const { world, start } = make({ stream: fails });
    await start();
    await world.advance(3600);
    assert.ok(world.count("stream") > 30 && world.count("stream") <= 36, `${world.count("stream")} streams in an hour`);
});

test("a stream with a byte resets the count of dead streams", async () => {
    const { world, start } = make({
        stream: (request, number) => new FakeStream(request, number % 3 === 2 ? ":\n\n" : null).response,
    });
    world.chance = 0;
    await start();
    await world.advance(300);
    assert.ok(world.count("stream") > 10, `${world.count("stream")} streams`);
});

test("a hanging request times out", async () => {
    const { world, start } = make({ updates: (_, number) => (number ? json(delta()) : never()) });
    await start();
    await world.advance(19);
    assert.equal(world.requests.length, 1);
    await world.advance(4);
    assert.equal(world.count("updates"), 2);
});

test("responses that are not JSON or make no progress are failures", async () => {
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

test("polls follow a changing pollAfter, with a jitter of 10 %", async () => {
    for (const [chance, factor] of [[0, 0.9], [0.5, 1], [1, 1.1]]) {
        const updates = (_, number) => json(delta({ pollAfter: number > 6 ? 20 : 10 }));
        const { world, start } = make({ ...withoutStreams, updates });
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

test("only polls of a visible tab also load reactions", async () => {
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

test("failing to load reactions is ignored", async () => {
    const { world, seen, start } = make({ ...withoutStreams, reactions: fails });
    await start();
    await world.advance(60);
    assert.deepEqual([seen.states.at(-1), seen.reactions], ["polling", []]);
});

test("reactions are not requested without a listener for them", async () => {
    const { world, start } = make({}, { onReactions: undefined });
    await start();
    assert.equal(world.count("reactions"), 0);
});

// --- page and browser events ---

test("a hidden tab closes its stream and polls every 30 s; made visible, it is live at once", async () => {
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

test("a hidden tab polls at three times the interval, at least 30 s", async () => {
    for (const [pollAfter, times] of [[40, [0, 120, 240, 360]], [5, [0, 30, 60, 90, 120]]]) {
        const { world, start } = make({ updates: () => json(delta({ pollAfter })) });
        world.visible = false;
        world.chance = 0;
        await start();
        await world.advance(times.at(-1) + 5);
        assert.deepEqual(world.times("updates"), times);
    }
});

test("streams closed by hiding the tab do not count as dead", async () => {
    const { world, start } = make({ stream: request => new FakeStream(request, null).response });
    await start();
    for (let count = 0; count < 5; count += 1) {
        await world.hide();
        await world.hide(false);
    }
    assert.equal(world.count("stream"), 6);
});

test("a page restored from the back/forward cache reconnects at once", async () => {
    const { world, start } = make();
    await start();
    await world.emit("pageshow", { persisted: false });
    assert.equal(world.count("stream"), 1);
    await world.emit("pageshow", { persisted: true });
    assert.deepEqual([world.count("stream"), world.count("updates")], [2, 2]);
});

test("when offline it backs off; when online again, it resumes at once", async () => {
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

test("requests are tried even if the browser reports being offline", async () => {
    const { world, seen, start } = make();
    world.online = false;
    await start();
    await world.advance(61);
    assert.deepEqual([seen.states, world.count("updates")], [["offline", "polling"], 1]);
});

test("a change of network aborts the current poll or stream at once", async () => {
    const { world, start } = make({ updates: (_, number) => (number === 0 ? never() : json(delta())) });
    await start();
    await world.emit("online");
    assert.deepEqual([world.count("updates"), world.count("stream")], [2, 1]);
    await world.emit("online");
    assert.deepEqual([world.count("updates"), world.count("stream")], [3, 2]);
});

test("becoming visible ends a back-off", async () => {
    const { world, start } = make({ updates: (_, number) => (number < 6 ? fails() : json(delta())) });
    world.chance = 1;
    await start();
    await world.advance(32);
    const before = world.count("updates");
    await world.hide(false);
    assert.equal(world.count("updates"), before + 1);
});
