// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";

globalThis.document ??= { hidden: false, addEventListener() {} };
globalThis.addEventListener ??= () => {};
const { Watch } = await import("../../Sources/Web/Files/desk/watch.js");

const published = (id, seq) => ({ id, seq, publishedAt: `2026-01-01T00:00:0${seq}.000Z`, pinned: false, keyEvent: false });
const draft = id => ({ id, seq: null, publishedAt: null, state: "draft", publishAt: null });

/** A server's answers, which the test changes between requests. */
class Server {
    changes = [];
    drafts = [];
    asked = [];

    ask = async (_, path) => {
        this.asked.push(path);
        if (path.includes("/drafts")) return { status: 200, value: { drafts: this.drafts, older: null }, tag: null };
        const cursor = "1.2";
        if (!path.includes("cursor=")) {
            const value = { story: {}, pinned: [], updates: [published("b", 2), published("a", 1)], cursor, older: null };
            return { status: 200, value, tag: null };
        }
        return { status: 200, value: { status: "live", changes: this.changes, cursor, more: false }, tag: null };
    };
}

test("an unpublished update leaves the feed before it is a draft, whichever is read first", async () => {
    const server = new Server();
    const seen = [];
    let next = () => {};
    const watch = new Watch({
        api: server, story: "s", onGone() {}, onState() {},
        onChange() {
            seen.push([watch.feed.updates.map(({ id }) => id).join(), watch.drafts.map(({ id }) => id).join()]);
            next();
        },
    });
    const changed = async change => {
        const done = new Promise(resolve => next = resolve);
        change?.();
        await done;
    };
    await changed();
    // The delta was read before the unpublishing, the drafts after it; draft `c` shows that they were read.
    await changed(() => {
        server.drafts = [draft("b"), draft("c")];
        watch.poke();
    });
    server.changes = [{ op: "remove", seq: 3, id: "b", reason: "unpublished" }];
    await changed(() => watch.poke());
    await changed();
    watch.close();
    assert.deepEqual(seen, [["b,a", ""], ["b,a", "c"], ["a", "c"], ["a", "b,c"]]);
});
