// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The palette (Ctrl+K): goes to any story, any update of the present one, or does an action, found by typing.
import { make, named } from "../shared/dom.js";
import { fill, freshId } from "./elements.js";
import { bestMatches } from "./fuzzy.js";
import { labelOf, statusLabel } from "./labels.js";
import { shortTime } from "./local-times.js";
import { phrase } from "./phrases.js";
import { searchPath } from "./search-query.js";

const MOST_OPTIONS = 30;
const SEARCH_PAUSE = 200;
// What the server finds has all words, wherever they are.
const FOUND_SCORE = 50;

/**
 * What can be chosen.
 * @typedef {{kind: string, label: string, detail?: string, run: () => unknown}} Choice
 */

/** A dialog with a field and the list of what matches it, as an ARIA combobox. */
export class Palette {
    /** @type {Choice[]} */
    #actions = [];
    /** @type {Choice[]} */
    #stories = [];
    /** @type {EditorUpdate[]} */
    #updates = [];
    /** @type {EditorUpdate[]} */
    #found = [];
    /** @type {Choice[]} */
    #shown = [];
    #active = 0;
    #timer = 0;
    #asked = "";

    /** @param {Desk} desk */
    constructor(desk) {
        this.desk = desk;
        const listId = freshId("choices");
        this.input = make("input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": listId,
            "aria-autocomplete": "list", "aria-label": phrase("paletteLabel"), autocomplete: "off",
            spellcheck: "false", placeholder: phrase("paletteLabel"), input: () => this.typed() });
        this.list = make("ul", { id: listId, role: "listbox", "aria-label": phrase("matches") });
        this.count = make("p", { class: "hint", role: "status" });
        this.dialog = make("dialog", { class: "palette", "aria-label": phrase("goToTitle"), close: () => this.ended() },
            this.input, this.list, this.count);
        this.dialog.addEventListener("keydown", event => this.pressed(event));
        // A press beside it closes it.
        this.dialog.addEventListener("click", event => event.target === this.dialog && this.dialog.close());
    }

    get isOpen() {
        return this.dialog.open;
    }

    open() {
        if (this.isOpen || document.querySelector("dialog[open]")) return;
        this.#actions = this.desk.commands().map(command => ({ kind: phrase("action"), ...command }));
        this.#updates = this.desk.view?.updates?.() ?? [];
        this.#found = [];
        this.input.value = "";
        document.body.append(this.dialog);
        this.dialog.showModal();
        this.input.focus();
        this.show();
        this.readStories();
    }

    ended() {
        clearTimeout(this.#timer);
        this.#asked = "";
        this.dialog.remove();
    }

    // --- what there is ---

    async readStories() {
        const { identity } = this.desk.session;
        /** @type {ListedStory[]|null} */
        const stories = await (identity?.stories ? this.desk.readStories(identity.stories)
            : this.desk.storiesToChoose()).catch(() => null);
        if (!stories) return;
        this.#stories = stories.map(({ id, title, status }) => ({
            kind: phrase("storyPart"), label: title, detail: statusLabel(status),
            run: () => this.desk.go({ view: "story", id }),
        }));
        if (this.isOpen) this.show();
    }

    typed() {
        this.#active = 0;
        this.#found = [];
        this.show();
        clearTimeout(this.#timer);
        const story = this.desk.view?.storyId;
        const path = story && searchPath(story, this.input.value);
        if (path && this.input.value.trim().length > 1) this.#timer = setTimeout(() => this.search(path), SEARCH_PAUSE);
    }

    // Asks the server for updates of the present story that are not loaded.
    /** @param {string} path */
    async search(path) {
        this.#asked = path;
        const answer = await this.desk.api.ask("GET", `${path}&limit=20`).catch(() => null);
        if (!answer || this.#asked !== path || !this.isOpen) return;
        this.#found = answer.value.updates;
        this.show();
    }

    /** @returns {Choice[]} Best first. */
    matches() {
        const typed = this.input.value.trim();
        if (!typed) return [...this.#actions, ...this.#stories];
        const updates = this.#updates.map(update => this.choiceOf(update));
        const known = bestMatches([...this.#actions, ...this.#stories, ...updates], typed,
            ({ label, detail = "" }) => `${label} ${detail}`);
        const loaded = new Set(this.#updates.map(update => update.id));
        const found = this.#found.filter(update => !loaded.has(update.id) || !known.some(({ thing }) =>
            thing.label === labelOf(update))).map(update => ({ thing: this.choiceOf(update), score: FOUND_SCORE }));
        return [...known, ...found].sort((one, other) => other.score - one.score).map(({ thing }) => thing);
    }

    /** @param {EditorUpdate} update @returns {Choice} */
    choiceOf(update) {
        return { kind: phrase("update"), label: labelOf(update),
            detail: shortTime(update.publishedAt ?? update.modifiedAt),
            run: () => this.desk.view?.showUpdate?.(update.id) };
    }

    // --- the list ---

    show() {
        const all = this.matches();
        this.#shown = all.slice(0, MOST_OPTIONS);
        fill(this.list, ...this.#shown.map((choice, index) => this.optionNode(choice, index)));
        const [shown, count] = [this.#shown.length, all.length];
        const words = count > shown ? phrase("bestMatches", { shown, count }) : phrase("matchCount", { count });
        fill(this.count, all.length ? words : phrase("nothingMatches"));
        this.activate(Math.min(this.#active, this.#shown.length - 1));
    }

    /** @param {Choice} choice @param {number} index */
    optionNode({ kind, label, detail }, index) {
        return make("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": "false",
            click: () => this.choose(index), mousemove: () => this.#active !== index && this.activate(index) },
        make("span", { class: "kind" }, kind), " ", make("span", { class: "label" }, named(label)),
        detail && [" ", make("span", { class: "detail" }, detail)]);
    }

    /** @param {number} index */
    activate(index) {
        this.#active = Math.max(0, index);
        [...this.list.children].forEach((option, place) =>
            option.setAttribute("aria-selected", String(place === this.#active)));
        const active = this.list.children[this.#active];
        if (!active) return this.input.removeAttribute("aria-activedescendant");
        this.input.setAttribute("aria-activedescendant", active.id);
        active.scrollIntoView({ block: "nearest" });
    }

    /** @param {KeyboardEvent} event */
    pressed(event) {
        if (event.isComposing) return;
        const { length } = this.#shown;
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step && length) this.activate((this.#active + step + length) % length);
        else if (event.key === "Enter") this.choose(this.#active);
        else return;
        event.preventDefault();
    }

    /** @param {number} index */
    choose(index) {
        const choice = this.#shown[index];
        if (!choice) return;
        this.dialog.close();
        choice.run();
    }
}
