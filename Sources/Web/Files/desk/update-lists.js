// The lists of a story's updates. They hold still while somebody uses them.
import { arrange, fill, make } from "./dom.js";
import { HeldRegion, heldOrder, NewsButton } from "./stable-list.js";
import { countWords } from "./labels.js";

const UPDATE_LISTS = [["drafts", "Not published"], ["pinned", "Pinned"], ["updates", "Updates"]];

/** What is not published, what is pinned, and all else, the newest first. */
export class UpdateLists {
    #items = new Map();
    /** Ids that this editor has changed: what was published, or taken back, goes to its place at once. */
    #own = new Set();
    #wanted = { drafts: [], pinned: [], updates: [] };

    /** @param {(update: object) => import("./update-item.js").UpdateItem} makeItem */
    constructor(makeItem) {
        this.makeItem = makeItem;
        this.lists = new Map(UPDATE_LISTS.map(([name]) => [name, make("div", { class: "items" })]));
        this.sections = UPDATE_LISTS.map(([name, title]) => make("section",
            { class: name, "aria-labelledby": `${name}-title`, hidden: name !== "updates" },
            make("h2", { id: `${name}-title`, tabindex: "-1" }, title), this.lists.get(name)));
        this.heading = this.sections.at(-1).firstElementChild;
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

    /** The item of an update, if it is on the page. */
    get(id) {
        return this.#items.get(id);
    }

    /** Makes an item that is to stand elsewhere first. */
    add(update) {
        const item = this.#items.get(update.id) ?? this.makeItem(update);
        this.#items.set(update.id, item);
        return item;
    }

    /** The editor has changed it: it is not held back. */
    own(id) {
        this.#own.add(id);
    }

    /**
     * Shows updates.
     * @param {{drafts: object[], pinned: object[], updates: object[]}} wanted
     * @param {number} count Of all that are published.
     * @param {boolean} hasOlder Whether there are more than those.
     */
    show(wanted, count, hasOlder) {
        this.#wanted = wanted;
        fill(this.counts, countWords(wanted, count, hasOlder));
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
        this.heading.focus({ preventScroll: true });
        if (this.node.getBoundingClientRect().top < 0) this.node.scrollIntoView();
    }

    // --- in their places ---

    #settle() {
        this.region.close();
        this.region.reset();
        for (const [name, list] of this.lists) {
            const items = this.#wanted[name].map(update => this.#shown(update));
            const nodes = new Set(items.map(item => item.node));
            // What somebody is editing stays until they have saved or left it, also where it is gone.
            const edited = [...list.children].filter(node => !nodes.has(node) && this.#isEditedHere(node));
            arrange(list, [...edited, ...items.map(item => item.node)]);
        }
        this.#finish(0);
    }

    #isEditedHere(node) {
        const item = this.#items.get(node.dataset.id);
        if (!item?.isEdited || item.node !== node || this.#listOf(item.id)) return false;
        item.tellGone();
        return true;
    }

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
            [...list.children].map(node => [node.dataset.id, name])));
        let count = 0;
        for (const [name, list] of this.lists) {
            const here = this.#wanted[name].filter(({ id }) => (places.get(id) ?? name) === name);
            const updates = new Map(this.#wanted[name].map(update => [update.id, update]));
            const { order, waiting } = heldOrder([...list.children].map(node => node.dataset.id),
                here.map(({ id }) => id), { mayEnter: id => this.#own.has(id), isOpenEnded: name === "updates" });
            const nodes = new Map([...list.children].map(node => [node.dataset.id, node]));
            arrange(list, order.map(id => updates.has(id) ? this.#shown(updates.get(id)).node : nodes.get(id)));
            count += waiting.length;
        }
        this.#showElsewhere(places);
        this.#finish(count);
    }

    // What belongs into another list by now is up to date where it is.
    #showElsewhere(places) {
        for (const [name, updates] of Object.entries(this.#wanted)) {
            for (const update of updates) if ((places.get(update.id) ?? name) !== name) this.#shown(update);
        }
    }

    // Something of the same height stands where an update was that is gone from there.
    #leave(node, name) {
        const item = this.#items.get(node.dataset.id);
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

    #listOf(id) {
        return Object.keys(this.#wanted).find(name => this.#wanted[name].some(update => update.id === id)) ?? null;
    }

    // --- around them ---

    #finish(count) {
        this.news.show(count);
        for (const section of this.sections.slice(0, -1)) section.hidden = !section.lastElementChild.childElementCount;
        for (const [id, item] of this.#items) {
            if (item.node.isConnected || this.node.contains(item.node)) continue;
            item.close();
            this.#items.delete(id);
        }
    }

    // What is moved in a document loses the focus, and so does what was left out.
    #keepFocus(work) {
        const focused = document.activeElement;
        const hadFocus = this.node.contains(focused);
        work();
        if (!hadFocus || document.activeElement !== document.body) return;
        (focused.isConnected ? focused : this.heading).focus({ preventScroll: true });
    }
}
