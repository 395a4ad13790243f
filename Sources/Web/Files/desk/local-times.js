// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Times as an editor reads and enters them: local, with the zone named. On the wire they are UTC.

import { DESK_LOCALE, phrase } from "./phrases.js";

/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: "2-digit", minute: "2-digit" };

/**
 * Formats an instant as the value of an `<input type="datetime-local">`.
 * @param {string|null} instant RFC 3339.
 * @returns {string} `2026-11-23T21:27`, with seconds if they are not zero; empty for null or an invalid time.
 */
export function localText(instant) {
    if (!instant) return "";
    const date = new Date(instant);
    if (Number.isNaN(date.getTime())) return "";
    const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
    const seconds = date.getSeconds() ? `:${pad(date.getSeconds())}` : "";
    return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}${seconds}`;
}

/**
 * Parses the value of an `<input type="datetime-local">`.
 * @param {string} text Local time, as returned by `localText`.
 * @returns {string|null} RFC 3339 in UTC; null for an empty text; the text itself if it is invalid, for the server to
 *   reject.
 */
export function instantOf(text) {
    if (!text.trim()) return null;
    const date = new Date(text);
    return Number.isNaN(date.getTime()) ? text : date.toISOString();
}

/**
 * Names the local time zone.
 * @param {Date} date Determines the UTC offset (daylight saving time).
 * @returns {string} `Europe/Berlin, UTC+1`.
 */
export function zoneText(date) {
    const zone = new Intl.DateTimeFormat(DESK_LOCALE).resolvedOptions().timeZone;
    const offset = offsetText(date);
    return zone === offset ? zone : `${zone}, ${offset}`;
}

/**
 * Formats a time for a list, as short as is unambiguous.
 * @param {string|null} instant RFC 3339.
 * @param {Date} now
 * @returns {string} `21:27` today, `23 Nov, 21:27` this year, else with the year; empty for null.
 */
export function shortTime(instant, now = new Date()) {
    if (!instant) return "";
    const date = new Date(instant);
    const clock = clockText(instant);
    if (date.toDateString() === now.toDateString()) return clock;
    /** @type {Intl.DateTimeFormatOptions} */
    const year = date.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
    const day = date.toLocaleDateString(DESK_LOCALE, { day: "numeric", month: "short", ...year });
    return phrase("dayAndTime", { day, time: clock });
}

/**
 * The local time of day of an instant.
 * @param {string} instant RFC 3339.
 * @returns {string} `21:27`.
 */
export function clockText(instant) {
    return new Date(instant).toLocaleTimeString(DESK_LOCALE, CLOCK);
}

/**
 * The local day of an instant.
 * @param {string} instant RFC 3339.
 * @returns {string} `Sun 29 Nov`.
 */
export function dayText(instant) {
    return new Date(instant).toLocaleDateString(DESK_LOCALE, { weekday: "short", day: "numeric", month: "short" });
}

/**
 * Formats a time in full, to the second.
 * @param {string|null} instant RFC 3339.
 * @returns {string} `23 November 2026, 21:27:00 UTC+1`; empty for null.
 */
export function exactTime(instant) {
    if (!instant) return "";
    const date = new Date(instant);
    const day = date.toLocaleDateString(DESK_LOCALE, { day: "numeric", month: "long", year: "numeric" });
    const time = date.toLocaleTimeString(DESK_LOCALE, { ...CLOCK, second: "2-digit" });
    return phrase("dayAndTime", { day, time: `${time} ${offsetText(date)}` });
}

/** @param {Date} date */
function offsetText(date) {
    const minutes = -date.getTimezoneOffset();
    if (minutes === 0) return "UTC";
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest ? `:${pad(rest)}` : ""}`;
}

/** @param {number} number @param {number} [width] */
function pad(number, width = 2) {
    return String(number).padStart(width, "0");
}
