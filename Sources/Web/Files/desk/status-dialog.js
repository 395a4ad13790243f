// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The questions before a change of a story's status.
import { WRITTEN, make, named } from "../shared/dom.js";
import { confirmed, labelled, openDialog } from "./dialogs.js";
import { button, freshId } from "./elements.js";
import { mainButton } from "./form-parts.js";
import { statusQuestion } from "./labels.js";
import { phrase, phraseParts } from "./phrases.js";

// As the server limits it.
const ENDING_CHARACTERS = 500;

/**
 * Asks whether a story's status is to be changed: closing asks how it ended, reopening what becomes of that line.
 * @param {Pick<Story, "title"|"status"|"ending">} story
 * @param {StoryStatus} status The new status.
 * @returns {Promise<{status: StoryStatus, ending?: string|null}|null>} The members to change; null if the editor
 * cancelled.
 */
export async function askStatus(story, status) {
    if (status === "closed") return askClosing(story);
    if (story.status === "closed" && story.ending) return askReopening(story, status);
    return await confirmed(...statusQuestion(story, status)) ? { status } : null;
}

/** @param {Pick<Story, "title"|"status"|"ending">} story */
function askClosing(story) {
    const [title, text, action] = statusQuestion(story, "closed");
    const input = make("input", { id: freshId("ending"), name: "ending", autocomplete: "off", autofocus: true,
        maxlength: ENDING_CHARACTERS, ...WRITTEN });
    input.value = story.ending ?? "";
    const form = make("form", { id: freshId("form") }, make("p", {}, text),
        labelled(input.id, phrase("endingForReaders"), input,
            make("p", { class: "hint" }, phrase("endingHint"))));
    return openDialog(title, [form], close => {
        form.addEventListener("submit", event => {
            event.preventDefault();
            close({ status: "closed", ending: input.value.trim() || null });
        });
        return [
            button(phrase("cancel"), () => close(null)),
            mainButton(action, null, { type: "submit", form: form.id }),
        ];
    });
}

/** @param {Pick<Story, "title"|"status"|"ending">} story @param {StoryStatus} status */
function askReopening(story, status) {
    const [title, text, action] = statusQuestion(story, status);
    const keep = make("input", { type: "checkbox", name: "keep", checked: true });
    return openDialog(title, [
        make("p", {}, text),
        make("p", {}, ...phraseParts("endingOf", { ending: named(story.ending ?? "") })),
        make("label", { class: "flag" }, keep, phrase("keepEnding")),
    ], close => [
        button(phrase("cancel"), () => close(null)),
        mainButton(action, () => close(keep.checked ? { status } : { status, ending: null }), { autofocus: true }),
    ]);
}
