// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Actions on several updates at once. Each is done by itself, so that one that has changed meanwhile stops no other.
import { Refusal } from "./api.js";
import { restoreUpdate } from "./actions.js";
import { labelOf } from "./labels.js";
import { freshKey } from "./outbox.js";
import { phrase } from "./phrases.js";
import { changedTags } from "./selection.js";

/**
 * What became of the updates: `left` were changed or removed by others meanwhile, and left as they are.
 * @typedef {{done: EditorUpdate[], left: EditorUpdate[]}} BulkResult
 */

/**
 * Runs an action for one update after another.
 * @param {EditorUpdate[]} updates
 * @param {(update: EditorUpdate) => Promise<EditorUpdate|null>} act Returns null for one that is left.
 * @param {(count: number) => void} told How many are dealt with.
 * @returns {Promise<BulkResult>}
 */
async function forEachUpdate(updates, act, told) {
    /** @type {BulkResult} */
    const result = { done: [], left: [] };
    for (const [index, update] of updates.entries()) {
        told(index);
        const done = await act(update);
        if (done) result.done.push(done);
        else result.left.push(update);
    }
    return result;
}

/**
 * Adds tags to updates, and takes tags off.
 * @param {Desk} desk
 * @param {string} story Id.
 * @param {EditorUpdate[]} updates
 * @param {{added: string[], removed: string[]}} tags
 * @param {(count: number) => void} told
 */
export function tagUpdates(desk, story, updates, { added, removed }, told) {
    return forEachUpdate(updates, update => withCurrent(desk, story, update, phrase("tag"), (current, tag) => {
        const tags = changedTags(current.tags, added, removed);
        if (tags.join("\n") === current.tags.join("\n")) return null;
        return desk.api.patch(`/stories/${story}/updates/${update.id}`, { tags }, tag);
    }), told);
}

/**
 * Deletes updates into the bin; those that somebody has changed since the list showed them are left.
 * @param {Desk} desk
 * @param {string} story Id.
 * @param {EditorUpdate[]} updates
 * @param {(count: number) => void} told
 */
export function deleteUpdates(desk, story, updates, told) {
    return forEachUpdate(updates, async update => {
        let isSame = true;
        const deleted = await withCurrent(desk, story, update, phrase("delete"), async (current, tag) => {
            isSame = current.seq === update.seq && current.modifiedAt === update.modifiedAt;
            if (!isSame) return null;
            return desk.api.ask("DELETE", `/stories/${story}/updates/${update.id}`, { match: tag });
        });
        return deleted && isSame ? update : null;
    }, told);
}

/**
 * Reads an update and changes it, again if somebody else is faster.
 * @param {Desk} desk
 * @param {string} story
 * @param {EditorUpdate} update
 * @param {string} action
 * @param {(current: EditorUpdate, tag: string|null) => Promise<Answer>|null|Promise<Answer|null>} send
 * @returns {Promise<EditorUpdate|null>} As it is now; null if it is gone.
 */
async function withCurrent(desk, story, update, action, send) {
    const label = phrase("actionOn", { action, title: labelOf(update) });
    for (;;) {
        try {
            return await desk.pending.persist(label, async () => {
                const { value, tag } = await desk.api.ask("GET", `/stories/${story}/updates/${update.id}`);
                return (await send(value, tag))?.value ?? value;
            });
        } catch (failure) {
            if (!(failure instanceof Refusal)) throw failure;
            if ([404, 410].includes(failure.status)) return null;
            if (failure.status !== 412) throw failure;
        }
    }
}

/**
 * Brings deleted updates back.
 * @param {Desk} desk
 * @param {string} story
 * @param {EditorUpdate[]} updates
 */
export async function restoreUpdates(desk, story, updates) {
    const restored = [];
    for (const update of updates) restored.push(await restoreUpdate(desk, story, update));
    return restored;
}

/**
 * Moves updates to another story, or splits them off into a new one.
 * @param {Desk} desk
 * @param {string} story Id.
 * @param {string[]} ids
 * @param {{to: string}|{story: Thing}} target
 * @returns {Promise<Story>} The story that they are in now.
 */
export async function moveUpdates(desk, story, ids, target) {
    const [json, once] = [{ ids, ...target }, freshKey()];
    const label = phrase("movingUpdates", { count: ids.length });
    const { value } = await desk.persist(label,
        () => desk.api.ask("POST", `/stories/${story}/updates/move`, { json, once }));
    return value.story;
}
