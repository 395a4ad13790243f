// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";

// The module creates its formatters on import, so the zone must be set before.
process.env.TZ = "Europe/Berlin";
const { plainTime, printTimes, refreshTimes, relativeTime, setServerTime } = await import(
    "../../Sources/Web/Files/shared/times.js");

const now = Date.parse("2026-11-23T20:27:30.000Z");
const ago = seconds => new Date(now - seconds * 1000).toISOString();
const text = iso => relativeTime(iso, now).text;

test("plain times are formatted as on the server", () => {
    assert.equal(plainTime("2026-11-23T20:27:59.999Z"), "23 Nov 2026, 20:27 UTC");
    assert.equal(plainTime("2026-09-03T00:05:00.000Z"), "3 Sep 2026, 00:05 UTC");
    assert.equal(plainTime("0987-01-01T00:00:00.000Z"), "1 Jan 987, 00:00 UTC");
});

test("relative times have the clock time and the age in the largest unit that fits", () => {
    const [minute, hour] = [60, 3600];
    for (const [seconds, words] of [
        [0, "21:27 · just now"], [59, "21:26 · just now"], [minute, "21:26 · 1 min ago"],
        [2 * minute - 1, "21:25 · 1 min ago"], [2 * minute, "21:25 · 2 min ago"], [hour - 1, "20:27 · 59 min ago"],
        [hour, "20:27 · 1 h ago"], [21 * hour, "00:27 · 21 h ago"], [-59, "21:28 · just now"],
    ]) assert.equal(text(ago(seconds)), words, `${seconds} s`);
});

test("a time of yesterday has its date, from midnight on", () => {
    assert.equal(text(ago(22 * 3600)), "22 Nov 2026, 23:27 · 22 h ago");
    assert.equal(text(ago(24 * 3600 - 1)), "22 Nov 2026, 21:27 · 23 h ago");
    const [late, midnight] = ["2026-11-23T22:57:00.000Z", Date.parse("2026-11-23T23:00:00.000Z")];
    assert.deepEqual(relativeTime(late, midnight - 500), { text: "23:57 · 2 min ago", until: midnight });
    assert.equal(relativeTime(late, midnight).text, "23 Nov 2026, 23:57 · 3 min ago");
});

test("printed times have date and zone; after printing they are relative again", () => {
    const element = { dateTime: ago(120) };
    const root = { querySelectorAll: () => [element] };
    refreshTimes(root, now);
    printTimes(root);
    assert.equal(element.textContent, "23 Nov 2026, 21:25 CET");
    refreshTimes(root, now);
    assert.equal(element.textContent, "21:25 · 2 min ago");
});

test("times older than a day or in the future are shown as local dates", () => {
    assert.equal(text(ago(24 * 3600)), "22 Nov 2026, 21:27");
    assert.equal(text(ago(-60)), "23 Nov 2026, 21:28");
    assert.equal(text("2025-12-31T23:30:00.000Z"), "1 Jan 2026, 00:30");
});

test("a relative time changes exactly at its `until`", () => {
    for (const seconds of [0, 59, 60, 119, 125, 3599, 3600, 5000, 80_000, 86_399, -30, -60, -500]) {
        const iso = ago(seconds);
        const { text: before, until } = relativeTime(iso, now);
        assert.equal(relativeTime(iso, until - 1).text, before, `${seconds} s`);
        assert.notEqual(relativeTime(iso, until).text, before, `${seconds} s`);
    }
    assert.equal(relativeTime(ago(86_400), now).until, Infinity);
});

test("times on a page are written only when they change", () => {
    const element = dateTime => ({
        dateTime, writes: 0,
        set textContent(value) { this.text = value; this.writes += 1; },
    });
    const [recent, old] = [element(ago(10)), element(ago(100_000))];
    const root = { querySelectorAll: () => [recent, old] };
    refreshTimes(root, now);
    refreshTimes(root, now + 49_000);
    assert.deepEqual([recent.text, recent.writes, old.writes], ["21:27 · just now", 1, 1]);
    assert.match(recent.title, /^Monday,? 23 November 2026 at 21:27:20 CET$/);
    refreshTimes(root, now + 50_000);
    assert.deepEqual([recent.text, recent.writes, old.writes], ["21:27 · 1 min ago", 2, 1]);
    recent.dateTime = ago(5000);
    refreshTimes(root, now + 50_000);
    assert.equal(recent.text, "20:04 · 1 h ago");
});

test("times follow the server's clock where the reader's is wrong", context => {
    const [lead, element] = [2 * 3600 * 1000, { dateTime: ago(10) }];
    const root = { querySelectorAll: () => [element] };
    context.mock.timers.enable({ apis: ["Date"], now: now + lead });
    refreshTimes(root);
    assert.equal(element.textContent, "21:27 · 2 h ago");
    assert.equal(setServerTime(now), true);
    refreshTimes(root);
    assert.equal(element.textContent, "21:27 · just now");
    // Delays by caches and the network do not change the offset.
    for (const late of [0, -5_000, -60_000]) assert.equal(setServerTime(now + late), false);
    // The reader's clock is corrected.
    context.mock.timers.setTime(now + 60_000);
    assert.equal(setServerTime(now + 60_000), true);
    refreshTimes(root);
    assert.equal(element.textContent, "21:27 · 1 min ago");
    assert.equal(setServerTime(now + 61_000), false);
});

test("a reader's clock that is behind is corrected too", () => {
    const element = { dateTime: ago(3600) };
    assert.equal(setServerTime(now, now - 7200_000), true);
    assert.equal(setServerTime(now, now), true);
    refreshTimes({ querySelectorAll: () => [element] }, now);
    assert.equal(element.textContent, "20:27 · 1 h ago");
});
