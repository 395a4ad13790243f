// SPDX-License-Identifier: Apache-2.0
import { Chance } from "./chance.js";

/**
 * A model server of one story, implementing the wire contract independently of the client: sequence numbers,
 * tombstones, pages that omit changes after the first page's cursor, and filters with `left`.
 */
export class ModelStory {
    epoch = "00000000000000e1";
    seq = 1;
    /** By id; `firstSeqs` has the sequence numbers under which readers first saw them. */
    updates = new Map();
    tombstones = new Map();
    firstSeqs = new Map();
    members = { title: "Storm", status: "live" };
    membersSeq = 1;
    links = { related: [], ranking: [], recommendation: [] };
    linksSeq = 0;
    #chance;
    #clock = Date.parse("2026-11-23T20:00:00.000Z");

    constructor(chance = new Chance(1)) {
        this.#chance = chance;
    }

    // --- editors ---

    /** Publishes an update; publication times may be equal or go back. */
    publish(members = {}) {
        this.#clock += this.#chance.of([0, 0, 1, 1000, 60_000, -5000]);
        return this.#put({
            id: this.#chance.uuid(), title: null, pinned: false, keyEvent: false, tags: [], version: 0,
            publishedAt: new Date(this.#clock).toISOString(), ...members,
        });
    }

    edit(id, members) {
        const update = this.updates.get(id);
        return this.#put({ ...update, ...members, version: update.version + 1 });
    }

    remove(id) {
        this.seq += 1;
        this.tombstones.set(id, { seq: this.seq, update: this.updates.get(id) });
        this.updates.delete(id);
    }

    /** Publishes a removed update again, with its former time or the current one. */
    publishAgain(id, isMoved) {
        const { update } = this.tombstones.get(id);
        this.#clock += 1000;
        const publishedAt = isMoved ? new Date(this.#clock).toISOString() : update.publishedAt;
        return this.#put({ ...update, publishedAt });
    }

    change(members) {
        this.membersSeq = this.seq += 1;
        Object.assign(this.members, members);
    }

    changeLinks(links) {
        this.linksSeq = this.seq += 1;
        this.links = { ...this.links, ...links };
    }

    /** A copy of the story's state, for `restore`. */
    backup() {
        return structuredClone({ ...this, epoch: undefined });
    }

    /** Restores a backup under a new epoch: sequence numbers are reused. */
    restore(backup) {
        const epoch = (parseInt(this.epoch, 16) + 1).toString(16).padStart(16, "0");
        Object.assign(this, structuredClone(backup), { epoch });
    }

    #put(update) {
        this.seq += 1;
        this.tombstones.delete(update.id);
        if (!this.firstSeqs.has(update.id)) this.firstSeqs.set(update.id, this.seq);
        const stamped = { ...update, seq: this.seq };
        this.updates.set(update.id, stamped);
        return stamped;
    }

    // --- readers ---

    get cursor() {
        return `${this.epoch}-${this.seq}`;
    }

    get story() {
        return { id: "5", slug: "storm", ...this.members, seq: this.seq };
    }

    /** All matching updates, in feed order. */
    list(filter = {}) {
        const key = update => `${update.publishedAt} ${update.id}`;
        return [...this.updates.values()].filter(update => matches(update, filter))
            .sort((a, b) => (key(a) < key(b) ? 1 : -1));
    }

    snapshot({ filter = {}, limit = 50, before = null } = {}) {
        const [cursor, at, id] = before ? before.split("~") : [this.cursor, "9", ""];
        const start = Number(cursor.split("-")[1]);
        const rest = this.list(filter).filter(update =>
            `${update.publishedAt} ${update.id}` < `${at} ${id}` && this.firstSeqs.get(update.id) <= start);
        const updates = rest.slice(0, limit);
        const last = updates.at(-1);
        const query = new URLSearchParams({ ...filter, limit, before: `${cursor}~${last?.publishedAt}~${last?.id}` });
        return {
            story: this.story, pinned: this.list(filter).filter(update => update.pinned), updates, cursor,
            older: rest.length > limit ? `/stories/5/updates?${query}` : null, pollAfter: 10,
        };
    }

    /** The page at the `older` address of a snapshot. */
    page(address) {
        const { only, tag, limit, before } = Object.fromEntries(new URL(address, "http://model").searchParams);
        return this.snapshot({ filter: clean({ only, tag }), limit: Number(limit), before });
    }

    /** The changes after a cursor, or null if it has expired. */
    delta(cursor, { filter = {}, limit = 50 } = {}) {
        const [epoch, number] = cursor.split("-");
        const after = Number(number);
        if (epoch !== this.epoch || after > this.seq) return null;
        const all = this.#changes(after, filter).sort((a, b) => a.seq - b.seq);
        const changes = all.slice(0, limit);
        const more = all.length > limit;
        return {
            status: this.members.status, changes, more, pollAfter: this.members.status === "closed" ? 0 : 10,
            cursor: more ? `${this.epoch}-${changes.at(-1).seq}` : this.cursor,
        };
    }

    #changes(after, filter) {
        const changes = [];
        for (const update of this.updates.values()) {
            if (update.seq <= after) continue;
            if (matches(update, filter)) changes.push({ op: "put", seq: update.seq, update });
            else if (this.firstSeqs.get(update.id) <= after) {
                changes.push({ op: "remove", seq: update.seq, id: update.id, reason: "left" });
            }
        }
        for (const [id, { seq }] of this.tombstones) {
            if (seq > after) changes.push({ op: "remove", seq, id, reason: "deleted" });
        }
        if (this.membersSeq > after) changes.push({ op: "story", seq: this.membersSeq, story: this.story });
        if (this.linksSeq > after) changes.push({ op: "links", seq: this.linksSeq, links: this.links });
        return changes;
    }
}

/** Makes one random edit. */
export function editAtRandom(model, chance) {
    const ids = [...model.updates.keys()];
    const gone = [...model.tombstones.keys()];
    const tags = () => chance.of([[], ["sea"]]);
    const edits = [
        () => model.publish({ pinned: chance.happens(0.2), keyEvent: chance.happens(0.4), tags: tags() }),
        () => model.publish(),
        () => ids.length && model.edit(chance.of(ids), { title: `Edited ${chance.between(1, 999)}` }),
        () => ids.length && model.edit(chance.of(ids), { pinned: chance.happens(0.5) }),
        () => ids.length && model.edit(chance.of(ids), { keyEvent: chance.happens(0.5), tags: tags() }),
        () => ids.length && model.remove(chance.of(ids)),
        () => gone.length && model.publishAgain(chance.of(gone), chance.happens(0.5)),
        () => model.change({ title: `Storm ${chance.between(1, 999)}` }),
        () => model.changeLinks({ related: [{ title: `Link ${chance.between(1, 999)}` }] }),
    ];
    chance.of(edits)();
}

function matches(update, { only, tag }) {
    return (only !== "key" || update.keyEvent) && (!tag || update.tags.includes(tag));
}

function clean(filter) {
    return Object.fromEntries(Object.entries(filter).filter(([, value]) => value));
}
