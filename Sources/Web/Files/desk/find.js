// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The search in a story: a field, and what it finds as the cards of the list.
import { make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { button, fill, freshId } from "./elements.js";
import { countedUpdates } from "./labels.js";
import { phrase } from "./phrases.js";
import { fragmentOf } from "./route.js";
import { searchPath } from "./search-query.js";

const FIND_PAUSE = 250;

/** Searches updates of a story on the server: words, `author:` and `tag:`. */
export class FindInStory {
    #timer = 0;
    #wanted = "";
    /** @type {string|null} */
    #next = null;
    /** @type {Map<string, import("./update-item.js").UpdateItem>} */
    #items = new Map();

    /**
     * @param {Desk} desk
     * @param {string} story Id.
     * @param {object} options
     * @param {(update: EditorUpdate) => import("./update-item.js").UpdateItem} options.makeItem
     * @param {() => void} options.onChange
     * `onChange` is called when a search begins or ends.
     */
    constructor(desk, story, { makeItem, onChange }) {
        this.desk = desk;
        this.story = story;
        this.makeItem = makeItem;
        this.onChange = onChange;
        this.isActive = false;
        const [id, hintId] = [freshId("find"), freshId("find-hint")];
        this.input = make("input", { id, type: "search", autocomplete: "off", spellcheck: "false", dir: "auto",
            placeholder: phrase("findInStory"), "aria-describedby": hintId, input: () => this.typed() });
        this.input.addEventListener("keydown", event => this.pressed(event));
        this.node = make("div", { class: "find", role: "search" },
            make("label", { for: id, class: "unseen" }, phrase("findInStory")), this.input,
            make("p", { class: "hint", id: hintId }, phrase("findHint")));
        this.status = make("p", { class: "nothing", role: "status" });
        this.list = make("div", { class: "items" });
        this.more = button(phrase("searchFurther"), () => this.read(this.#next), { hidden: true });
        this.results = make("section", { class: "found", "aria-label": phrase("foundUpdates"), hidden: true },
            this.status, this.list, this.more);
    }

    close() {
        clearTimeout(this.#timer);
        for (const item of this.#items.values()) item.close();
    }

    focus() {
        this.input.focus();
        this.input.select();
    }

    /** @param {string} id */
    get(id) {
        return this.#items.get(id);
    }

    /**
     * Searches for a text, as a link to a search does.
     * @param {string} text Empty: shows the list again.
     */
    set text(text) {
        if (text === this.#wanted) return;
        this.input.value = text;
        this.search();
    }

    typed() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.search(), FIND_PAUSE);
    }

    // Escape clears the field, which ends the search.
    /** @param {KeyboardEvent} event */
    pressed(event) {
        if (event.isComposing) return;
        if (event.key === "Enter") this.search();
        else if (event.key === "Escape") this.end();
        else return;
        event.preventDefault();
    }

    /** Ends a search; returns whether there was one. */
    end() {
        if (!this.isActive && !this.input.value) return false;
        this.input.value = "";
        this.search();
        return true;
    }

    search() {
        clearTimeout(this.#timer);
        this.#wanted = this.input.value.trim();
        const path = searchPath(this.story, this.#wanted);
        this.showAddress();
        this.close();
        this.#items.clear();
        fill(this.list);
        this.more.hidden = true;
        this.isActive = path !== null;
        this.results.hidden = !this.isActive;
        this.onChange();
        if (path) this.read(path);
    }

    // Without an entry in the browser's history for each letter.
    showAddress() {
        const address = fragmentOf({ view: "story", id: this.story, query: this.#wanted });
        if (location.hash !== address) history.replaceState(null, "", address);
    }

    /** @param {string|null} path */
    async read(path) {
        const wanted = this.#wanted;
        if (!path) return;
        fill(this.status, phrase("searching"));
        try {
            const { value } = await this.desk.api.ask("GET", path);
            if (wanted !== this.#wanted) return;
            this.add(value.updates);
            this.#next = value.older;
            this.more.hidden = !value.older;
            this.showCount();
        } catch (failure) {
            if (failure instanceof SignedOut || wanted !== this.#wanted) return;
            fill(this.status, phrase("notSearched", { reason: failure.message }));
        }
    }

    showCount() {
        fill(this.status, foundText(this.#items.size, this.#next));
    }

    /** @param {EditorUpdate[]} updates */
    add(updates) {
        for (const update of updates) {
            if (this.#items.has(update.id)) continue;
            const item = this.makeItem(update);
            this.#items.set(update.id, item);
            this.list.append(item.node);
        }
    }

    /**
     * Shows changes of updates that were found; none moves or leaves.
     * @param {(id: string) => EditorUpdate|undefined} find
     */
    refresh(find) {
        for (const item of this.#items.values()) {
            const update = find(item.id);
            if (update) item.show(update);
        }
    }

    /**
     * Takes out an update that is gone.
     * @param {string} id
     */
    drop(id) {
        const item = this.#items.get(id);
        item?.close();
        item?.node.remove();
        if (this.#items.delete(id)) this.showCount();
    }
}

/** @param {number} count @param {string|null} older Where to search further. */
function foundText(count, older) {
    if (count === 0) return older ? phrase("nothingSoFar") : phrase("nothingFound");
    const updates = countedUpdates(count);
    return older ? phrase("foundSoFar", { updates }) : phrase("foundAll", { updates });
}
