// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The audit trail of a story, for admins.
import { make } from "../shared/dom.js";
import { restoreButton } from "./actions.js";
import { button, fill, timeElement } from "./elements.js";
import { PagedPart } from "./paged-part.js";
import { phrase } from "./phrases.js";
import { HeldRows } from "./stable-list.js";
import { auditLabel, labelOf, movedStory } from "./labels.js";
import { fragmentOf } from "./route.js";

/**
 * The part of a story that shows its audit trail.
 * @extends {PagedPart<AuditEntry>}
 */
export class AuditTrailPart extends PagedPart {
    /** @type {Map<number, Row>} */
    #rows = new Map();
    /**
     * Restorable updates, by id.
     * @type {Map<string, BinnedUpdate>}
     */
    #deleted = new Map();
    /**
     * Updates that are not loaded, by id, read for their names; null: gone.
     * @type {Map<string, EditorUpdate|null>}
     */
    #read = new Map();

    /** @param {Desk} desk @param {Watch} watch */
    constructor(desk, watch) {
        super(desk, watch, "entries");
        this.rows = make("tbody", {});
        this.table = make("table", {}, make("thead", {}, make("tr", {},
            ...[phrase("trailWhen"), phrase("trailWho"), phrase("trailWhat"), phrase("trailOf")]
                .map(name => make("th", { scope: "col" }, name)))), this.rows);
        const scroll = make("div", {
            class: "scroll", tabindex: "0", role: "region", "aria-label": phrase("auditTrail"),
        }, this.table);
        this.held = new HeldRows(this.rows, scroll);
        this.node = make("section", { class: "trail", "aria-labelledby": "trail-title" },
            make("div", { class: "list-head" },
                make("h2", { id: "trail-title" }, phrase("whoDidWhat")), this.held.news.node),
            this.trouble, scroll, this.older);
        this.start(true);
    }

    get first() {
        return `/audit?story=${this.story}`;
    }

    close() {
        this.held.close();
    }

    /** @param {boolean} isAsked */
    show(isAsked) {
        this.held.show(this.rowNodes(), isAsked);
    }

    /**
     * Shows the entries, and then with the names of updates that are not loaded.
     * @param {string} address
     * @param {boolean} isAsked
     * @param {AuditEntry[]} [before]
     */
    async read(address, isAsked, before) {
        await super.read(address, isAsked, before);
        const ids = new Set(this.items.flatMap(({ update: id }) => id && this.update(id) === undefined ? [id] : []));
        if (!ids.size) return;
        await Promise.all([...ids].map(id => this.readUpdate(id)));
        this.show(isAsked);
    }

    /** @param {string} id */
    async readUpdate(id) {
        try {
            this.#read.set(id, (await this.desk.api.ask("GET", `/stories/${this.story}/updates/${id}`)).value);
        } catch (failure) {
            if ([404, 410].includes(failure.status)) this.#read.set(id, null);
        }
    }

    // The bin is optional: if it cannot be read, the trail is shown without undo buttons.
    async readMore() {
        const answer = await this.desk.api.ask("GET", `/stories/${this.story}/bin?limit=200`).catch(() => null);
        /** @type {BinnedUpdate[]} */
        const deleted = answer?.value.updates ?? [];
        this.#deleted = new Map(deleted.map(update => [update.id, update]));
    }

    rowNodes() {
        const undoable = new Set(this.#deleted.keys());
        return new Map(this.items.map(entry => {
            // Entries are newest first: only the latest deletion of an update can be undone.
            const isUndoable = entry.action === "update.delete" && undoable.delete(entry.update ?? "");
            return [String(entry.number), this.rowNode(entry, isUndoable)];
        }));
    }

    /** @param {AuditEntry} entry @param {boolean} isUndoable */
    rowNode(entry, isUndoable) {
        const form = JSON.stringify([this.valueLabel(entry), isUndoable]);
        const known = this.#rows.get(entry.number);
        if (known?.form === form) return known.node;
        const node = known?.node ?? make("tr", {});
        const deleted = isUndoable ? this.#deleted.get(entry.update ?? "") : null;
        const undo = deleted && restoreButton(this.desk, this.story, deleted, update => {
            this.watch.take(update);
            this.start(true);
        });
        fill(node, ...[timeElement(entry.at), entry.name, auditLabel(entry), this.valueNode(entry)].map(
            (cell, index) => make("td", {}, cell, index === 3 && undo && [" ", undo])));
        this.#rows.set(entry.number, { form, node });
        return node;
    }

    /**
     * An update that an entry names; null if it is gone, undefined while that is not known.
     * @param {string} id
     * @returns {EditorUpdate|null|undefined}
     */
    update(id) {
        return this.watch.feed.get(id) ?? this.watch.drafts.find(draft => draft.id === id) ?? this.#deleted.get(id)
            ?? this.#read.get(id);
    }

    /** @param {AuditEntry} entry */
    valueLabel({ update: id, detail }) {
        if (!id) return "";
        const update = this.update(id);
        const other = movedStory(detail);
        if (!update && other) return phrase("updateInOther");
        return update ? labelOf(update) : update === null ? phrase("updateGone") : phrase("anUpdate");
    }

    // What an entry names, as a link to where it is now.
    /** @param {AuditEntry} entry @returns {Content} */
    valueNode(entry) {
        const [words, other] = [this.valueLabel(entry), movedStory(entry.detail)];
        const id = entry.update;
        /** @param {Route} route @param {string} [text] */
        const link = (route, text = words) => make("a", { href: fragmentOf(route) }, text);
        const toOther = other && [" · ", link({ view: "story", id: other }, phrase("theOtherStory"))];
        if (!id && entry.action.startsWith("links.")) {
            return link({ view: "story", id: this.story, part: "links" }, phrase("linksPart"));
        }
        if (!id) {
            return entry.action === "story.edit"
                && link({ view: "story", id: this.story, part: "about" }, phrase("theStory"));
        }
        if (this.#deleted.has(id)) return [link({ view: "story", id: this.story, part: "bin" }), toOther];
        if (!this.update(id)) return [words, toOther];
        return [link({ view: "story", id: this.story, update: id }), toOther];
    }
}
