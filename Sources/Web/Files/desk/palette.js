// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The palette (Ctrl+K): goes to any story or update, those of the present story first, or does an action.
import { make, named } from "../shared/dom.js";
import { fill, freshId } from "./elements.js";
import { bestMatches, matchScore } from "./fuzzy.js";
import { labelOf, statusLabel } from "./labels.js";
import { shortTime } from "./local-times.js";
import { phrase } from "./phrases.js";
import { hasPhraseMarks, searchPath } from "./search-query.js";

const MOST_OPTIONS = 30;
const MOST_FOUND = 20;
const MOST_ELSEWHERE = 8;
const SEARCH_PAUSE = 200;
// What the server finds has all words somewhere, perhaps not where the palette looks.
const FOUND_SCORE = 50;

/**
 * What can be chosen.
 * @typedef {{kind: string, label: string, detail?: string, id?: string, run: () => unknown}} Choice
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
    /**
     * Of other stories.
     * @type {Choice[]}
     */
    #elsewhere = [];
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
        [this.#found, this.#elsewhere] = [[], []];
        this.input.value = "";
        document.body.append(this.dialog);
        this.dialog.showModal();
        this.input.focus();
        this.show();
        this.readStories();
    }

    ended() {
        // Opened again before the event of its closing came.
        if (this.isOpen) return;
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
        [this.#found, this.#elsewhere] = [[], []];
        this.show();
        clearTimeout(this.#timer);
        const typed = this.input.value.trim();
        this.#asked = typed;
        if (typed.length < 2 || !searchPath(null, typed)) return;
        this.#timer = setTimeout(() => this.search(typed), SEARCH_PAUSE);
    }

    // Asks the server for updates that are not loaded: first of the present story, then of all that the key may edit.
    /** @param {string} typed */
    async search(typed) {
        const story = this.desk.view?.storyId ?? null;
        if (story) {
            const found = await this.ask(searchPath(story, typed), MOST_FOUND);
            if (this.#asked !== typed || !this.isOpen) return;
            this.#found = found?.updates ?? [];
            this.show();
        }
        const all = await this.ask(searchPath(null, typed), MOST_FOUND);
        if (this.#asked !== typed || !this.isOpen) return;
        /** @type {{story: Story, update: EditorUpdate}[]} */
        const found = all?.found ?? [];
        this.#elsewhere = found.filter(place => place.story.id !== story).slice(0, MOST_ELSEWHERE)
            .map(place => ({ ...this.choiceOf(place.update), detail: place.story.title,
                run: () => this.desk.go({ view: "story", id: place.story.id, update: place.update.id }) }));
        this.show();
    }

    /** @param {string|null} path @param {number} limit */
    async ask(path, limit) {
        const answer = await this.desk.api.ask("GET", `${path}&limit=${limit}`).catch(() => null);
        return answer?.value;
    }

    /** @returns {Choice[][]} The best first, and what comes after them: those of other stories. */
    matches() {
        const typed = this.input.value.trim();
        if (!typed) return [[...this.#actions, ...this.#stories], []];
        const updates = this.#updates.map(update => this.choiceOf(update));
        // A phrase is looked for in whole texts, by the server.
        const known = hasPhraseMarks(typed) ? [] : bestMatches([...this.#actions, ...this.#stories, ...updates], typed,
            ({ label, detail = "" }) => `${label} ${detail}`);
        const ids = new Set(known.map(({ thing }) => thing.id));
        const found = this.#found.filter(update => !ids.has(update.id)).map(update => ({
            thing: this.choiceOf(update),
            score: matchScore(typed, `${update.title ?? ""} ${update.body}`) ?? FOUND_SCORE,
        }));
        const best = [...known, ...found].sort((one, other) => other.score - one.score).map(({ thing }) => thing);
        return [best, [...this.allChoice(typed), ...this.#elsewhere]];
    }

    // Leads to the search in the present story.
    /** @param {string} typed @returns {Choice[]} */
    allChoice(typed) {
        const id = this.desk.view?.storyId;
        if (!id || !this.#found.length) return [];
        return [{ kind: phrase("action"), label: phrase("allInStory"), detail: typed,
            run: () => this.desk.go({ view: "story", id, query: typed }) }];
    }

    /** @param {EditorUpdate} update @returns {Choice} */
    choiceOf(update) {
        return { kind: phrase("update"), label: labelOf(update), id: update.id,
            detail: shortTime(update.publishedAt ?? update.modifiedAt),
            run: () => this.desk.view?.showUpdate?.(update.id) };
    }

    // --- the list ---

    show() {
        const [best, others] = this.matches();
        this.#shown = [...best.slice(0, MOST_OPTIONS - others.length), ...others];
        fill(this.list, ...this.#shown.map((choice, index) => this.optionNode(choice, index)));
        const [shown, count] = [this.#shown.length, best.length + others.length];
        const words = count > shown ? phrase("bestMatches", { shown, count }) : phrase("matchCount", { count });
        fill(this.count, count ? words : phrase("nothingMatches"));
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
