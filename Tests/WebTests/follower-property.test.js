// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { follow } from "./Support/client.js";
import { Chance, seed } from "./Support/chance.js";
import { counts, fails, never } from "./Support/following.js";
import { ModelStory, editAtRandom } from "./Support/model.js";
import { FakeStream, FakeWorld, json } from "./Support/world.js";

test("property: whatever server, network and reader do, the feed ends equal to a fresh snapshot", async () => {
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
        const refuses = () => json({}, 503, { "Retry-After": "2" });
        if (!isCalm && chance.happens(0.15)) return chance.of([fails, refuses, never])();
        const answer = server[request.kind](request);
        const late = () => new Promise(resolve => world.setTimeout(resolve, chance.between(1, 3000)));
        if (!isCalm && chance.happens(0.2)) await late();
        return answer;
    });
    world.random = () => chance.next();
    const follower = follow({ base: "https://live.example", story: "5", filter, limit: 5, links: true, environment: world });

    /** Sends each stream the changes after its cursor, and breaks some streams. */
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
        // An older page may hang until its timeout.
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
