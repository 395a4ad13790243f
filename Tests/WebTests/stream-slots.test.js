// SPDX-License-Identifier: Apache-2.0
// Followers on one page share three streams per origin.
import assert from "node:assert/strict";
import test from "node:test";
import { follow } from "./Support/client.js";
import { Feed } from "./Support/client.js";
import { slotsOf } from "../../Sources/Web/Files/client/environment.js";
import { delta, snapshot } from "./Support/following.js";
import { FakeStream, FakeWorld, json } from "./Support/world.js";

/** Followers on one page, with their states; `streams` is keyed by story. */
async function page(count, base = number => "https://live.example") {
    const streams = new Map();
    const closed = new Set();
    const world = new FakeWorld(request => {
        const story = new URL(request.url).pathname.split("/")[2];
        if (request.kind === "stream") streams.set(story, new FakeStream(request));
        if (request.kind === "stream") return streams.get(story).response;
        return json(delta(closed.has(story) ? { status: "closed", pollAfter: 300 } : {}));
    });
    const states = [];
    const followers = Array.from({ length: count }, (_, number) => follow({
        base: base(number), story: `s${number}`, feed: Feed.of(snapshot()), environment: world,
        onState: state => (states[number] = state),
    }));
    await world.settle();
    const many = state => states.filter(one => one === state).length;
    return { world, streams, closed, states, followers, many };
}

test("of eight followers three stream, and the others poll", async () => {
    const { world, many } = await page(8);
    assert.deepEqual([many("live"), many("polling"), world.count("stream")], [3, 5, 3]);
    await world.advance(100);
    assert.deepEqual([many("live"), many("polling")], [3, 5]);
});

test("a slot freed by closing a follower or a story is taken at once", async () => {
    const { world, streams, closed, states, followers, many } = await page(5);
    followers[0].close();
    await world.settle();
    assert.deepEqual([states[3], states[4]], ["live", "polling"]);
    closed.add("s1");
    streams.get("s1").event("story", { op: "story", seq: 2, story: { status: "closed", seq: 2 } }, "e-2");
    streams.get("s1").end();
    await world.settle();
    assert.deepEqual([states[1], states[4], many("live")], ["closed", "live", 4]);
});

test("a slot is released however its stream ends, and goes to the longest waiting follower", async () => {
    const { world, streams, states } = await page(4);
    streams.get("s0").fail();
    await world.settle();
    assert.deepEqual([states[0], states[3]], ["reconnecting", "live"]);
    await world.advance(30);
    assert.equal(states[0], "polling");
    for (let turn = 0; turn < 5; turn += 1) {
        await world.hide();
        await world.hide(false);
    }
    assert.equal(states.filter(state => state === "live").length, 3);
});

test("slots are per origin, however its address is spelled", async () => {
    const bases = ["https://live.example", "https://live.example:443/", "HTTPS://LIVE.example", "https://other.example"];
    const { states } = await page(8, number => bases[number % 4]);
    assert.deepEqual(states.map(state => state === "live"), [true, true, true, true, false, false, false, true]);
});

test("separately loaded scripts on a page share the slots", () => {
    const before = globalThis[Symbol.for("wireroom.streamSlots")];
    const world = { streamSlots: () => (globalThis[Symbol.for("wireroom.streamSlots")] ??= new Map()) };
    const slots = slotsOf("https://live.example", world);
    assert.equal(slotsOf("https://live.example/", world), slots);
    globalThis[Symbol.for("wireroom.streamSlots")] = before;
});
