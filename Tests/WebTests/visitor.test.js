// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { countText } from "../../Sources/Web/Files/shared/count-text.js";
import { kindLabel, updateAddress } from "../../Sources/Web/Files/shared/markup.js";
import { Visitor } from "../../Sources/Web/Files/shared/visitor.js";
import { MemoryStorage } from "./Support/storage.js";
import { json } from "./Support/world.js";
import { english } from "./Support/words.js";

/** A server that counts visitors and records requests in `asked`. */
function server(answer = null) {
    const asked = [];
    const visitors = new Set();
    return {
        asked,
        async fetch(url, { method, headers, body }) {
            asked.push({ url, method, headers, visitor: JSON.parse(body).visitor });
            if (answer) return answer();
            visitors[method === "POST" ? "add" : "delete"](JSON.parse(body).visitor);
            return json({ kind: "veryGood", count: visitors.size, counted: true });
        },
    };
}

function make({ storage = new MemoryStorage(), answer, story = "5", ...others } = {}) {
    const { fetch, asked } = server(answer);
    return { visitor: new Visitor({ base: "https://live.example", story, storage, fetch, ...others }), asked, storage };
}

const refused = {
    getItem() { throw new Error("refused"); },
    setItem() { throw new Error("refused"); },
    removeItem() { throw new Error("refused"); },
};

test("toggling reacts, toggling again removes the reaction", async () => {
    const { visitor, asked } = make();
    assert.equal(visitor.hasReacted("u1", "veryGood"), false);
    assert.equal(await visitor.toggle("u1", "veryGood"), 1);
    assert.equal(visitor.hasReacted("u1", "veryGood"), true);
    assert.equal(await visitor.toggle("u1", "veryGood"), 0);
    assert.equal(visitor.hasReacted("u1", "veryGood"), false);
    const url = "https://live.example/stories/5/updates/u1/reactions/veryGood";
    const headers = { "Content-Type": "application/json" };
    assert.deepEqual(asked, [
        { url, method: "POST", headers, visitor: visitor.id }, { url, method: "DELETE", headers, visitor: visitor.id },
    ]);
});

test("reactions are separate per story, update and kind", async () => {
    const { visitor, asked } = make();
    await visitor.toggle(null, "veryGood");
    const had = [[null, "veryGood"], [null, "sad"], ["u1", "veryGood"]].map(of => visitor.hasReacted(...of));
    assert.deepEqual(had, [true, false, false]);
    assert.equal(asked[0].url, "https://live.example/stories/5/reactions/veryGood");
});

test("a returning visitor keeps id and reactions; reactions are per story", async () => {
    const { visitor, storage } = make();
    await visitor.toggle("u1", "veryGood");
    const { visitor: again } = make({ storage });
    assert.equal(again.id, visitor.id);
    assert.equal(again.hasReacted("u1", "veryGood"), true);
    const { visitor: elsewhere } = make({ storage, story: "6" });
    assert.deepEqual([elsewhere.id, elsewhere.hasReacted("u1", "veryGood")], [visitor.id, false]);
});

test("the next toggle merges reactions of another tab", async () => {
    const { visitor, storage } = make();
    const { visitor: other } = make({ storage });
    await other.toggle("u1", "veryGood");
    await visitor.toggle("u2", "veryGood");
    assert.equal(visitor.hasReacted("u1", "veryGood"), true);
    const { visitor: later } = make({ storage });
    assert.deepEqual(["u1", "u2"].map(id => later.hasReacted(id, "veryGood")), [true, true]);
});

test("reactions are stored by story id; those stored by slug are moved there", async () => {
    const storage = new MemoryStorage();
    const { visitor: named } = make({ storage, story: "storm" });
    await named.toggle("u1", "veryGood");
    const { visitor: known } = make({ storage, story: "7" });
    await known.toggle("u2", "veryGood");
    const { visitor, asked } = make({ storage, story: "storm" });
    visitor.settle("7");
    visitor.settle("7");
    assert.deepEqual(["u1", "u2"].map(id => visitor.hasReacted(id, "veryGood")), [true, true]);
    await visitor.toggle("u3", "veryGood");
    assert.match(asked[0].url, /stories\/7\//);
    const { visitor: renamed } = make({ storage, story: "flood" });
    renamed.settle("7");
    assert.deepEqual(["u1", "u2", "u3"].map(id => renamed.hasReacted(id, "veryGood")), [true, true, true]);
    // Another story may have the slug by now.
    assert.equal(make({ storage, story: "storm" }).visitor.hasReacted("u1", "veryGood"), false);
});

test("a reaction that times out is not recorded", async () => {
    const fetch = (_, { signal }) => new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason)));
    const { visitor } = make({ fetch, timeout: 20 });
    const alive = setTimeout(() => {}, 1000);
    await assert.rejects(visitor.toggle("u1", "veryGood"), /reactionFailed/);
    clearTimeout(alive);
    assert.equal(visitor.hasReacted("u1", "veryGood"), false);
});

test("visitor ids are random and valid for the server", () => {
    const ids = new Set(Array.from({ length: 50 }, () => make().visitor.id));
    assert.equal(ids.size, 50);
    for (const id of ids) assert.match(id, /^[\d-]{7,64}$/);
});

test("if storage is refused, reactions work until the page is closed", async () => {
    const { visitor } = make({ storage: refused });
    await visitor.toggle("u1", "veryGood");
    assert.equal(visitor.hasReacted("u1", "veryGood"), true);
    await visitor.toggle("u1", "veryGood");
    assert.equal(visitor.hasReacted("u1", "veryGood"), false);
});

test("reactions work without any storage", async () => {
    const visitor = new Visitor({ story: "5", fetch: server().fetch });
    assert.equal(await visitor.toggle(null, "veryGood"), 1);
});

test("a refused reaction is not recorded, and the failure names what readers are told", async () => {
    for (const [answer, ...failure] of [
        [() => json({}, 429, { "Retry-After": "9" }), "reactionLimited", 9],
        [() => json({}, 429), "reactionFailed", 0],
        [() => json({}, 500), "reactionFailed", 0],
        [() => new Response("<h1>Welcome</h1>"), "reactionFailed", 0],
        [() => { throw new TypeError("network error"); }, "reactionFailed", 0],
    ]) {
        const { visitor, storage } = make({ answer });
        await assert.rejects(visitor.toggle("u1", "veryGood"), ({ message, seconds }) => {
            assert.deepEqual([message, seconds], failure);
            return english.has(message);
        });
        assert.equal(visitor.hasReacted("u1", "veryGood"), false);
        assert.equal(make({ storage }).visitor.hasReacted("u1", "veryGood"), false);
    }
});

test("kinds, counts and addresses are formatted as on the server", () => {
    const words = ["Helpful", "Sad", "O m g", "Like2 much"];
    assert.deepEqual(["veryGood", "sad", "OMG", "like2Much"].map(kind => kindLabel(kind, english)), words);
    assert.deepEqual([undefined, 0, 1, 1200].map(countText), ["", "", "1", "1200"]);
    assert.equal(updateAddress("u1", { slug: "storm" }), "/live/storm/u1");
    const context = { slug: "storm", base: "https://live.example" };
    assert.equal(updateAddress("u1", context), "https://live.example/live/storm/u1");
});
