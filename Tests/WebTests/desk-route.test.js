// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { fragmentOf, routeOf } from "../../Sources/Web/Files/desk/route.js";

test("Every place has an address, and back", () => {
    const places = [
        { view: "stories" }, { view: "new" }, { view: "import" },
        ...["updates", "about", "links", "bin", "trail"].map(part => ({ view: "story", id: "01a2-b", part })),
    ];
    for (const place of places) assert.deepEqual(routeOf(fragmentOf(place)), place);
});

test("Without a fragment it is the list of stories", () => {
    assert.deepEqual(routeOf(""), { view: "stories" });
});

test("What is no place of the desk leads nowhere, what is unknown to the list", () => {
    assert.equal(routeOf("#main"), null);
    assert.deepEqual(routeOf("#/nowhere"), { view: "stories" });
    assert.deepEqual(routeOf("#/stories/x/nowhere"), { view: "story", id: "x", part: "updates" });
});

test("An address that was made up reaches no other path of the server", () => {
    assert.deepEqual(routeOf("#/stories/..%2F..%2Fkey"), { view: "stories" });
    assert.deepEqual(routeOf("#/stories/a?b"), { view: "stories" });
});
