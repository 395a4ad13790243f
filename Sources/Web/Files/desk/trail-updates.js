// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What the audit trail tells of updates, read as it is needed: the entries have no words.
import { SignedOut } from "./api.js";
import { movedStory } from "./labels.js";
import { entryTexts } from "./trail-texts.js";

const MOST_READ_AT_ONCE = 4;

/**
 * What is known of an update that entries name. `story`: the one that it is in now.
 * @typedef {{newest: number, update: EditorUpdate|null, story: string,
 *   texts: Map<number, import("./trail-texts.js").EntryText>}} KnownUpdate
 */

/** The updates that entries of a story's audit trail name. */
export class TrailUpdates {
    /** @type {Map<string, KnownUpdate>} */
    #known = new Map();
    /**
     * Restorable updates, by id.
     * @type {Map<string, BinnedUpdate>}
     */
    #deleted = new Map();
    #reading = 0;
    #isClosed = false;

    /**
     * @param {Desk} desk
     * @param {Watch} watch
     * @param {() => void} onRead
     */
    constructor(desk, watch, onRead) {
        this.desk = desk;
        this.watch = watch;
        this.story = watch.feed.story.id;
        this.onRead = onRead;
    }

    close() {
        this.#isClosed = true;
    }

    /**
     * What is known of the update that an entry names. `update` is null if it is gone, undefined while that is unknown.
     * @param {AuditEntry} entry
     * @returns {{update: EditorUpdate|null|undefined, story: string,
     *   text: import("./trail-texts.js").EntryText|undefined}}
     */
    get({ update: id, number }) {
        const known = this.#known.get(id ?? "");
        return { update: known?.update, story: known?.story ?? this.story, text: known?.texts.get(number) };
    }

    /**
     * An update that was deleted and can be restored.
     * @param {string|null} id
     */
    deleted(id) {
        return this.#deleted.get(id ?? "");
    }

    /**
     * Forgets updates that have or may have changed, so that no text stays that was taken down. Drafts have no feed.
     * @param {Change[]} changes
     */
    forget(changes) {
        this.#reading += 1;
        for (const [id, { update }] of this.#known) {
            if (update && (update.state ?? "published") !== "published") this.#known.delete(id);
        }
        for (const change of changes) {
            if (change.op === "put") this.#known.delete(change.update.id);
            if (change.op === "remove") this.#known.delete(change.id);
        }
    }

    // The bin is optional: if it cannot be read, the trail is shown without undo buttons.
    async readDeleted() {
        const answer = await this.desk.api.ask("GET", `/stories/${this.story}/bin?limit=200`).catch(() => null);
        /** @type {BinnedUpdate[]} */
        const deleted = answer?.value.updates ?? [];
        const former = [...this.#deleted.keys()];
        this.#deleted = new Map(deleted.map(update => [update.id, update]));
        // They were restored, or taken down.
        for (const id of former) if (!this.#deleted.has(id)) this.#known.delete(id);
    }

    /**
     * Reads what is not known of the updates of entries, or is known only from before their newest one.
     * @param {AuditEntry[]} entries Newest first.
     */
    async read(entries) {
        const reading = ++this.#reading;
        /** @type {Map<string, number>} */
        const wanted = new Map();
        for (const { update: id, number } of entries) {
            if (id && !wanted.has(id) && (this.#known.get(id)?.newest ?? 0) < number) wanted.set(id, number);
        }
        const ids = [...wanted.keys()];
        while (ids.length && reading === this.#reading && !this.#isClosed) {
            const next = ids.splice(0, MOST_READ_AT_ONCE);
            await Promise.all(next.map(id => this.#readUpdate(id, wanted.get(id) ?? 0, reading)));
            if (reading === this.#reading && !this.#isClosed) this.onRead();
        }
    }

    /** @param {string} id @param {number} newest @param {number} reading */
    async #readUpdate(id, newest, reading) {
        try {
            const { value: { entries } } = await this.desk.api.ask("GET", `/audit?update=${id}&limit=200`);
            const story = presentPlace(entries) ?? this.story;
            const path = `/stories/${story}/updates/${id}`;
            const [update, revisions] = await Promise.all([
                this.#deleted.get(id) ?? this.watch.feed.get(id)
                    ?? this.desk.api.ask("GET", path).then(({ value }) => value),
                entries.length < 2 ? []
                    : this.desk.api.ask("GET", `${path}/revisions`).then(({ value }) => value.revisions),
            ]);
            const texts = entryTexts(entries, [update, ...revisions], story);
            if (reading !== this.#reading) return;
            this.#known.set(id, { newest: Math.max(newest, entries[0]?.number ?? 0), update, story, texts });
        } catch (failure) {
            if (failure instanceof SignedOut || ![404, 410].includes(failure.status)) return;
            this.#known.set(id, { newest, update: null, story: this.story, texts: new Map() });
        }
    }
}

// The story that an update is in after its last move, which has an entry in the trail of both stories.
/** @param {AuditEntry[]} entries Of the update, newest first. */
function presentPlace(entries) {
    const [last] = entries;
    const isAway = last && last.action === "update.move" && last.detail?.startsWith("to ");
    return isAway ? movedStory(last.detail) : last?.story ?? null;
}
