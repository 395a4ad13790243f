// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { Refusal } from "../../Sources/Web/Files/desk/api.js";
import { isRepeatable, saveChange } from "../../Sources/Web/Files/desk/save.js";

const FIELDS = [
    { name: "title", label: "Title", kind: "line" }, { name: "body", label: "Text", kind: "text", required: true },
];
const BASE = { title: "T", body: "One.", state: "draft" };

/** A resource with an entity tag, which others may change. */
class Shelf {
    version = 1;
    sent = [];

    constructor(thing) {
        this.thing = { ...thing };
    }

    get tag() {
        return `"e-${this.version}"`;
    }

    change(members) {
        Object.assign(this.thing, members);
        this.version += 1;
    }

    send = async (patch, match) => {
        this.sent.push(patch);
        if (match !== this.tag) throw new Refusal(412, { current: { ...this.thing } }, { tag: this.tag });
        this.change(patch);
        return { value: { ...this.thing }, tag: this.tag };
    };
}

const never = () => assert.fail("nothing is to be resolved");

const save = (shelf, typed, more = {}) => saveChange({
    send: shelf.send, fields: FIELDS, base: BASE, tag: '"e-1"', typed: { title: "T", body: "One.", ...typed },
    resolve: never, ...more,
});

test("Only changed members are sent", async () => {
    const shelf = new Shelf(BASE);
    const { state, base, tag } = await save(shelf, { title: "U" });
    assert.deepEqual([shelf.sent, state, base.title, tag], [[{ title: "U" }], "saved", "U", '"e-2"']);
});

test("Nothing is sent if nothing was changed", async () => {
    const shelf = new Shelf(BASE);
    assert.equal((await save(shelf, {})).state, "same");
    assert.deepEqual(shelf.sent, []);
});

test("Extra members that are not fields are sent too", async () => {
    const shelf = new Shelf(BASE);
    await save(shelf, {}, { extra: { state: "published" } });
    assert.equal(shelf.thing.state, "published");
});

test("A change whose response was lost counts as saved", async () => {
    const shelf = new Shelf(BASE);
    shelf.change({ title: "U" });
    const { state, tag } = await save(shelf, { title: "U" });
    assert.deepEqual([state, tag], ["saved", '"e-2"']);
});

test("After a conflict the resolution is sent with the new entity tag", async () => {
    const shelf = new Shelf(BASE);
    shelf.change({ title: "Theirs", body: "Two." });
    const asked = [];
    const resolve = async (base, mine, theirs) => {
        asked.push([base.title, mine.title, theirs.title]);
        return { typed: { title: "Both", body: theirs.body }, isFinal: true };
    };
    const { state } = await save(shelf, { title: "Mine" }, { resolve });
    assert.deepEqual(asked, [["T", "Mine", "Theirs"]]);
    assert.deepEqual([state, shelf.thing.title, shelf.thing.body], ["saved", "Both", "Two."]);
});

test("A second conflict is resolved a second time", async () => {
    const shelf = new Shelf(BASE);
    shelf.change({ title: "A" });
    let asks = 0;
    const resolve = async () => {
        asks += 1;
        if (asks === 1) shelf.change({ title: "B" });
        return { typed: { title: "Mine", body: "One." }, isFinal: true };
    };
    await save(shelf, { title: "Mine" }, { resolve });
    assert.deepEqual([asks, shelf.thing.title], [2, "Mine"]);
});

test("A resolution that takes all of theirs sends nothing", async () => {
    const shelf = new Shelf(BASE);
    shelf.change({ title: "Theirs" });
    const resolve = async (base, mine, { title, body }) => ({ typed: { title, body }, isFinal: true });
    assert.equal((await save(shelf, { title: "Mine" }, { resolve })).state, "same");
    assert.equal(shelf.sent.length, 1);
});

test("Returning to the form continues from the current version", async () => {
    const shelf = new Shelf(BASE);
    shelf.change({ body: "Two." });
    const resolve = async () => ({ typed: { title: "Mine", body: "Two." }, isFinal: false });
    const { state, base, tag, typed } = await save(shelf, { title: "Mine" }, { resolve });
    assert.deepEqual([state, base.body, tag, typed.title, shelf.sent.length], ["open", "Two.", '"e-2"', "Mine", 1]);
});

test("Cancelling the resolution loses nothing", async () => {
    const shelf = new Shelf(BASE);
    shelf.change({ title: "Theirs" });
    const { state, tag, typed } = await save(shelf, { title: "Mine" }, { resolve: async () => null });
    assert.deepEqual([state, tag, typed.title, shelf.thing.title], ["open", '"e-1"', "Mine", "Theirs"]);
});

test("A wish to notify of what is published is not repeated by itself", () => {
    assert.equal(isRepeatable({ notify: true }, "published"), false);
    assert.equal(isRepeatable({ notify: true, title: "U" }, "published"), true);
    for (const state of ["draft", "scheduled"]) assert.equal(isRepeatable({ notify: true }, state), true);
});

test("A resource that no longer exists is reported", async () => {
    const send = async () => { throw new Refusal(412, { detail: "it does not exist" }); };
    await assert.rejects(save({ send }, { title: "U" }), Refusal);
});
