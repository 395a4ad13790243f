// SPDX-License-Identifier: Apache-2.0
// Long polls that HTTP caches share, and what caches can do to them.
import assert from "node:assert/strict";
import test from "node:test";
import { delta, make, never, put } from "./Support/following.js";
import { FakeStream, json } from "./Support/world.js";

const parametersOf = ({ url }) => Object.fromEntries(new URL(url).searchParams);
const isShared = ({ url }) => url.includes("tick=");

/** A follower that polls. `answer(parameters, number)` answers shared polls; by default, nothing happens. */
function makePoller(answer = waits, options = {}, answers = {}) {
    let number = 0;
    const made = make({
        updates: request => (isShared(request) ? answer(parametersOf(request), number++) : json(delta())),
        ...answers,
    }, { transport: "poll", ...options });
    made.shared = () => made.world.requests.filter(isShared);
    made.seconds = () => made.shared().map(({ at }) => at / 1000);
    return made;
}

/** The server's answer to a shared poll. */
const moved = ({ cursor, tick }, members = {}) =>
    json({ ...delta({ cursor }), after: cursor, tick: Number(tick) + 1, ...members });
/** Tick 0 is answered at once, others never. */
const waits = parameters => (parameters.tick === "0" ? moved(parameters, { tick: 7 }) : never());

/** Whether no two polls of any kind began within a second, but for a catch-up and what follows it. */
function expectSlow(world, shared) {
    const times = shared().map(({ at }) => at);
    for (const [index, at] of times.slice(1).entries()) assert.ok(at - times[index] >= 1000, `${times}`);
    const polls = world.requests.filter(({ kind }) => kind === "updates");
    assert.ok(polls.length <= 1 + world.time / 1000 - world.started / 1000, `${polls.length} polls`);
}

// --- normal operation ---

test("each poll has the cursor and the tick of the answer before, and its parameters in one order", async () => {
    const { world, seen, follower, shared, start } = makePoller((parameters, number) => [
        () => moved(parameters, { tick: 7 }),
        () => moved(parameters, { tick: 9, changes: [put("a", 2)], cursor: "e-2" }),
        never,
    ][number](), { filter: { tag: "sea storm", only: "key" } });
    await start();
    await world.advance(10);
    assert.deepEqual(shared().map(({ url }) => url), [
        "https://live.example/stories/storm/updates?only=key&tag=sea+storm&cursor=e-1&wait=20&tick=0",
        "https://live.example/stories/storm/updates?only=key&tag=sea+storm&cursor=e-1&wait=20&tick=7",
        "https://live.example/stories/storm/updates?only=key&tag=sea+storm&cursor=e-2&wait=20&tick=9",
    ]);
    assert.deepEqual([follower.feed.cursor, seen.changes.length, seen.states], ["e-2", 1, ["live"]]);
    assert.equal(world.count("stream"), 0);
});

test("polls are a second apart, also of a story that always has changes", async () => {
    let seq = 1;
    const { world, seen, shared, start } = makePoller(parameters => {
        seq += 1;
        return moved(parameters, { cursor: `e-${seq}`, changes: [put("a", seq)] });
    });
    await start();
    await world.advance(60);
    expectSlow(world, shared);
    assert.equal(shared().length, 60);
    assert.deepEqual([seen.changes.length, seen.states], [60, ["live"]]);
});

test("a poll is given 40 s, and then asked again after a pause", async () => {
    const { world, seen, seconds, start } = makePoller();
    await start();
    await world.advance(41);
    assert.deepEqual([seconds(), seen.states], [[1, 2], ["live"]]);
    await world.advance(5);
    assert.deepEqual(seen.states, ["live", "reconnecting", "live"]);
});

test("hiding the page ends the held poll; returning begins anew", async () => {
    const { world, shared, start } = makePoller();
    await start();
    await world.advance(5);
    await world.hide();
    assert.equal(shared().at(-1).signal.aborted, true);
    await world.advance(20);
    assert.equal(shared().length, 2);
    await world.hide(false);
    await world.advance(3);
    assert.deepEqual(shared().slice(2).map(request => parametersOf(request).tick), ["7"]);
});

test("close ends the held poll and its timers", async () => {
    for (const seconds of [0.5, 5]) {
        const { world, follower, start } = makePoller();
        await start();
        await world.advance(seconds);
        follower.close();
        await world.settle();
        const before = world.requests.length;
        await world.advance(600);
        assert.deepEqual([world.requests.length, world.timers], [before, 0]);
    }
});

test("when the story is closed, slow polls follow", async () => {
    const closing = { op: "story", seq: 2, story: { id: "5", status: "closed", seq: 2 } };
    let isClosed = false;
    const { world, seen, shared, start } = makePoller(parameters => {
        isClosed = true;
        return moved(parameters, { status: "closed", cursor: "e-2", changes: [closing] });
    });
    await start();
    await world.advance(1);
    assert.ok(isClosed);
    assert.deepEqual([seen.states, shared().length], [["live", "closed"], 1]);
    await world.advance(200);
    assert.equal(world.count("updates"), 2);
});

test("counts of reactions are read every ten seconds at most", async () => {
    const { world, seen, start } = makePoller(parameters => moved(parameters));
    await start();
    await world.advance(60);
    assert.deepEqual([world.count("reactions"), seen.reactions.length], [6, 6]);
});

test("Retry-After of a refused poll is respected, with jitter", async () => {
    for (const [chance, least, most] of [[0, 30, 31.5], [1, 30.1, 32]]) {
        const refused = () => json({ type: "/problems/busy" }, 503, { "Retry-After": "30" });
        const { world, seconds, start } = makePoller((parameters, number) => (number ? waits(parameters) : refused()));
        world.chance = chance;
        await start();
        await world.advance(60);
        const pause = seconds()[1] - seconds()[0] - 1;
        assert.ok(pause >= least && pause <= most, `${pause}`);
    }
});

test("after a new snapshot ticks begin at 0, since those of a restored database may be lower", async () => {
    const { world, seen, shared, start } = makePoller((parameters, number) =>
        (number === 1 ? json({ type: "/problems/cursor-expired" }, 410) : moved(parameters, { tick: 7 - number })));
    await start();
    await world.advance(3);
    assert.deepEqual(shared().slice(0, 3).map(request => parametersOf(request).tick), ["0", "7", "0"]);
    assert.equal(seen.restarts, 1);
});

test("without the option it streams", async () => {
    const { world, shared, start } = makePoller(waits, { transport: undefined });
    await start();
    await world.advance(30);
    assert.deepEqual([world.count("stream"), shared().length], [1, 0]);
});

// --- caches that do not do as they should ---

/** What became of a follower behind a cache that never brings the next answer. */
async function expectGivenUp({ world, seen, shared, start }, mostShared) {
    await start();
    await world.advance(280);
    expectSlow(world, shared);
    assert.ok(shared().length <= mostShared, `${shared().length} polls`);
    const busted = shared().filter(({ url }) => /&_=[0-9a-z]+$/.test(url));
    assert.equal(busted.length, 1);
    assert.deepEqual([seen.states.at(-1), seen.changes], ["polling", []]);
    return busted[0];
}

test("an answer that moves neither tick nor cursor: back-off, one cache-buster, then polls at intervals", async () => {
    const made = makePoller(parameters => moved(parameters, { tick: Number(parameters.tick) }));
    const busted = await expectGivenUp(made, 4);
    assert.equal(made.shared()[1], busted);
    assert.equal(busted.init.cache, "no-cache");
});

test("three stale answers are taken for chance, the fourth is not", async () => {
    const stale = (parameters, number) => moved(parameters, { tick: number ? 5 : 7 });
    const made = makePoller(stale);
    const busted = await expectGivenUp(made, 9);
    assert.deepEqual(made.shared().slice(1, 6).map(request => parametersOf(request).tick), Array(5).fill("7"));
    assert.equal(made.shared().indexOf(busted), 5);
});

test("after up to three stale answers it goes on as if nothing had been", async () => {
    const { world, seen, shared, start } = makePoller((parameters, number) => {
        if (number === 5) return never();
        return moved(parameters, number === 0 || number === 4 ? { tick: 7 + number } : { tick: 5 });
    });
    await start();
    await world.advance(30);
    assert.deepEqual(shared().map(request => parametersOf(request).tick), ["0", "7", "7", "7", "7", "11"]);
    assert.ok(shared().every(({ url }) => !url.includes("_=")));
    assert.deepEqual(seen.states, ["live"]);
});

test("a cache that ignores the query: answers to another address are not applied", async () => {
    const other = { after: "e-4", cursor: "e-5", tick: 99, changes: [put("z", 5)] };
    await expectGivenUp(makePoller(parameters => moved(parameters, other)), 4);
});

test("a cache that ignores the query from some time on: changes already held stay", async () => {
    const first = { tick: 7, cursor: "e-2", changes: [put("a", 2)] };
    const { world, seen, follower, shared, start } = makePoller((parameters, number) =>
        moved(number ? { cursor: "e-1", tick: 0 } : parameters, first));
    await start();
    await world.advance(250);
    expectSlow(world, shared);
    assert.deepEqual([seen.changes.map(({ seq }) => seq), follower.feed.updates.length], [[2], 1]);
    assert.equal(shared().filter(({ url }) => url.includes("_=")).length, 1);
});

test("where the cache-buster helps, following goes on; it is not tried again before a usual answer", async () => {
    for (const isMended of [true, false]) {
        const { world, seen, shared, start } = makePoller(parameters => {
            if (parameters._) return moved(parameters, { changes: [put("b", 3)], cursor: "e-3", tick: 9 });
            if (parameters.tick === "0") return moved(parameters, { tick: 7 });
            return isMended && parameters.tick === "9" ? never() : moved(parameters, { tick: Number(parameters.tick) });
        });
        await start();
        await world.advance(20);
        const ticks = shared().map(request => parametersOf(request).tick + (parametersOf(request)._ ? "!" : ""));
        assert.deepEqual(ticks.slice(0, 4), ["0", "7", "7!", "9"]);
        assert.equal(ticks.filter(tick => tick.endsWith("!")).length, 1);
        assert.deepEqual([seen.changes.map(({ seq }) => seq), seen.states.includes("reconnecting")], [[3], !isMended]);
    }
});

test("a server that knows no ticks is polled at intervals", async () => {
    const made = makePoller(({ cursor }) => json(delta({ cursor })));
    await expectGivenUp(made, 4);
});

test("pauses after useless answers grow, with jitter", async () => {
    const pauses = [];
    for (const chance of [0, 1]) {
        const { world, seconds, start } = makePoller(
            (parameters, number) => moved(parameters, { tick: number ? 5 : 7 }));
        world.chance = chance;
        await start();
        await world.advance(60);
        pauses.push(seconds().slice(1, 6).map((at, index) => at - seconds()[index]));
    }
    assert.deepEqual(pauses, [[1, 1, 1, 1, 1], [1, 2, 4, 8, 16]]);
});
