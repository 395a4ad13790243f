// SPDX-License-Identifier: Apache-2.0
process.env.TZ = "UTC";
globalThis.document ??= { hidden: false, addEventListener() {} };
globalThis.addEventListener ??= () => {};

import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { Refusal } from "../../Sources/Web/Files/desk/api.js";
import { deleteUpdates, moveUpdates, tagUpdates } from "../../Sources/Web/Files/desk/bulk.js";

const { Watch } = await import("../../Sources/Web/Files/desk/watch.js");

/** A desk whose server holds updates; `refuse` may refuse a write. */
class FakeDesk {
    asked = [];
    refuse = () => null;

    constructor(...updates) {
        this.updates = new Map(updates.map(update => [update.id, update]));
        this.api = {
            ask: (method, path, options) => this.answer(method, path, options),
            patch: (path, patch, match) => this.answer("PATCH", path, { json: patch, match }),
        };
        this.persist = (_, action) => action();
        this.pending = { persist: (_, action) => action() };
    }

    async answer(method, path, { json, match } = {}) {
        this.asked.push(`${method} ${path}`);
        const id = path.split("/").pop();
        const refusal = this.refuse(method, id);
        if (refusal) throw new Refusal(refusal, {});
        const update = this.updates.get(id);
        if (method === "POST") return { value: { story: { id: "other" } } };
        if (!update) throw new Refusal(404, {});
        if (method === "GET") return { value: update, tag: `"${update.seq}"` };
        if (match !== `"${update.seq}"`) throw new Refusal(412, {});
        if (method === "DELETE") {
            this.updates.delete(id);
            return { value: null };
        }
        const changed = { ...update, ...json, seq: update.seq + 1 };
        this.updates.set(id, changed);
        return { value: changed };
    }
}

const update = (id, tags = []) => ({ id, seq: 1, modifiedAt: "2026-01-01T00:00:00.000Z", title: id, body: id, tags });

test("Tags go to what others have just changed, too, and what is gone is left", async () => {
    const desk = new FakeDesk(update("a", ["x"]), update("b"));
    let isFirst = true;
    desk.refuse = method => {
        if (method !== "PATCH" || !isFirst) return null;
        isFirst = false;
        desk.updates.set("a", { ...update("a", ["x", "y"]), seq: 5 });
        return 412;
    };
    const told = [];
    const shown = [update("a", ["x"]), update("b"), update("c")];
    const { done, left } = await tagUpdates(desk, "s", shown, { added: ["new"], removed: ["X"] }, n => told.push(n));
    assert.deepEqual(done.map(({ tags }) => tags), [["y", "new"], ["new"]]);
    assert.deepEqual(left.map(({ id }) => id), ["c"]);
    assert.deepEqual(told, [0, 1, 2]);
});

test("An update that has its tags is not written", async () => {
    const desk = new FakeDesk(update("a", ["x"]));
    const { done } = await tagUpdates(desk, "s", [update("a", ["x"])], { added: ["X"], removed: [] }, () => {});
    assert.equal(done.length, 1);
    assert.deepEqual(desk.asked, ["GET /stories/s/updates/a"]);
});

test("What somebody has changed since it was shown is not deleted", async () => {
    const desk = new FakeDesk(update("a"), { ...update("b"), seq: 2 });
    const { done, left } = await deleteUpdates(desk, "s", [update("a"), update("b"), update("c")], () => {});
    assert.deepEqual([done.map(({ id }) => id), left.map(({ id }) => id)], [["a"], ["b", "c"]]);
    assert.deepEqual([...desk.updates.keys()], ["b"]);
});

test("A move is one request", async () => {
    const desk = new FakeDesk();
    assert.deepEqual(await moveUpdates(desk, "s", ["a", "b"], { to: "other" }), { id: "other" });
    assert.deepEqual(desk.asked, ["POST /stories/s/updates/move"]);
});

test("What lies between is loaded in large pages, up to the time asked for", async () => {
    const at = minute => `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`;
    const page = (from, older) => ({ older, updates: [from, from - 1].map(minute => ({
        id: `u${minute}`, seq: minute, publishedAt: at(minute), pinned: false, keyEvent: false })) });
    const asked = [];
    const ask = async (_, path) => {
        if (path.includes("/drafts")) return { status: 200, value: { drafts: [], older: null }, tag: null };
        if (path.includes("cursor=")) {
            return { status: 200, tag: null, value: { status: "live", changes: [], cursor: "1.9", more: false } };
        }
        asked.push(path);
        const from = Number(/before=(\d+)/.exec(path)?.[1] ?? 9);
        const value = page(from, `/stories/s/updates?before=${from - 2}`);
        return { status: 200, value: { story: {}, pinned: [], cursor: "1.9", ...value }, tag: null };
    };
    const watch = await new Promise(resolve => {
        const made = new Watch({ api: { ask }, story: "s", onGone() {}, onState() {}, onChange: () => resolve(made) });
    });
    await watch.loadUntil(at(5), () => true);
    assert.deepEqual(watch.feed.updates.map(({ id }) => id), ["u9", "u8", "u7", "u6", "u5", "u4"]);
    assert.deepEqual(asked.slice(1), [
        "/stories/s/updates?before=7&limit=200", "/stories/s/updates?before=5&limit=200"]);
    await watch.loadUntil(at(1), () => false);
    assert.equal(watch.feed.updates.length, 6);
    watch.close();
});
