// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The outline of a story: its hours and its key events, newest first.

/**
 * @typedef {{start: string, count: number, latest: string}} OutlineHour
 * @typedef {{kind: "hour", at: string, id: string, count: number, day: string|null}} HourEntry
 * @typedef {{kind: "event", at: string, id: string, update: EditorUpdate}} EventEntry
 */

/**
 * Merges hours and key events: each event comes below the hour in which it was published.
 * @param {OutlineHour[]} hours Newest first; `latest` is the id of the newest update of the hour.
 * @param {EditorUpdate[]} events Published ones, newest first.
 * @param {(instant: string) => string} dayOf The local day of an instant, such as `29 Nov`.
 * @returns {(HourEntry|EventEntry)[]} `day` is set where another day begins.
 */
export function outlineEntries(hours, events, dayOf) {
    /** @type {(HourEntry|EventEntry)[]} */
    const entries = [];
    const waiting = [...events];
    let day = null;
    for (const { start, count, latest } of hours) {
        // An event that is newer than the hours, which were read before it.
        for (const event of taken(waiting, start, 1)) entries.push(event);
        const own = dayOf(start);
        entries.push({ kind: "hour", at: start, id: latest, count, day: own === day ? null : own });
        day = own;
        for (const event of taken(waiting, start, 0)) entries.push(event);
    }
    return [...entries, ...waiting.map(eventEntry)];
}

/**
 * Takes out the events that were published after the end of an hour (`hours` is 1), or after its start.
 * @param {EditorUpdate[]} events
 * @param {string} start
 * @param {number} hours
 */
function taken(events, start, hours) {
    const from = Date.parse(start) + hours * 3_600_000;
    const count = events.findIndex(({ publishedAt }) => Date.parse(publishedAt ?? "") < from);
    return events.splice(0, count < 0 ? events.length : count).map(eventEntry);
}

/** @param {EditorUpdate} update @returns {EventEntry} */
function eventEntry(update) {
    return { kind: "event", at: update.publishedAt ?? update.createdAt, id: update.id, update };
}
