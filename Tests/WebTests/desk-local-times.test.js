// SPDX-License-Identifier: Apache-2.0
// Times are local: the zone must be set before any is computed.
process.env.TZ = "Europe/Berlin";

import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { exactTime, instantOf, localText, shortTime, zoneText } from "../../Sources/Web/Files/desk/local-times.js";

test("An instant is shown in local time, with daylight saving", () => {
    assert.equal(localText("2026-11-23T20:27:00.000Z"), "2026-11-23T21:27");
    assert.equal(localText("2026-07-23T20:27:00.000Z"), "2026-07-23T22:27");
});

test("Seconds are shown only if they are not zero", () => {
    assert.equal(localText("2026-02-14T18:42:07.000Z"), "2026-02-14T19:42:07");
});

test("No instant is an empty field, and vice versa", () => {
    assert.equal(localText(null), "");
    assert.equal(instantOf("  "), null);
});

test("A local time is converted to UTC", () => {
    assert.equal(instantOf("2026-11-23T21:27"), "2026-11-23T20:27:00.000Z");
    assert.equal(instantOf("2026-07-23T22:27:05"), "2026-07-23T20:27:05.000Z");
});

test("An invalid time is passed on unchanged, for the server to report", () => {
    assert.equal(instantOf("tomorrow"), "tomorrow");
});

test("The zone is named with its UTC offset on that day", () => {
    assert.equal(zoneText(new Date("2026-11-23T20:27:00Z")), "Europe/Berlin, UTC+1");
    assert.equal(zoneText(new Date("2026-07-23T20:27:00Z")), "Europe/Berlin, UTC+2");
});

test("A short time has its date only if it is not today", () => {
    const now = new Date("2026-11-23T22:00:00Z");
    assert.equal(shortTime("2026-11-23T20:27:00.000Z", now), "21:27");
    assert.equal(shortTime("2026-11-22T20:27:00.000Z", now), "22 Nov, 21:27");
    assert.equal(shortTime("2025-11-22T20:27:00.000Z", now), "22 Nov 2025, 21:27");
    // Before midnight UTC, but after midnight in Berlin.
    assert.equal(shortTime("2026-11-23T23:30:00.000Z", now), "24 Nov, 00:30");
});

test("An exact time has its UTC offset", () => {
    assert.equal(exactTime("2026-11-23T20:27:05.000Z"), "23 November 2026, 21:27:05 UTC+1");
});
