// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Unsaved input, kept in browser storage so that it survives a crash. Never holds the editor's key.
import { attempted } from "./storage.js";

const DRAFT_PREFIX = "wireroom.desk.draft.";

/**
 * Drafts by slot: `<story>/new` is a story's composer, `<story>/update/<id>` the editor of an update, and so on.
 * Best effort: a full or forbidden storage is ignored.
 */
export class Drafts {
    /**
     * @param {KeptStorage} storage
     * @param {() => number} now Milliseconds since 1970.
     */
    constructor(storage, now = Date.now) {
        this.storage = storage;
        this.now = now;
        /** Slots written since the page was loaded; restoring these needs no notice. */
        this.fresh = new Set();
    }

    /**
     * @param {string} slot
     * @returns {Draft|null} The record with `at`, milliseconds since 1970.
     */
    read(slot) {
        return attempted(() => record(this.storage.getItem(DRAFT_PREFIX + slot)), null);
    }

    /**
     * Stores a draft, replacing the one in the slot.
     * @param {string} slot
     * @param {Partial<Draft>} value
     * @returns {boolean} Whether it was stored.
     */
    write(slot, value) {
        this.fresh.add(slot);
        return attempted(() => {
            this.storage.setItem(DRAFT_PREFIX + slot, JSON.stringify({ ...value, at: this.now() }));
            return true;
        }, false);
    }

    /** @param {string} slot */
    remove(slot) {
        this.fresh.delete(slot);
        attempted(() => this.storage.removeItem(DRAFT_PREFIX + slot), undefined);
    }

    /**
     * @param {string} prefix Of the slots to list.
     * @returns {{slot: string, draft: Draft}[]}
     */
    list(prefix = "") {
        return attempted(() => {
            const names = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index));
            const slots = names.flatMap(name =>
                name?.startsWith(DRAFT_PREFIX + prefix) ? [name.slice(DRAFT_PREFIX.length)] : []);
            return slots.sort().flatMap(slot => {
                const draft = this.read(slot);
                return draft ? [{ slot, draft }] : [];
            });
        }, []);
    }

    /**
     * Removes all drafts of an update, which must not survive its deletion or takedown.
     * @param {string} story Id.
     * @param {string} update Id.
     */
    forgetUpdate(story, update) {
        for (const kind of ["update", "strike", "takedown"]) this.remove(`${story}/${kind}/${update}`);
    }
}

/** @param {string|null} text */
function record(text) {
    const value = text === null ? null : JSON.parse(text);
    return value && typeof value === "object" ? value : null;
}
