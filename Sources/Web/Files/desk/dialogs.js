// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Modal dialogs.
import { WRITTEN, given, make } from "../shared/dom.js";
import { button, diffNodes, fill, focusOnElement, freshId } from "./elements.js";
import { FormFault, mainButton } from "./form-parts.js";
import { wordDiff } from "./diff.js";
import { phrase } from "./phrases.js";
import { comparedLabels } from "./values.js";

/**
 * Opens a modal dialog. Focuses the element with `autofocus` and restores the focus on close; Escape closes with null.
 * @param {string} title
 * @param {Content[]} content
 * @param {(close: (value: *) => void) => Content[]} actions Makes the buttons of the footer.
 * @param {{isWide?: boolean}} options
 * @returns {Promise<any>} The argument of `close`; null after Escape.
 */
export function openDialog(title, content, actions, { isWide = false } = {}) {
    return new Promise(resolve => {
        const id = freshId("dialog");
        /** @type {unknown} */
        let answer = null;
        const dialog = make("dialog", { "aria-labelledby": id, class: isWide && "wide" });
        /** @param {unknown} value */
        const close = value => {
            answer = value;
            dialog.close();
        };
        dialog.append(...given([make("h2", { id, tabindex: "-1" }, title), content,
            make("div", { class: "actions" }, actions(close))]));
        dialog.addEventListener("close", () => {
            dialog.remove();
            resolve(answer);
        });
        document.body.append(dialog);
        dialog.showModal();
        focusOnElement(dialog.querySelector("[autofocus]") ?? dialog.querySelector("h2"));
    });
}

/**
 * Asks for confirmation.
 * @param {string} title
 * @param {string|Content[]} text
 * @param {string} action The label of the confirming button.
 * @param {{isGrave?: boolean}} options `isGrave`: destructive, so that Cancel has the focus.
 * @returns {Promise<boolean>}
 */
export async function confirmed(title, text, action, { isGrave = false } = {}) {
    const content = typeof text === "string" ? [make("p", {}, text)] : text;
    return await openDialog(title, content, close => [
        button(phrase("cancel"), () => close(false), { autofocus: isGrave }),
        mainButton(action, () => close(true), { autofocus: !isGrave, class: isGrave ? "main grave" : "main" }),
    ]) === true;
}

/**
 * Asks for a reason, and for a confirmation word if the action is irreversible, then runs the action. The dialog stays
 * open until it succeeds.
 * @param {{title: string, text: Content[], action: string, label: string, word?: string, reason?: string,
 *   onInput?: (reason: string) => unknown, act: (reason: string, told: (text: string) => void) => Promise<*>}} options
 *   `word` must be typed; `told` shows progress.
 * @returns {Promise<any>} The result of `act`; null if cancelled.
 */
export function reasonDialog({ title, text, action, label, word, reason = "", onInput = () => {}, act }) {
    const [reasonId, wordId] = [freshId("reason"), freshId("word")];
    const fault = new FormFault();
    const progress = make("p", { role: "status", class: "progress" });
    /** @type {HTMLInputElement} */
    const reasonInput = make("input", { id: reasonId, name: "reason", autocomplete: "off", autofocus: true,
        "aria-required": "true", ...WRITTEN, input: () => onInput(reasonInput.value) });
    reasonInput.value = reason;
    const wordInput = make("input", { id: wordId, name: "word", autocomplete: "off", spellcheck: "false",
        autocapitalize: "off" });
    const fields = make("fieldset", { class: "plain" }, labelled(reasonId, label, reasonInput),
        word && labelled(wordId, phrase("typeToConfirm", { word }), wordInput));
    const form = make("form", { id: freshId("form"), input: () => fault.clear() },
        ...text, fields, fault.node, progress);
    return openDialog(title, [form], close => {
        /** @param {Event} event */
        const submit = async event => {
            event.preventDefault();
            if (fields.disabled) return;
            if (!reasonInput.value.trim()) return refuse(reasonInput, phrase("reasonNeeded"));
            const isWord = !word || wordInput.value.trim().toLowerCase() === word;
            if (!isWord) return refuse(wordInput, phrase("typeFirst", { word }));
            fault.clear();
            fields.disabled = true;
            try {
                close(await act(reasonInput.value.trim(), words => fill(progress, words)));
            } catch (failure) {
                fields.disabled = false;
                fill(progress);
                fault.showFailure(failure);
                reasonInput.focus();
            }
        };
        /** @param {HTMLInputElement} input @param {string} words */
        const refuse = (input, words) => {
            fault.show(words);
            input.focus();
        };
        form.addEventListener("submit", submit);
        return [
            button(phrase("cancel"), () => close(null)),
            mainButton(action, null, { type: "submit", form: form.id, class: word ? "main grave" : "main" }),
        ];
    });
}

/**
 * Creates a field: an input with a label, and a hint below.
 * @param {string} id
 * @param {string} label
 * @param {HTMLElement} input
 * @param {Content} [hint]
 */
export function labelled(id, label, input, hint = null) {
    return make("div", { class: "field" }, make("label", { for: id }, label), input, hint);
}

/**
 * Creates a list of differences, word by word.
 * @param {Pick<Difference, "field"|"mine"|"theirs">[]} rows As returned by `differences`.
 * @returns {HTMLElement}
 */
export function differenceList(rows) {
    return make("dl", { class: "differences" }, ...rows.flatMap(({ field, mine, theirs }) => [
        make("dt", {}, field.label),
        make("dd", { class: "diff" }, diffNodes(wordDiff(...comparedLabels(field, mine, theirs)))),
    ]));
}
