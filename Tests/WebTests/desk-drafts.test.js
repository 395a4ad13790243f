// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts } from "../../Sources/Web/Files/desk/drafts.js";
import { storageOf } from "../../Sources/Web/Files/desk/storage.js";
import { MemoryStorage } from "./Support/storage.js";

const draftsIn = storage => new Drafts(storage, () => 1000);

test("Drafts survive a reload of the page", () => {
    const storage = new MemoryStorage();
    draftsIn(storage).write("s/new", { typed: { body: "B" } });
    assert.deepEqual(draftsIn(storage).read("s/new"), { typed: { body: "B" }, at: 1000 });
});

test("Only drafts written since the page was loaded are fresh", () => {
    const storage = new MemoryStorage();
    const drafts = draftsIn(storage);
    drafts.write("s/new", {});
    assert.equal(drafts.fresh.has("s/new"), true);
    assert.equal(draftsIn(storage).fresh.has("s/new"), false);
});

test("Lists the drafts of a story and ignores other items in the storage", () => {
    const storage = new MemoryStorage();
    storage.setItem("other", "{}");
    const drafts = draftsIn(storage);
    for (const slot of ["s/update/2", "s/update/1", "t/update/1"]) drafts.write(slot, {});
    assert.deepEqual(drafts.list("s/update/").map(({ slot }) => slot), ["s/update/1", "s/update/2"]);
});

test("A draft that cannot be parsed is ignored", () => {
    const storage = new MemoryStorage();
    storage.setItem("wireroom.desk.draft.s/new", "{broken");
    assert.equal(draftsIn(storage).read("s/new"), null);
    assert.deepEqual(draftsIn(storage).list(), []);
});

test("A full or forbidden storage does not prevent writing", () => {
    const storage = new MemoryStorage();
    storage.setItem = () => { throw new Error("QuotaExceededError"); };
    storage.getItem = () => { throw new Error("SecurityError"); };
    const drafts = draftsIn(storage);
    assert.equal(drafts.write("s/new", {}), false);
    assert.equal(drafts.read("s/new"), null);
});

test("Where storage is forbidden there is one for as long as the page lives", () => {
    const drafts = draftsIn(storageOf(() => { throw new Error("SecurityError"); }));
    assert.equal(drafts.write("s/new", { typed: {} }), true);
    assert.deepEqual(drafts.list().map(({ slot }) => slot), ["s/new"]);
    drafts.remove("s/new");
    assert.equal(drafts.read("s/new"), null);
});

test("A takedown removes all drafts of the update", () => {
    const storage = new MemoryStorage();
    const drafts = draftsIn(storage);
    for (const slot of ["s/update/u", "s/strike/u", "s/takedown/u", "s/update/v"]) drafts.write(slot, {});
    drafts.forgetUpdate("s", "u");
    assert.deepEqual(drafts.list().map(({ slot }) => slot), ["s/update/v"]);
});
