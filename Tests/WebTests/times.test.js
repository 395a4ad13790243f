// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";

import { Times } from "../../Sources/Web/Files/shared/times.js";
import { english } from "./Support/words.js";

process.env.TZ = "Europe/Berlin";
const times = () => new Times(english);

const now = Date.parse("2026-11-23T20:27:30.000Z");
const ago = seconds => new Date(now - seconds * 1000).toISOString();
const text = iso => times().relative(iso, now).text;

test("relative times have the clock time and the age in the largest unit that fits", () => {
    const [minute, hour] = [60, 3600];
    for (const [seconds, words] of [
        [0, "21:27 · just now"], [59, "21:26 · just now"], [minute, "21:26 · 1 min ago"],
        [2 * minute - 1, "21:25 · 1 min ago"], [2 * minute, "21:25 · 2 min ago"], [hour - 1, "20:27 · 59 min ago"],
        [hour, "20:27 · 1 hr ago"], [21 * hour, "00:27 · 21 hr ago"], [-59, "21:28 · just now"],
    ]) assert.equal(text(ago(seconds)), words, `${seconds} s`);
});

test("a time of yesterday has its date, from midnight on", () => {
    assert.equal(text(ago(22 * 3600)), "22 Nov 2026, 23:27 · 22 hr ago");
    assert.equal(text(ago(24 * 3600 - 1)), "22 Nov 2026, 21:27 · 23 hr ago");
    const [late, midnight] = ["2026-11-23T22:57:00.000Z", Date.parse("2026-11-23T23:00:00.000Z")];
    assert.deepEqual(times().relative(late, midnight - 500), { text: "23:57 · 2 min ago", until: midnight });
    assert.equal(times().relative(late, midnight).text, "23 Nov 2026, 23:57 · 3 min ago");
});

test("printed times have date and zone; after printing they are relative again", () => {
    const element = { dateTime: ago(120) };
    const root = { querySelectorAll: () => [element] };
    const shown = times();
    shown.refresh(root, now);
    shown.printAll(root);
    assert.equal(element.textContent, "23 Nov 2026, 21:25 CET");
    shown.refresh(root, now);
    assert.equal(element.textContent, "21:25 · 2 min ago");
});

test("times older than a day or in the future are shown as local dates", () => {
    assert.equal(text(ago(24 * 3600)), "22 Nov 2026, 21:27");
    assert.equal(text(ago(-60)), "23 Nov 2026, 21:28");
    assert.equal(text("2025-12-31T23:30:00.000Z"), "1 Jan 2026, 00:30");
});

test("a relative time changes at its `until`, or might as a day begins", () => {
    for (const seconds of [0, 59, 60, 119, 125, 3599, 3600, 5000, 80_000, 86_399, -30, -60, -500]) {
        const iso = ago(seconds);
        const { text: before, until } = times().relative(iso, now);
        assert.equal(times().relative(iso, until - 1).text, before, `${seconds} s`);
        const isNew = times().relative(iso, until).text !== before;
        assert.ok(isNew || until % 900_000 === 0, `${seconds} s`);
    }
    assert.equal(times().relative(ago(86_400), now).until, Infinity);
});

test("times on a page are written only when they change", () => {
    const element = dateTime => ({
        dateTime, writes: 0,
        set textContent(value) { this.text = value; this.writes += 1; },
    });
    const [recent, old] = [element(ago(10)), element(ago(100_000))];
    const root = { querySelectorAll: () => [recent, old] };
    const shown = times();
    shown.refresh(root, now);
    shown.refresh(root, now + 49_000);
    assert.deepEqual([recent.text, recent.writes, old.writes], ["21:27 · just now", 1, 1]);
    assert.match(recent.title, /^Monday,? 23 November 2026 at 21:27:20 CET$/);
    shown.refresh(root, now + 50_000);
    assert.deepEqual([recent.text, recent.writes, old.writes], ["21:27 · 1 min ago", 2, 1]);
    recent.dateTime = ago(5000);
    shown.refresh(root, now + 50_000);
    assert.equal(recent.text, "20:04 · 1 hr ago");
});

test("times follow the server's clock where the reader's is wrong", context => {
    const [lead, element] = [2 * 3600 * 1000, { dateTime: ago(10) }];
    const root = { querySelectorAll: () => [element] };
    context.mock.timers.enable({ apis: ["Date"], now: now + lead });
    const shown = times();
    shown.refresh(root);
    assert.equal(element.textContent, "21:27 · 2 hr ago");
    assert.equal(shown.setServerTime(now), true);
    shown.refresh(root);
    assert.equal(element.textContent, "21:27 · just now");
    // Delays by caches and the network do not change the offset.
    for (const late of [0, -5_000, -60_000]) assert.equal(shown.setServerTime(now + late), false);
    // The reader's clock is corrected.
    context.mock.timers.setTime(now + 60_000);
    assert.equal(shown.setServerTime(now + 60_000), true);
    shown.refresh(root);
    assert.equal(element.textContent, "21:27 · 1 min ago");
    assert.equal(shown.setServerTime(now + 61_000), false);
});

test("a reader's clock that is behind is corrected too", () => {
    const element = { dateTime: ago(3600) };
    const shown = times();
    assert.equal(shown.setServerTime(now, now - 7200_000), true);
    assert.equal(shown.setServerTime(now, now), true);
    shown.refresh({ querySelectorAll: () => [element] }, now);
    assert.equal(element.textContent, "20:27 · 1 hr ago");
});

test("times are shown by the story's zone, which is named where clocks differ from the reader's", () => {
    const iso = "2026-11-23T20:15:00.000Z";
    const text = (zone, words = english) => new Times(words, zone).relative(iso, now).text;
    assert.equal(text("Asia/Tokyo"), "05:15 GMT+9 · 12 min ago");
    assert.equal(text("Europe/Vienna"), "21:15 · 12 min ago");
    assert.equal(text(undefined), "21:15 · 12 min ago");
    assert.equal(text("Mars/Olympus"), "21:15 · 12 min ago", "a zone that the browser does not know");
    const midnight = Date.parse("2026-11-23T15:00:00.000Z");
    const shown = new Times(english, "Asia/Tokyo");
    const late = shown.relative("2026-11-23T14:50:00.000Z", midnight - 1);
    assert.deepEqual([late.text, late.until], ["23:50 GMT+9 · 9 min ago", midnight]);
    assert.equal(shown.relative("2026-11-23T14:50:00.000Z", midnight).text, "23 Nov 2026, 23:50 GMT+9 · 10 min ago");
});
