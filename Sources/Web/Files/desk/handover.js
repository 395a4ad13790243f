// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The note by which editors hand a story over. Readers never see it.
import { WRITTEN, make, named } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, fill, focusOnElement, freshId, timeElement } from "./elements.js";
import { mainButton } from "./form-parts.js";
import { phrase, phraseParts } from "./phrases.js";
import { PollLoop } from "./poll-loop.js";

const NOTE_SECONDS = 15;
// As the server limits it.
const NOTE_CHARACTERS = 2_000;

/** @typedef {{text: string|null, at: string, by: string}} StoryNote */

/** The note at the top of a story, with who wrote it and when; others' notes arrive by polls. */
export class HandoverNote {
    /** @type {{note: StoryNote|null, earlier: StoryNote[]}} */
    #notes = { note: null, earlier: [] };
    /** @type {string|null} */
    #tag = null;

    /**
     * @param {Desk} desk
     * @param {string} story Id.
     * @param {(work: () => void) => void} hold Runs a layout change that may move the content below.
     */
    constructor(desk, story, hold) {
        this.desk = desk;
        this.path = `/stories/${story}/note`;
        this.hold = hold;
        this.node = make("section", { class: "handover", "aria-label": phrase("noteForColleagues"), hidden: true });
        this.opener = button(phrase("leaveNote"), () => this.edit(), { class: "quiet" });
        // Failures are shown by the watch of the story.
        this.loop = new PollLoop({ read: () => this.read(), seconds: NOTE_SECONDS, onState: () => {} });
    }

    close() {
        this.loop.close();
    }

    // Ends for a key that may not write to the story: it has no notes.
    async read() {
        try {
            const { status, value, tag } = await this.desk.api.ask("GET", this.path, { noneMatch: this.#tag });
            if (status === 304) return true;
            this.#tag = tag;
            this.show(value);
            return true;
        } catch (failure) {
            if (![403, 404].includes(failure.status)) throw failure;
            this.opener.hidden = true;
            return false;
        }
    }

    /** @param {{note: StoryNote|null, earlier: StoryNote[]}} notes */
    show(notes) {
        this.#notes = notes;
        const { note, earlier } = notes;
        const hadFocus = this.node.contains(document.activeElement);
        this.hold(() => {
            this.node.hidden = note === null;
            this.opener.hidden = note !== null;
            fill(this.node, ...note ? [
                make("p", { class: "text", ...WRITTEN }, note.text),
                make("p", { class: "when" },
                    ...phraseParts("noteBy", { name: named(note.by), time: timeElement(note.at) })),
                make("div", { class: "actions" },
                    button(phrase("editMore"), () => this.edit(), { class: "quiet", "aria-label": phrase("editNote") }),
                    button(phrase("doneWithIt"), () => this.write(""),
                        { class: "quiet", "aria-label": phrase("clearNote") }),
                    earlier.length > 0 && button(phrase("earlierMore"), () => this.showEarlier(),
                        { class: "quiet", "aria-label": phrase("earlierNotesMore") })),
            ] : []);
        });
        if (hadFocus) focusOnElement(note ? this.node.querySelector("button") : this.opener);
    }

    /** @param {string} text */
    async write(text) {
        try {
            const write = () => this.desk.api.ask("PUT", this.path, { json: { text } });
            this.show((await this.desk.persist(phrase("saveNote"), write)).value);
            this.#tag = null;
            this.desk.say(text ? phrase("noteIsThere") : phrase("noteIsCleared"));
        } catch (failure) {
            this.desk.sayFailure(failure);
        }
    }

    /** Asks for the text, and saves it. */
    edit() {
        const input = make("textarea", { id: freshId("note"), name: "note", rows: "5", autofocus: true,
            maxlength: NOTE_CHARACTERS, ...WRITTEN });
        input.value = this.#notes.note?.text ?? "";
        const form = make("form", { id: freshId("form") },
            make("div", { class: "field" },
                make("label", { for: input.id }, phrase("noteLabel")), input,
                make("p", { class: "hint" }, phrase("noteHint"))));
        return openDialog(phrase("noteForColleagues"), [form], close => {
            form.addEventListener("submit", event => {
                event.preventDefault();
                close(true);
                this.write(input.value.trim());
            });
            return [
                button(phrase("cancel"), () => close(null)),
                mainButton(phrase("save"), null, { type: "submit", form: form.id }),
            ];
        });
    }

    showEarlier() {
        return openDialog(phrase("earlierNotes"), [make("ol", { class: "versions", reversed: true },
            ...this.#notes.earlier.map(({ text, at, by }) => make("li", {},
                make("p", { class: "when" }, timeElement(at), " ", named(by)),
                text ? make("p", { class: "text", ...WRITTEN }, text)
                    : make("p", { class: "nothing" }, phrase("cleared"))))),
        ], close => [mainButton(phrase("done"), () => close(true), { autofocus: true })]);
    }
}
