// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { heldOrder } from "../../Sources/Web/Files/desk/stable-list.js";

test("In a list in use new items wait, and shown items keep their order", () => {
    assert.deepEqual(heldOrder(["c", "b", "a"], ["e", "d", "c", "b", "a"]),
        { order: ["c", "b", "a"], waiting: ["e", "d"] });
    assert.deepEqual(heldOrder(["c", "b", "a"], ["a", "c", "b"]), { order: ["c", "b", "a"], waiting: [] });
});

test("Removed items keep their place while the list is in use", () => {
    assert.deepEqual(heldOrder(["c", "b", "a"], ["d", "c", "a"]), { order: ["c", "b", "a"], waiting: ["d"] });
});

test("Items after the last one are appended at once, unless something is below the list", () => {
    assert.deepEqual(heldOrder(["c", "b"], ["d", "c", "b", "a", "0"]),
        { order: ["c", "b", "a", "0"], waiting: ["d"] });
    assert.deepEqual(heldOrder(["c", "b"], ["c", "b", "a"], { isOpenEnded: false }),
        { order: ["c", "b"], waiting: ["a"] });
    assert.deepEqual(heldOrder([], ["b", "a"]), { order: ["b", "a"], waiting: [] });
});

test("The editor's own items are inserted in place", () => {
    const mayEnter = id => id === "mine";
    assert.deepEqual(heldOrder(["c", "b"], ["theirs", "c", "mine", "b"], { mayEnter }),
        { order: ["c", "mine", "b"], waiting: ["theirs"] });
    assert.deepEqual(heldOrder(["c"], ["mine", "theirs", "c"], { mayEnter }),
        { order: ["mine", "c"], waiting: ["theirs"] });
});
