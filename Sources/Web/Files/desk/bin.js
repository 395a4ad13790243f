// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The bin of a story: deleted updates that can be restored.
import { WRITTEN, make, named } from "../shared/dom.js";
import { restoreButton, takeDownUpdate } from "./actions.js";
import { button, fill, focusOnElement, showRendered, timeElement } from "./elements.js";
import { PagedPart } from "./paged-part.js";
import { phrase, phraseParts } from "./phrases.js";
import { HeldRows } from "./stable-list.js";
import { labelOf } from "./labels.js";

/**
 * The part of a story that shows its bin, most recently deleted first.
 * @extends {PagedPart<BinnedUpdate>}
 */
export class BinPart extends PagedPart {
    /** @type {Map<string, {deletedAt: string, node: HTMLElement}>} */
    #rows = new Map();

    /** @param {Desk} desk @param {Watch} watch */
    constructor(desk, watch) {
        super(desk, watch, "updates");
        this.list = make("div", { class: "items" });
        this.held = new HeldRows(this.list);
        this.empty = make("p", { class: "nothing" }, phrase("reading"));
        this.node = make("section", { class: "bin", "aria-labelledby": "bin-title" },
            make("div", { class: "list-head" },
                make("h2", { id: "bin-title", tabindex: "-1" }, phrase("deletedUpdates")),
                this.held.news.node),
            this.trouble, this.list, this.empty, this.older);
        this.start(true);
    }

    get first() {
        return `/stories/${this.story}/bin`;
    }

    close() {
        this.held.close();
    }

    /** @param {boolean} isAsked */
    show(isAsked) {
        fill(this.empty, phrase("nothingDeleted"));
        this.empty.hidden = this.items.length > 0;
        this.held.show(new Map(this.items.map(update => [update.id, this.rowOf(update)])), isAsked);
    }

    failed() {
        fill(this.empty);
    }

    /** @param {BinnedUpdate} update */
    rowOf(update) {
        const known = this.#rows.get(update.id);
        if (known?.deletedAt === update.deletedAt) return known.node;
        const { deletedAt, title, bodyHtml } = update;
        const body = make("div", { class: "body" });
        showRendered(body, bodyHtml);
        const node = make("article", { class: "update deleted", "aria-label": labelOf(update), tabindex: "-1" },
            make("div", { class: "item" },
                make("p", { class: "when" }, deletedLine(update)),
                title && make("h3", WRITTEN, title), body,
                make("div", { class: "actions" },
                    restoreButton(
                        this.desk, this.story, update, restored => this.restored(restored), phrase("restore")),
                    button(phrase("takeDownMore"), () => this.takeDown(update),
                        { class: "quiet grave", "aria-label": phrase("about", {
                            action: phrase("takeDownMore"), title: labelOf(update),
                        }) }))));
        this.#rows.set(update.id, { deletedAt, node });
        return node;
    }

    // A takedown erases the update from the bin as well.
    /** @param {BinnedUpdate} update */
    async takeDown(update) {
        if (await takeDownUpdate(this.desk, this.watch.feed.story, update)) await this.start(true);
    }

    /** @param {EditorUpdate} update */
    restored(update) {
        this.watch.take(update);
        focusOnElement(this.node.querySelector("h2"));
        return this.start(true);
    }
}

/** @param {BinnedUpdate} update */
function deletedLine({ deletedAt, deletedBy, keptUntil }) {
    const [time, until] = [timeElement(deletedAt), timeElement(keptUntil)];
    return deletedBy ? phraseParts("deletedBy", { time, until, name: named(deletedBy) })
        : phraseParts("deletedAt", { time, until });
}
