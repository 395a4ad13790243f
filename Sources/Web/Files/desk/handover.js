// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The note by which editors hand a story over. Readers never see it.
import { WRITTEN, make, named } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, fill, focusOnElement, freshId, timeElement } from "./elements.js";
import { mainButton } from "./form-parts.js";
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
        this.node = make("section", { class: "handover", "aria-label": "Note for colleagues", hidden: true });
        this.opener = button("Leave a note…", () => this.edit(), { class: "quiet" });
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
                make("p", { class: "when" }, "Note for colleagues by ", named(note.by), ", ", timeElement(note.at)),
                make("div", { class: "actions" },
                    button("Edit…", () => this.edit(), { class: "quiet", "aria-label": "Edit the note…" }),
                    button("Done with it", () => this.write(""), { class: "quiet", "aria-label": "Clear the note" }),
                    earlier.length > 0 && button("Earlier…", () => this.showEarlier(),
                        { class: "quiet", "aria-label": "Earlier notes…" })),
            ] : []);
        });
        if (hadFocus) focusOnElement(note ? this.node.querySelector("button") : this.opener);
    }

    /** @param {string} text */
    async write(text) {
        try {
            const write = () => this.desk.api.ask("PUT", this.path, { json: { text } });
            this.show((await this.desk.persist("Save the note", write)).value);
            this.#tag = null;
            this.desk.say(text ? "The note is there for your colleagues." : "The note is cleared.");
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
                make("label", { for: input.id }, "What whoever takes over has to know"), input,
                make("p", { class: "hint" }, "Only the desk sees it, at the top of this story, with your name.")));
        return openDialog("Note for colleagues", [form], close => {
            form.addEventListener("submit", event => {
                event.preventDefault();
                close(true);
                this.write(input.value.trim());
            });
            return [button("Cancel", () => close(null)), mainButton("Save", null, { type: "submit", form: form.id })];
        });
    }

    showEarlier() {
        return openDialog("Earlier notes", [make("ol", { class: "versions", reversed: true },
            ...this.#notes.earlier.map(({ text, at, by }) => make("li", {},
                make("p", { class: "when" }, timeElement(at), " ", named(by)),
                text ? make("p", { class: "text", ...WRITTEN }, text) : make("p", { class: "nothing" }, "(cleared)")))),
        ], close => [mainButton("Done", () => close(true), { autofocus: true })]);
    }
}
