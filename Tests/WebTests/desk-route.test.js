// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { fragmentOf, routeOf } from "../../Sources/Web/Files/desk/route.js";

test("Every view has a fragment that leads back to it", () => {
    const places = [
        { view: "stories" }, { view: "new" }, { view: "import" }, { view: "appearance" },
        ...["updates", "about", "links", "bin", "trail"].map(part => ({ view: "story", id: "01a2-b", part })),
    ];
    places.push(
        { view: "story", id: "01a2-b", part: "updates", update: "0190-7" },
        { view: "story", id: "01a2-b", part: "updates", query: 'tag:"port alder" 100 % / où?' },
        { view: "columns", stories: ["a", "01a2-b"] }, { view: "columns", stories: [] });
    for (const place of places) assert.deepEqual(routeOf(fragmentOf(place)), place);
});

test("No fragment is the list of stories", () => {
    assert.deepEqual(routeOf(""), { view: "stories" });
});

test("Fragments that are not routes are ignored; unknown routes fall back", () => {
    assert.equal(routeOf("#main"), null);
    assert.deepEqual(routeOf("#/nowhere"), { view: "stories" });
    assert.deepEqual(routeOf("#/stories/x/nowhere"), { view: "story", id: "x", part: "updates" });
});

test("A forged fragment cannot reach another path of the server", () => {
    assert.deepEqual(routeOf("#/stories/..%2F..%2Fkey"), { view: "stories" });
    assert.deepEqual(routeOf("#/stories/a?b"), { view: "stories" });
    assert.deepEqual(routeOf("#/stories/a/updates/..%2F..%2Fkey"), { view: "story", id: "a", part: "updates" });
    assert.deepEqual(routeOf("#/stories/a/find/%E0%A4%A"), { view: "story", id: "a", part: "updates", query: "" });
    assert.deepEqual(routeOf("#/columns/a,..%2Fb,,c"), { view: "columns", stories: ["a", "c"] });
});
