// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { Feed, mergedReactions } from "./Support/client.js";
import { Chance, seed } from "./Support/chance.js";
import { ModelStory, editAtRandom } from "./Support/model.js";

const at = minute => `2026-11-23T20:${String(minute).padStart(2, "0")}:00.000Z`;
const update = (id, seq, minute, members = {}) =>
    ({ id, seq, publishedAt: at(minute), pinned: false, keyEvent: false, ...members });
const put = (id, seq, minute, members) => ({ op: "put", seq, update: update(id, seq, minute, members) });
const remove = (id, seq) => ({ op: "remove", seq, id, reason: "deleted" });
const ids = updates => updates.map(({ id }) => id).join("");

function make(members = {}) {
    return Feed.of({
        story: { title: "Storm", seq: 9 }, cursor: "c9", older: null, pinned: [],
        updates: [update("c", 3, 3), update("b", 2, 2), update("a", 1, 1)], ...members,
    });
}

test("updates are ordered by time, then by id", () => {
    const feed = make();
    for (const change of [put("d", 10, 4), put("e", 11, 2), put("x", 12, 0)]) feed.apply(change);
    assert.equal(ids(feed.updates), "dcebax");
});

test("in the order of the oldest first, what is new is at the end, and pages go on to newer updates", () => {
    const feed = make({ order: "oldest", older: "/next", updates: [update("a", 1, 1), update("b", 2, 2)] });
    feed.apply(put("e", 10, 9, { pinned: true }));
    assert.equal(ids(feed.updates), "ab");
    feed.addPage({ updates: [update("c", 3, 3), update("d", 4, 4, { pinned: true })], older: "/last" });
    assert.equal(ids(feed.updates), "abcd");
    feed.addPage({ updates: [], older: null });
    assert.equal(ids(feed.updates), "abcde");
    assert.equal(ids(feed.pinned), "ed");
    feed.start({ story: feed.story, cursor: "c20", updates: [update("a", 1, 1), update("b", 2, 2)] });
    assert.equal(ids(feed.updates), "ab");
});

test("an older version never replaces a newer one; an equal one does", () => {
    const feed = make();
    feed.apply(put("b", 12, 2, { title: "new" }));
    feed.apply(put("b", 11, 2, { title: "old" }));
    assert.equal(feed.get("b").title, "new");
    feed.apply(put("b", 12, 2, { title: "new", body: "whole" }));
    assert.equal(feed.get("b").body, "whole");
});

test("an update moves when its time changes", () => {
    const feed = make();
    feed.apply(put("a", 10, 9));
    assert.equal(ids(feed.updates), "acb");
});

test("a removed update stays removed until it is published again", () => {
    const feed = make();
    feed.apply(remove("b", 12));
    feed.apply(remove("b", 10));
    feed.apply(put("b", 11, 2));
    assert.equal(ids(feed.updates), "ca");
    feed.apply(put("b", 13, 2));
    assert.equal(ids(feed.updates), "cba");
});

test("a removal older than the known version is ignored", () => {
    const feed = make();
    feed.apply(put("b", 14, 2));
    feed.apply(remove("b", 12));
    assert.equal(ids(feed.updates), "cba");
});

test("a page read before a removal does not bring the update back", () => {
    const feed = make({ older: "/older" });
    feed.apply(remove("z", 12));
    assert.equal(feed.addPage({ updates: [update("z", 5, 0)], older: null }), true);
    assert.equal(ids(feed.updates), "cba");
});

test("an update below the loaded pages is hidden until its page is added", () => {
    const feed = make({ older: "/older" });
    feed.apply(put("z", 10, 0, { title: "edited" }));
    assert.equal(ids(feed.updates), "cba");
    assert.equal(feed.get("z").title, "edited");
    feed.addPage({ updates: [update("z", 4, 0, { title: "late" })], older: null });
    assert.equal(ids(feed.updates), "cbaz");
    assert.equal(feed.get("z").title, "edited");
});

test("the floor stays when the update that defined it is removed", () => {
    const feed = make({ older: "/older" });
    feed.apply(remove("a", 10));
    feed.apply(put("0", 11, 1));
    assert.equal(ids(feed.updates), "cb");
    feed.apply(put("b2", 12, 1));
    assert.equal(ids(feed.updates), "cbb2");
});

test("pinned updates of unloaded pages are pinned but not listed", () => {
    const feed = make({ older: "/older", pinned: [update("z", 4, 0, { pinned: true })] });
    assert.equal(ids(feed.pinned), "z");
    assert.equal(ids(feed.updates), "cba");
    feed.apply(put("b", 10, 2, { pinned: true }));
    feed.apply(put("z", 11, 0));
    assert.equal(ids(feed.pinned), "b");
});

test("only the next page is accepted", () => {
    const feed = make({ older: "/older" });
    assert.equal(feed.addPage({ updates: [update("z", 4, 0)], older: null }, "/another"), false);
    assert.equal(ids(feed.updates), "cba");
    assert.equal(feed.addPage({ updates: [update("z", 4, 0)], older: null }, "/older"), true);
    assert.equal(feed.addPage({ updates: [update("y", 4, 0)], older: null }, "/older"), false);
    assert.equal(feed.older, null);
});

test("a delta sets cursor, story and links; older ones never replace newer ones", () => {
    const feed = make();
    feed.applyDelta({
        cursor: "c12",
        changes: [
            { op: "story", seq: 11, story: { title: "Gale", seq: 12 } },
            { op: "links", seq: 12, links: { related: [1] } },
        ],
    });
    feed.apply({ op: "story", seq: 10, story: { title: "Old" } });
    feed.apply({ op: "links", seq: 10, links: {} });
    assert.deepEqual([feed.cursor, feed.story.title, feed.links], ["c12", "Gale", { related: [1] }]);
});

test("a story change older than the snapshot is ignored", () => {
    const feed = make();
    feed.apply({ op: "story", seq: 9, story: { title: "Old" } });
    assert.equal(feed.story.title, "Storm");
});

test("changes of unknown kinds are ignored", () => {
    const feed = make();
    feed.applyDelta({ cursor: "c10", changes: [{ op: "poll", seq: 10 }] });
    assert.deepEqual([ids(feed.updates), feed.cursor], ["cba", "c10"]);
});

test("a feed can be seeded from a page, with partial updates and key events of other pages", () => {
    const feed = new Feed({
        cursor: "c9", older: "/older", updates: [update("c", 3, 3, { keyEvent: true })],
        keyEvents: [update("c", 3, 3, { keyEvent: true }), update("k", 1, 0, { keyEvent: true, title: "Key" })],
    });
    assert.deepEqual([ids(feed.updates), ids(feed.keyEvents), feed.story], ["c", "ck", null]);
    feed.apply({ op: "story", seq: 1, story: { title: "Storm" } });
    assert.equal(feed.story.title, "Storm");
});

test("a restarted feed keeps nothing of its former state", () => {
    const feed = make({ older: "/older" });
    feed.apply(remove("b", 40));
    feed.apply({ op: "links", seq: 41, links: { related: [1] } });
    feed.start({ story: { title: "Again", seq: 2 }, cursor: "d2", older: null, updates: [update("b", 2, 2)] });
    feed.apply({ op: "links", seq: 3, links: { related: [2] } });
    assert.equal(feed.get("c"), undefined);
    assert.deepEqual([ids(feed.updates), feed.story.title, feed.links.related[0], feed.floor], ["b", "Again", 2, null]);
});

// --- property tests ---

const filters = [{}, { only: "key" }, { tag: "sea" }];

/** A reader with random actions; responses may arrive out of order. */
class Reader {
    onTheirWay = [];

    constructor(model, chance) {
        [this.model, this.chance] = [model, chance];
        this.filter = chance.of(filters);
        this.feed = Feed.of(model.snapshot({ filter: this.filter, limit: chance.between(1, 6) }));
    }

    step() {
        const { model, chance, feed } = this;
        const acts = [
            () => this.poll(chance.between(1, 4)),
            () => this.poll(50),
            () => feed.older && this.onTheirWay.push({ address: feed.older, page: model.page(feed.older) }),
            () => this.receive(),
            // A cache may hold an earlier response.
            () => (this.kept = [feed.cursor, model.delta(feed.cursor, { filter: this.filter, limit: 3 })]),
            () => this.kept?.[0] === feed.cursor && feed.applyDelta(this.kept[1]),
        ];
        chance.of(acts)();
    }

    poll(limit) {
        this.feed.applyDelta(this.model.delta(this.feed.cursor, { filter: this.filter, limit }));
    }

    receive() {
        const [answer] = this.onTheirWay.splice(this.chance.between(0, this.onTheirWay.length - 1), 1);
        if (answer) this.feed.addPage(answer.page, answer.address);
    }

    /** Receives all responses in flight, then polls up to the newest cursor. */
    settle() {
        while (this.onTheirWay.length) this.receive();
        while (this.feed.cursor !== this.model.cursor) this.poll(7);
    }

    check() {
        const { feed, model, filter } = this;
        const key = ({ publishedAt, id }) => `${publishedAt} ${id}`;
        const all = model.list(filter);
        const truth = feed.older ? all.filter(update => key(update) >= key(feed.floor)) : all;
        assert.deepEqual(feed.updates, truth);
        assert.deepEqual(feed.pinned, all.filter(({ pinned }) => pinned));
        assert.deepEqual({ ...feed.story, seq: 0 }, { ...model.story, seq: 0 });
        if (model.linksSeq > this.start) assert.deepEqual(feed.links, model.links);
        if (filter.only) assert.deepEqual(feed.keyEvents.filter(update => feed.updates.includes(update)), truth);
    }
}

test("property: after any edits, in any deltas, a reader's feed equals a fresh snapshot", () => {
    const first = seed();
    for (let round = 0; round < 400; round += 1) {
        const chance = new Chance(first + round);
        const model = new ModelStory(chance);
        for (let count = chance.between(0, 30); count > 0; count -= 1) editAtRandom(model, chance);
        const readers = [1, 2, 3].map(() => Object.assign(new Reader(model, chance), { start: model.seq }));
        try {
            for (let count = chance.between(1, 120); count > 0; count -= 1) {
                if (chance.happens(0.4)) editAtRandom(model, chance);
                else chance.of(readers).step();
            }
            for (const reader of readers) {
                reader.settle();
                reader.check();
                while (reader.feed.older) reader.feed.addPage(model.page(reader.feed.older));
                reader.check();
            }
        } catch (error) {
            error.message = `WIREROOM_TEST_SEED=${first + round}\n${error.message}`;
            throw error;
        }
    }
});

test("property: merging reaction events, partial or complete, gives all counts", () => {
    const chance = new Chance(seed());
    const model = { story: {}, updates: {} };
    let held = null;
    for (let step = 0; step < 500; step += 1) {
        const event = { story: {}, updates: {} };
        for (let count = chance.between(0, 3); count > 0; count -= 1) {
            const id = chance.of(["", "a", "b", "c"]);
            const [before, changed] = id ? [model.updates[id] ??= {}, event.updates[id] ??= {}] : [model.story, event.story];
            const kind = chance.of(["veryGood", "sad"]);
            before[kind] = changed[kind] = chance.between(0, 9);
        }
        const isAll = held === null || chance.happens(0.1);
        // A complete event omits updates that readers no longer see.
        if (isAll) delete model.updates[chance.of(["a", "b", "c"])];
        held = mergedReactions(held, structuredClone(isAll ? { all: true, ...model } : event));
        assert.deepEqual(held, model);
    }
});
