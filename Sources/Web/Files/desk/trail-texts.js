// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Which version of an update each entry of the audit trail made: the trail has no words of its own.
import { wordDiff } from "./diff.js";

const TEXT_MEMBERS = ["title", "body"];
// Of what stays the same between two changes, so much is shown.
const MOST_CONTEXT = 40;
const MOST_CHANGED = 240;

/**
 * What an entry stands for. `before`: the version before it, where the entry changed one that is kept. `isExact`: the
 * entry made this version; otherwise its title and text are those of the entry's time, and other members may differ.
 * @typedef {{version: EditorUpdate, before: EditorUpdate|null, isExact: boolean}} EntryText
 */

/**
 * Finds the version that each entry made.
 * @param {AuditEntry[]} entries All of the update, in all stories, newest first.
 * @param {EditorUpdate[]} versions The present one, and those before it, newest first.
 * @param {string} story The id of the story that the update is in: the versions have its numbers.
 * @returns {Map<number, EntryText>} By the number of the entry. Those of which no version is kept are left out.
 */
export function entryTexts(entries, versions, story) {
    /** @type {Map<number, EntryText>} */
    const texts = new Map();
    entries.forEach((entry, place) => {
        const index = versionIndex(entry, versions, story, place === 0);
        if (index !== null) {
            texts.set(entry.number, { version: versions[index], before: beforeOf(versions, index), isExact: true });
            return;
        }
        const newer = entries[place - 1];
        // What is in the bin is as it was deleted.
        const version = newer ? !changesText(newer) && texts.get(newer.number)?.version
            : entry.action === "update.delete" && versions[0];
        if (version) texts.set(entry.number, { version, before: null, isExact: false });
    });
    return texts;
}

// Edits of drafts keep no version, so that what is before one need not be what it changed.
/** @param {EditorUpdate[]} versions @param {number} index */
function beforeOf(versions, index) {
    const isPublished = (versions[index].state ?? "published") === "published";
    return isPublished ? versions[index + 1] ?? null : null;
}

/**
 * Whether an entry may have changed title or text.
 * @param {AuditEntry} entry
 */
function changesText({ members }) {
    return members.some(name => TEXT_MEMBERS.includes(name));
}

/**
 * @param {AuditEntry} entry @param {EditorUpdate[]} versions @param {string} story @param {boolean} isLast
 * @returns {number|null}
 */
function versionIndex({ seq, at, story: place }, versions, story, isLast) {
    const isNumbered = seq !== null && place === story;
    const found = [...versions.keys()].filter(index => isNumbered && versions[index].seq === seq);
    if (found.length === 1) return found[0];
    // Versions from another story have lost their numbers, and drafts have none.
    const timed = [...versions.keys()].filter(index => versions[index].modifiedAt === at);
    if (timed.length === 1) return timed[0];
    // Cards that arrived since have given the present version another number.
    const [present, before] = versions;
    const isCarded = isLast && isNumbered && present.seq !== null && seq < present.seq && seq > (before?.seq ?? 0);
    return isCarded ? 0 : null;
}

/**
 * Returns the parts of a comparison around what has changed.
 * @param {string} before
 * @param {string} after
 * @returns {DiffPart[]}
 */
export function shortDiff(before, after) {
    const parts = wordDiff(before, after);
    return parts.map((part, place) => {
        const isEnd = place === parts.length - 1;
        if (part.kind !== "same") return { ...part, text: cut(part.text, MOST_CHANGED) };
        if (place === 0 && isEnd) return { ...part, text: cut(part.text, MOST_CHANGED) };
        if (place === 0) return { ...part, text: cutStart(part.text, MOST_CONTEXT) };
        if (isEnd) return { ...part, text: cut(part.text, MOST_CONTEXT) };
        if (part.text.length <= 2 * MOST_CONTEXT + 1) return part;
        return { ...part, text: cut(part.text, MOST_CONTEXT) + cutStart(part.text, MOST_CONTEXT).slice(1) };
    });
}

/**
 * The beginning of a text.
 * @param {string} text @param {number} most
 */
export function cut(text, most) {
    const letters = [...text];
    return letters.length > most ? `${letters.slice(0, most).join("")}…` : text;
}

/** @param {string} text @param {number} most */
function cutStart(text, most) {
    const letters = [...text];
    return letters.length > most ? `…${letters.slice(-most).join("")}` : text;
}
