// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { heldOrder } from "../../Sources/Web/Files/desk/stable-list.js";

test("In a list that is in use what is new waits, and what is shown stays in its order", () => {
    assert.deepEqual(heldOrder(["c", "b", "a"], ["e", "d", "c", "b", "a"]),
        { order: ["c", "b", "a"], waiting: ["e", "d"] });
    assert.deepEqual(heldOrder(["c", "b", "a"], ["a", "c", "b"]), { order: ["c", "b", "a"], waiting: [] });
});

test("What is gone keeps its place until nobody uses the list", () => {
    assert.deepEqual(heldOrder(["c", "b", "a"], ["d", "c", "a"]), { order: ["c", "b", "a"], waiting: ["d"] });
});

test("What follows all others comes in at once, unless something stands below the list", () => {
    assert.deepEqual(heldOrder(["c", "b"], ["d", "c", "b", "a", "0"]),
        { order: ["c", "b", "a", "0"], waiting: ["d"] });
    assert.deepEqual(heldOrder(["c", "b"], ["c", "b", "a"], { isOpenEnded: false }),
        { order: ["c", "b"], waiting: ["a"] });
    assert.deepEqual(heldOrder([], ["b", "a"]), { order: ["b", "a"], waiting: [] });
});

test("What the editor has made comes in where it belongs", () => {
    const mayEnter = id => id === "mine";
    assert.deepEqual(heldOrder(["c", "b"], ["theirs", "c", "mine", "b"], { mayEnter }),
        { order: ["c", "mine", "b"], waiting: ["theirs"] });
    assert.deepEqual(heldOrder(["c"], ["mine", "theirs", "c"], { mayEnter }),
        { order: ["mine", "c"], waiting: ["theirs"] });
});
