// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The bin of a story: deleted updates that can be restored.
import { WRITTEN, make, named } from "../shared/dom.js";
import { restoreButton, takeDownUpdate } from "./actions.js";
import { button, fill, focusOnElement, showRendered, timeElement } from "./elements.js";
import { PagedPart } from "./paged-part.js";
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
        this.empty = make("p", { class: "nothing" }, "Reading…");
        this.node = make("section", { class: "bin", "aria-labelledby": "bin-title" },
            make("div", { class: "list-head" }, make("h2", { id: "bin-title", tabindex: "-1" }, "Deleted updates"),
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
        fill(this.empty, "Nothing was deleted.");
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
        const { deletedAt, deletedBy, keptUntil, title, bodyHtml } = update;
        const body = make("div", { class: "body" });
        showRendered(body, bodyHtml);
        const node = make("article", { class: "update deleted", "aria-label": labelOf(update), tabindex: "-1" },
            make("div", { class: "item" },
                make("p", { class: "when" }, "Deleted ", timeElement(deletedAt),
                    ...deletedBy ? [" by ", named(deletedBy)] : [], " · kept until ", timeElement(keptUntil)),
                title && make("h3", WRITTEN, title), body,
                make("div", { class: "actions" },
                    restoreButton(this.desk, this.story, update, restored => this.restored(restored), "Restore"),
                    button("Take down…", () => this.takeDown(update),
                        { class: "quiet grave", "aria-label": `Take down…: ${labelOf(update)}` }))));
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
