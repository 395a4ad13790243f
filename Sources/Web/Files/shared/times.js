// SPDX-License-Identifier: Apache-2.0
// @ts-check
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/**
 * Milliseconds, the unit's name, and the exclusive upper bound of its count.
 * @type {[number, string, number][]}
 */
const AGO_UNITS = [[MINUTE, "min", 60], [HOUR, "h", 24]];
// Created once: constructing a format is slow, and a page has thousands of times.
const DATE_FORMAT = new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
});
const CLOCK_FORMAT = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
/** For print, where relative times and local ones without a zone are useless. */
const PRINT_FORMAT = new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});
const EXACT_FORMAT = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });

/**
 * Formats a time in UTC as the server does, for readers without scripts: `23 Nov 2026, 20:27 UTC`.
 * @param {string} iso
 */
export function plainTime(iso) {
    const [, day, month, year, time] = new Date(iso).toUTCString().split(" ");
    return `${Number(day)} ${month} ${Number(year)}, ${time.slice(0, 5)} UTC`;
}

/**
 * Formats a time for a reader: local, with the date unless it is today, and relative: "21:15 · 12 min ago"; after a
 * day, and for future times, date and time alone. `until` is when the text expires; it and `now` are in milliseconds
 * since 1970.
 * @param {string} iso
 * @param {number} now
 */
export function relativeTime(iso, now) {
    const time = Date.parse(iso);
    const { words, until } = agoWords(time, now);
    if (!words) return { text: DATE_FORMAT.format(time), until };
    const isToday = new Date(time).toDateString() === new Date(now).toDateString();
    const clock = (isToday ? CLOCK_FORMAT : DATE_FORMAT).format(time);
    // At midnight "today" changes.
    return { text: `${clock} · ${words}`, until: Math.min(until, new Date(now).setHours(24, 0, 0, 0)) };
}

/**
 * The relative part; without `words` if only the date is to be shown.
 * @param {number} time
 * @param {number} now
 */
function agoWords(time, now) {
    if (Math.abs(now - time) < MINUTE) return { words: "just now", until: time + MINUTE };
    for (const [unit, name, most] of AGO_UNITS) {
        const count = Math.floor((now - time) / unit);
        if (count > 0 && count < most) return { words: `${count} ${name} ago`, until: time + (count + 1) * unit };
    }
    return { until: time > now ? time - MINUTE + 1 : Infinity };
}

/** Smaller differences are ignored: a `Date` from the browser's cache may be this old. */
const CLOCK_TOLERANCE = 90_000;

/** How many milliseconds the reader's clock is ahead of the server's. */
let clockLead = 0;
/** For each `<time>`: the instant it shows, and when its text expires. */
let written = new WeakMap();

/**
 * Corrects for a wrong clock of the reader; returns true if all times must be refreshed.
 * @param {number} time
 * @param {number} [now]
 */
export function setServerTime(time, now = Date.now()) {
    const lead = Math.abs(now - time) < CLOCK_TOLERANCE ? 0 : now - time;
    if (lead === clockLead || (lead && Math.abs(lead - clockLead) < CLOCK_TOLERANCE)) return false;
    clockLead = lead;
    written = new WeakMap();
    return true;
}

/**
 * Refreshes all `<time>` below a root that have expired; their title is the exact local time.
 * @param {ParentNode} root
 * @param {number} [now]
 */
export function refreshTimes(root, now = Date.now() - clockLead) {
    for (const element of root.querySelectorAll("time")) {
        const iso = element.dateTime;
        const known = written.get(element);
        if (known?.iso === iso && known.until > now) continue;
        const { text, until } = relativeTime(iso, now);
        element.textContent = text;
        element.title = EXACT_FORMAT.format(Date.parse(iso));
        written.set(element, { iso, until });
    }
}

/**
 * Writes date, time and zone into all `<time>` below a root, until they are refreshed.
 * @param {ParentNode} root
 */
export function printTimes(root) {
    for (const element of root.querySelectorAll("time")) {
        element.textContent = PRINT_FORMAT.format(Date.parse(element.dateTime));
        written.delete(element);
    }
}
