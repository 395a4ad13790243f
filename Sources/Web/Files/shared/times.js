// SPDX-License-Identifier: Apache-2.0
// @ts-check
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/**
 * Milliseconds, the unit's name, and how many of it are still said.
 * @type {[number, string, number][]}
 */
const AGO_UNITS = [[MINUTE, "min", 60], [HOUR, "h", 24]];
// Making a format takes long, and a page has thousands of times.
const DATE_FORMAT = new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
});
const CLOCK_FORMAT = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
/** For paper, which does not tell when it is read, nor where. */
const PRINT_FORMAT = new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});
const EXACT_FORMAT = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });

/**
 * A time of the API for those without a script, as the server writes it: `23 Nov 2026, 20:27 UTC`.
 * @param {string} iso
 */
export function plainTime(iso) {
    const [, day, month, year, time] = new Date(iso).toUTCString().split(" ");
    return `${Number(day)} ${month} ${Number(year)}, ${time.slice(0, 5)} UTC`;
}

/**
 * A time of the API for a reader: when it was in the reader's place, with the date where that is not today's, and how
 * long ago: "21:15 · 12 min ago"; after a day, and for times to come, the date and time alone. `now` and `until`, when
 * the text will be another, are in milliseconds since 1970.
 * @param {string} iso
 * @param {number} now
 */
export function relativeTime(iso, now) {
    const time = Date.parse(iso);
    const { words, until } = agoWords(time, now);
    if (!words) return { text: DATE_FORMAT.format(time), until };
    const isToday = new Date(time).toDateString() === new Date(now).toDateString();
    const clock = (isToday ? CLOCK_FORMAT : DATE_FORMAT).format(time);
    // At midnight today is another day.
    return { text: `${clock} · ${words}`, until: Math.min(until, new Date(now).setHours(24, 0, 0, 0)) };
}

/**
 * How long ago a time was; no words where its date says it better.
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

/** Clocks that differ by less are the same: caches in browsers keep answers, and their dates, for as long. */
const CLOCK_TOLERANCE = 90_000;

/** By how many milliseconds the reader's clock is ahead of the server's. */
let clockLead = 0;
/** Of each `<time>`: for what it was written, and until when that is right. */
let written = new WeakMap();

/**
 * Takes the time of the server's clock; true where times are to be written anew, for the reader's clock is wrong.
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
 * Has all `<time>` below a root say how long ago they were; the exact time, where the reader is, is their title.
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
 * Has all `<time>` below a root say date, time and zone, until they are refreshed.
 * @param {ParentNode} root
 */
export function printTimes(root) {
    for (const element of root.querySelectorAll("time")) {
        element.textContent = PRINT_FORMAT.format(Date.parse(element.dateTime));
        written.delete(element);
    }
}
