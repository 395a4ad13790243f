// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { CENTRE, movedPoint, pointAt, pointLabel } from "../../Sources/Web/Files/desk/focus.js";

const BOX = { left: 100, top: 50, width: 400, height: 200 };

test("A press on the picture is a point in whole percent of its sides", () => {
    assert.deepEqual(pointAt({ x: 300, y: 150 }, BOX), { x: 50, y: 50 });
    assert.deepEqual(pointAt({ x: 100, y: 250 }, BOX), { x: 0, y: 100 });
    assert.deepEqual(pointAt({ x: 233, y: 117 }, BOX), { x: 33, y: 34 });
});

test("A finger that leaves the picture keeps the point at its edge", () => {
    assert.deepEqual(pointAt({ x: -20, y: 9999 }, BOX), { x: 0, y: 100 });
});

test("A picture that has no size yet has its focus in the centre", () => {
    assert.deepEqual(pointAt({ x: 0, y: 0 }, { left: 0, top: 0, width: 0, height: 0 }), CENTRE);
});

test("Arrow keys move the point by one percent, with the shift key by ten, and not beyond the edges", () => {
    const moves = [
        ["ArrowLeft", false, { x: 3, y: 95 }], ["ArrowRight", false, { x: 5, y: 95 }],
        ["ArrowUp", false, { x: 4, y: 94 }], ["ArrowDown", false, { x: 4, y: 96 }],
        ["ArrowLeft", true, { x: 0, y: 95 }], ["ArrowDown", true, { x: 4, y: 100 }],
    ];
    for (const [key, shiftKey, point] of moves) {
        assert.deepEqual(movedPoint({ x: 4, y: 95 }, { key, shiftKey }), point, key);
    }
});

test("Other keys are left to the browser", () => {
    for (const key of ["Enter", "Tab", "a", "constructor"]) {
        assert.equal(movedPoint(CENTRE, { key, shiftKey: false }), null, key);
    }
});

test("A point is described in words", () => {
    assert.equal(pointLabel({ x: 30, y: 7 }), "30 % across, 7 % down");
    assert.equal(pointLabel(null), "the centre");
});
