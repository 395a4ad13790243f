// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The audit trail of a story, for admins.
import { make } from "../shared/dom.js";
import { restoreButton } from "./actions.js";
import { button, fill, timeElement } from "./elements.js";
import { PagedPart } from "./paged-part.js";
import { HeldRows } from "./stable-list.js";
import { auditLabel, labelOf } from "./labels.js";

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

    /** @param {Desk} desk @param {Watch} watch */
    constructor(desk, watch) {
        super(desk, watch, "entries");
        this.rows = make("tbody", {});
        this.table = make("table", {}, make("thead", {}, make("tr", {},
            ...["When", "Who", "What", "Of"].map(name => make("th", { scope: "col" }, name)))), this.rows);
        const scroll = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Audit trail" },
            this.table);
        this.held = new HeldRows(this.rows, scroll);
        this.node = make("section", { class: "trail", "aria-labelledby": "trail-title" },
            make("div", { class: "list-head" }, make("h2", { id: "trail-title" }, "Who did what"), this.held.news.node),
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
        const words = this.valueLabel(entry);
        const form = JSON.stringify([words, isUndoable]);
        const known = this.#rows.get(entry.number);
        if (known?.form === form) return known.node;
        const node = known?.node ?? make("tr", {});
        const deleted = isUndoable ? this.#deleted.get(entry.update ?? "") : null;
        const undo = deleted && restoreButton(this.desk, this.story, deleted, update => {
            this.watch.take(update);
            this.start(true);
        });
        fill(node, ...[timeElement(entry.at), entry.name, auditLabel(entry), words].map((cell, index) =>
            make("td", {}, cell, index === 3 && undo && [" ", undo])));
        this.#rows.set(entry.number, { form, node });
        return node;
    }

    /** @param {AuditEntry} options */
    valueLabel({ update: id }) {
        if (!id) return "";
        const update = this.watch.feed.get(id) ?? this.watch.drafts.find(draft => draft.id === id)
            ?? this.#deleted.get(id);
        return update ? labelOf(update) : "an update that is gone, or not loaded";
    }
}
