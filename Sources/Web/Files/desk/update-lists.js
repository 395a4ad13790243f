// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The lists of a story's updates. They hold still while somebody uses them.
import { make } from "../shared/dom.js";
import { arrange, dataIdOf, fill, focusOnElement } from "./elements.js";
import { HeldRegion, heldOrder, NewsButton } from "./stable-list.js";
import { countLabel } from "./labels.js";

/**
 * @typedef {"drafts"|"pinned"|"updates"} ListName
 * @typedef {Record<ListName, EditorUpdate[]>} Lists
 */

/** @type {[ListName, string][]} */
const UPDATE_LISTS = [["drafts", "Not published"], ["pinned", "Pinned"], ["updates", "Updates"]];

/** What is not published, what is pinned, and all else, the newest first. */
export class UpdateLists {
    /** @type {Map<string, import("./update-item.js").UpdateItem>} */
    #items = new Map();
    /**
     * Ids that this editor has changed: what was published, or taken back, goes to its place at once.
     * @type {Set<string>}
     */
    #own = new Set();
    /** @type {Lists} */
    #wanted = { drafts: [], pinned: [], updates: [] };

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
     * The item of an update, if it is on the page.
     * @param {string} id
     */
    get(id) {
        return this.#items.get(id);
    }

    /**
     * Makes an item that is to stand elsewhere first.
     * @param {EditorUpdate} update
     */
    add(update) {
        const item = this.#items.get(update.id) ?? this.makeItem(update);
        this.#items.set(update.id, item);
        return item;
    }

    /**
     * The editor has changed it: it is not held back.
     * @param {string} id
     */
    own(id) {
        this.#own.add(id);
    }

    /**
     * Shows updates.
     * @param {Lists} wanted
     * @param {number} count Of all that are published.
     * @param {boolean} hasOlder Whether there are more than those.
     */
    show(wanted, count, hasOlder) {
        this.#wanted = wanted;
        fill(this.counts, countLabel(wanted, count, hasOlder));
        this.#keepFocus(() => {
            if (!this.region.isInUse) return this.#settle();
            this.region.keepPlace(() => this.#hold());
            this.region.whenFree(() => this.#keepFocus(() => this.#settle()));
        });
        // What is scheduled goes to its place when its time has come.
        const scheduled = wanted.drafts.filter(update => update.state === "scheduled").map(update => update.id);
        this.#own = new Set(scheduled.filter(id => this.#own.has(id)));
    }

    /** Shows what waits. */
    reveal() {
        this.#settle();
        focusOnElement(this.heading, { preventScroll: true });
        if (this.node.getBoundingClientRect().top < 0) this.node.scrollIntoView();
    }

    // --- in their places ---

    #settle() {
        this.region.close();
        this.region.reset();
        for (const [name, list] of this.lists) {
            const items = this.#wanted[name].map(update => this.#shown(update));
            /** @type {Set<Element>} */
            const shown = new Set(items.map(item => item.node));
            // What somebody is editing stays until they have saved or left it, also where it is gone.
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

    // --- as far as it moves nothing ---

    #hold() {
        for (const [name, list] of this.lists) {
            for (const node of [...list.children]) this.#leave(node, name);
        }
        const places = new Map([...this.lists].flatMap(([name, list]) =>
            [...list.children].map(node => [dataIdOf(node), name])));
        let count = 0;
        for (const [name, list] of this.lists) {
            const here = this.#wanted[name].filter(({ id }) => (places.get(id) ?? name) === name);
            const updates = new Map(this.#wanted[name].map(update => [update.id, update]));
            const { order, waiting } = heldOrder([...list.children].map(node => dataIdOf(node)),
                here.map(({ id }) => id), { mayEnter: id => this.#own.has(id), isOpenEnded: name === "updates" });
            const nodes = new Map([...list.children].map(node => [dataIdOf(node), node]));
            arrange(list, order.flatMap(id => this.#nodeOf(updates.get(id)) ?? nodes.get(id) ?? []));
            count += waiting.length;
        }
        this.#showElsewhere(places);
        this.#finish(count);
    }

    /** @param {EditorUpdate|undefined} update */
    #nodeOf(update) {
        return update && this.#shown(update).node;
    }

    // What belongs into another list by now is up to date where it is.
    /** @param {Map<string, string>} places */
    #showElsewhere(places) {
        for (const [name] of UPDATE_LISTS) {
            for (const update of this.#wanted[name]) if ((places.get(update.id) ?? name) !== name) this.#shown(update);
        }
    }

    // Something of the same height stands where an update was that is gone from there.
    /** @param {Element} node @param {ListName} name */
    #leave(node, name) {
        const item = this.#items.get(dataIdOf(node));
        if (item?.node !== node) return;
        const list = this.#listOf(item.id);
        const isReleased = (list === "drafts") !== (name === "drafts");
        if (list && !(isReleased && this.#own.has(item.id))) return;
        if (!list && item.isEdited) return item.tellGone();
        const words = list ? "Moved." : "This update is gone.";
        const left = make("div", { class: "update left", "data-id": `left-${item.id}` }, make("p", {}, words));
        left.style.minHeight = `${node.getBoundingClientRect().height}px`;
        node.replaceWith(left);
    }

    /** @param {string} id */
    #listOf(id) {
        const names = UPDATE_LISTS.map(([name]) => name);
        return names.find(name => this.#wanted[name].some(update => update.id === id)) ?? null;
    }

    // --- around them ---

    /** @param {number} count */
    #finish(count) {
        this.news.show(count);
        for (const section of this.sections.slice(0, -1)) section.hidden = !section.lastElementChild?.childElementCount;
        for (const [id, item] of this.#items) {
            if (item.node.isConnected || this.node.contains(item.node)) continue;
            item.close();
            this.#items.delete(id);
        }
    }

    // What is moved in a document loses the focus, and so does what was left out.
    /** @param {() => void} work */
    #keepFocus(work) {
        const focused = document.activeElement;
        const hadFocus = this.node.contains(focused);
        work();
        if (!hadFocus || document.activeElement !== document.body) return;
        focusOnElement(focused?.isConnected ? focused : this.heading, { preventScroll: true });
    }
}
