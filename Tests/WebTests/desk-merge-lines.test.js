// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeLines } from "../../Sources/Web/Files/desk/merge-lines.js";
import { Chance, seed } from "./Support/chance.js";

const BASE = ["One", "Two", "Three"];
const merged = (mine, theirs, base = BASE) => mergeLines(base, mine, theirs);

test("What only one has changed needs no choice, also in neighbouring lines", () => {
    assert.deepEqual(merged(["One", "Two, mine", "Three"], ["One, theirs", "Two", "Three"]), ["One, theirs", "Two, mine", "Three"]);
    assert.deepEqual(merged(["Two", "Three"], ["One", "Two", "Three, theirs"]), ["Two", "Three, theirs"]);
    assert.deepEqual(merged(BASE, ["Three", "One", "Two"]), ["Three", "One", "Two"]);
});

test("Lines that both have added are kept, and once if they are the same", () => {
    assert.deepEqual(merged([...BASE, "Mine"], [...BASE, "Theirs"]), [...BASE, "Theirs", "Mine"]);
    assert.deepEqual(merged([...BASE, "Same"], [...BASE, "Same"]), [...BASE, "Same"]);
    assert.deepEqual(merged(["Mine"], ["Theirs"], []), ["Theirs", "Mine"]);
});

test("A line that both have changed, or one has removed, is asked about", () => {
    assert.deepEqual(merged(["One", "Mine", "Three"], ["One", "Theirs", "Three", "Four"]),
        ["One", { mine: "Mine", theirs: "Theirs" }, "Three", "Four"]);
    assert.deepEqual(merged(["One", "Three"], ["One", "Theirs", "Three"]), ["One", { mine: null, theirs: "Theirs" }, "Three"]);
    assert.deepEqual(merged(["One", "Same", "Three"], ["One", "Same", "Three"]), ["One", "Same", "Three"]);
    assert.deepEqual(merged(["One", "Three"], ["One", "Three"]), ["One", "Three"]);
});

test("An edit beside none is taken as it is, and every line that one has written is in the merge", () => {
    const start = seed();
    const chance = new Chance(start);
    const note = `WIREROOM_TEST_SEED=${start}`;
    for (let turn = 0; turn < 500; turn += 1) {
        const list = () => Array.from({ length: chance.between(0, 5) }, () => chance.of(["a", "b", "c", "d", "e", "f"]));
        const [base, mine, theirs] = [list(), list(), list()];
        assert.deepEqual([merged(mine, base, base), merged(base, theirs, base)], [mine, theirs], note);
        const kept = merged(mine, theirs, base).flatMap(part => typeof part === "string" ? [part] : Object.values(part));
        for (const line of [...mine, ...theirs]) assert.ok(kept.includes(line) || base.includes(line), note);
    }
});
