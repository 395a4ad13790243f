// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { nearestPointer, sortedFaults } from "../../Sources/Web/Files/desk/field-errors.js";

test("An error belongs to its field or to the nearest enclosing one", () => {
    const known = ["/title", "/tags", "/sources", "/sources/1/url"];
    assert.equal(nearestPointer("/title", known), "/title");
    assert.equal(nearestPointer("/tags/3", known), "/tags");
    assert.equal(nearestPointer("/sources/1/url", known), "/sources/1/url");
    assert.equal(nearestPointer("/sources/0/url", known), "/sources");
    assert.equal(nearestPointer("/sumary", known), null);
    assert.equal(nearestPointer("", known), null);
});

test("All errors are assigned to fields; those of unknown fields are listed apart", () => {
    const errors = [
        { pointer: "/title", detail: "must not be blank" }, { pointer: "/tags/0", detail: "is too long" },
        { pointer: "/title", detail: "is too long" }, { pointer: "/sumary", detail: "is not known" },
        { pointer: "", detail: "must be an object" },
    ];
    const { fields, rest } = sortedFaults(errors, ["/title", "/tags"]);
    assert.deepEqual(Object.fromEntries(fields), {
        "/title": ["must not be blank", "is too long"], "/tags": ["no. 1 is too long"],
    });
    assert.deepEqual(rest, ["/sumary is not known", "must be an object"]);
});
