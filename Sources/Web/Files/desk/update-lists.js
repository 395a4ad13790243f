// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The lists of a story's updates, held in place while in use.
import { make } from "../shared/dom.js";
import { arrange, dataIdOf, fill, focusOnElement } from "./elements.js";
import { phrase } from "./phrases.js";
import { HeldRegion, heldOrder, NewsButton } from "./stable-list.js";
import { countLabel } from "./labels.js";

/**
 * @typedef {"drafts"|"pinned"|"updates"} ListName
 * @typedef {Record<ListName, EditorUpdate[]>} Lists
 */

/** @type {[ListName, string][]} */
const UPDATE_LISTS = [["drafts", phrase("notPublished")], ["pinned", phrase("pinned")], ["updates", phrase("updates")]];

/** Three lists: unpublished, pinned and all other updates, newest first. */
export class UpdateLists {
    /** @type {Map<string, import("./update-item.js").UpdateItem>} */
    #items = new Map();
    /**
     * Ids of updates that this editor has changed, which move to their list at once.
     * @type {Set<string>}
     */
    #own = new Set();
    /** @type {Lists} */
    #wanted = { drafts: [], pinned: [], updates: [] };
    #count = 0;
    #hasOlder = false;

    /** @param {(update: EditorUpdate) => import("./update-item.js").UpdateItem} makeItem */
    constructor(makeItem) {
        this.makeItem = makeItem;
        this.lists = new Map(UPDATE_LISTS.map(([name]) => [name, make("div", { class: "items" })]));
        this.sections = UPDATE_LISTS.map(([name, title]) => make("section",
            { class: name, "aria-labelledby": `${name}-title`, hidden: name !== "updates" },
            make("h2", { id: `${name}-title`, tabindex: "-1" }, title), this.lists.get(name)));
        this.heading = this.sections.at(-1)?.firstElementChild;
        this.news = new NewsButton(() => this.reveal());
        this.counts = make("p", { class: "facts" });
        this.node = make("div", { class: "lists" },
            make("div", { class: "list-bar" }, this.news.node, this.counts), ...this.sections);
        this.region = new HeldRegion(this.node);
    }

    close() {
        this.region.close();
        for (const item of this.#items.values()) item.close();
    }

    /**
     * The item of an update, if it exists.
     * @param {string} id
     */
    get(id) {
        return this.#items.get(id);
    }

    /**
     * Returns the item of an update; creates it if needed, without inserting it into a list.
     * @param {EditorUpdate} update
     */
    add(update) {
        const item = this.#items.get(update.id) ?? this.makeItem(update);
        this.#items.set(update.id, item);
        return item;
    }

    /**
     * Marks an update as changed by this editor, so that it is not held back.
     * @param {string} id
     */
    own(id) {
        this.#own.add(id);
    }

    /**
     * Shows updates.
     * @param {Lists} wanted
     * @param {number} count The number of published updates loaded.
     * @param {boolean} hasOlder Whether more can be loaded.
     */
    show(wanted, count, hasOlder) {
        this.#wanted = wanted;
        this.#count = count;
        this.#hasOlder = hasOlder;
        this.#keepFocus(() => {
            if (!this.region.isInUse) return this.#settle();
            this.region.keepPlace(() => this.#hold());
            this.region.whenFree(() => this.#keepFocus(() => this.#settle()));
        });
        // Scheduled updates stay marked until published, to move without delay then.
        const scheduled = wanted.drafts.filter(update => update.state === "scheduled").map(update => update.id);
        this.#own = new Set(scheduled.filter(id => this.#own.has(id)));
    }

    /** Shows the waiting rows, and focuses the heading of the published updates. */
    reveal() {
        this.#settle();
        focusOnElement(this.heading, { preventScroll: true });
        if (this.node.getBoundingClientRect().top < 0) this.node.scrollIntoView();
    }

    // --- final order ---

    #settle() {
        this.region.close();
        this.region.reset();
        for (const [name, list] of this.lists) {
            const items = this.#wanted[name].map(update => this.#shown(update));
            /** @type {Set<Element>} */
            const shown = new Set(items.map(item => item.node));
            // An update being edited stays until the editor is closed, even if it has been removed.
            const edited = [...list.children].filter(node => !shown.has(node) && this.#isEditedHere(node));
            arrange(list, [...edited, ...items.map(item => item.node)]);
        }
        this.#finish(0);
    }

    /** @param {Element} node */
    #isEditedHere(node) {
        const item = this.#items.get(dataIdOf(node));
        if (!item?.isEdited || item.node !== node || this.#listOf(item.id)) return false;
        item.tellGone();
        return true;
    }

    /** @param {EditorUpdate} update */
    #shown(update) {
        const item = this.add(update);
        item.show(update);
        return item;
    }

    // --- held order ---

    #hold() {
        for (const [name, list] of this.lists) {
            for (const node of [...list.children]) this.#leave(node, name);
        }
        const places = new Map([...this.lists].flatMap(([name, list]) =>
            [...list.children].map(node => [dataIdOf(node), name])));
        let [count, unseen] = [0, 0];
        for (const [name, list] of this.lists) {
            const here = this.#wanted[name].filter(({ id }) => (places.get(id) ?? name) === name);
            const updates = new Map(this.#wanted[name].map(update => [update.id, update]));
            const { order, waiting } = heldOrder([...list.children].map(node => dataIdOf(node)),
                here.map(({ id }) => id), { mayEnter: id => this.#own.has(id), isOpenEnded: name === "updates" });
            const nodes = new Map([...list.children].map(node => [dataIdOf(node), node]));
            arrange(list, order.flatMap(id => this.#nodeOf(updates.get(id)) ?? nodes.get(id) ?? []));
            count += waiting.length;
            if (name !== "drafts") unseen += waiting.length;
        }
        this.#showElsewhere(places);
        this.#finish(count, unseen);
    }

    /** @param {EditorUpdate|undefined} update */
    #nodeOf(update) {
        return update && this.#shown(update).node;
    }

    // Refreshes updates that now belong to another list, in their old place.
    /** @param {Map<string, string>} places */
    #showElsewhere(places) {
        for (const [name] of UPDATE_LISTS) {
            for (const update of this.#wanted[name]) if ((places.get(update.id) ?? name) !== name) this.#shown(update);
        }
    }

    // Replaces an update that has left its list with a placeholder of the same height.
    /** @param {Element} node @param {ListName} name */
    #leave(node, name) {
        const item = this.#items.get(dataIdOf(node));
        if (item?.node !== node) return;
        const list = this.#listOf(item.id);
        const isReleased = (list === "drafts") !== (name === "drafts");
        if (list && !(isReleased && this.#own.has(item.id))) return;
        if (!list && item.isEdited) return item.tellGone();
        const words = list ? phrase("movedSaid") : phrase("thisUpdateGone");
        const left = make("div", { class: "update left", "data-id": `left-${item.id}` }, make("p", {}, words));
        left.style.minHeight = `${node.getBoundingClientRect().height}px`;
        node.replaceWith(left);
    }

    /** @param {string} id */
    #listOf(id) {
        const names = UPDATE_LISTS.map(([name]) => name);
        return names.find(name => this.#wanted[name].some(update => update.id === id)) ?? null;
    }

    // --- housekeeping ---

    /**
     * @param {number} count Of updates that wait.
     * @param {number} unseen Of those, the published ones, which are not counted as shown.
     */
    #finish(count, unseen = 0) {
        this.news.show(count);
        fill(this.counts, countLabel(this.#wanted, this.#count - unseen, this.#hasOlder));
        for (const section of this.sections.slice(0, -1)) section.hidden = !section.lastElementChild?.childElementCount;
        for (const [id, item] of this.#items) {
            if (item.node.isConnected || this.node.contains(item.node)) continue;
            item.close();
            this.#items.delete(id);
        }
    }

    // Restores the focus, which an element loses when it is moved or removed; falls back to the heading.
    /** @param {() => void} work */
    #keepFocus(work) {
        const focused = document.activeElement;
        const hadFocus = this.node.contains(focused);
        work();
        if (!hadFocus || document.activeElement !== document.body) return;
        focusOnElement(focused?.isConnected ? focused : this.heading, { preventScroll: true });
    }
}
