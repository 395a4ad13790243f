// SPDX-License-Identifier: Apache-2.0
// Times are local, so the zone must be set before anything is computed.
process.env.TZ = "Europe/Berlin";

import assert from "node:assert/strict";
import { test } from "node:test";
import { exactTime, instantOf, localText, shortTime, zoneText } from "../../Sources/Web/Files/desk/local-times.js";

test("An instant is written in local time, in winter and in summer", () => {
    assert.equal(localText("2026-11-23T20:27:00.000Z"), "2026-11-23T21:27");
    assert.equal(localText("2026-07-23T20:27:00.000Z"), "2026-07-23T22:27");
});

test("Seconds are written only where there are any", () => {
    assert.equal(localText("2026-02-14T18:42:07.000Z"), "2026-02-14T19:42:07");
});

test("No instant is an empty field, and back", () => {
    assert.equal(localText(null), "");
    assert.equal(instantOf("  "), null);
});

test("What was read as local is sent as UTC", () => {
    assert.equal(instantOf("2026-11-23T21:27"), "2026-11-23T20:27:00.000Z");
    assert.equal(instantOf("2026-07-23T22:27:05"), "2026-07-23T20:27:05.000Z");
});

test("What is no time stays as it is, for the server to name", () => {
    assert.equal(instantOf("tomorrow"), "tomorrow");
});

test("The zone is named with its distance from UTC on that day", () => {
    assert.equal(zoneText(new Date("2026-11-23T20:27:00Z")), "Europe/Berlin, UTC+1");
    assert.equal(zoneText(new Date("2026-07-23T20:27:00Z")), "Europe/Berlin, UTC+2");
});

test("In a list the day is told only where it is another", () => {
    const now = new Date("2026-11-23T22:00:00Z");
    assert.equal(shortTime("2026-11-23T20:27:00.000Z", now), "21:27");
    assert.equal(shortTime("2026-11-22T20:27:00.000Z", now), "22 Nov, 21:27");
    assert.equal(shortTime("2025-11-22T20:27:00.000Z", now), "22 Nov 2025, 21:27");
    // Not yet midnight in London, but here it is.
    assert.equal(shortTime("2026-11-23T23:30:00.000Z", now), "24 Nov, 00:30");
});

test("A time in full names its zone", () => {
    assert.equal(exactTime("2026-11-23T20:27:05.000Z"), "23 November 2026, 21:27:05 UTC+1");
});
