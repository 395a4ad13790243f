// Questions that must be answered before anything else.
import { WRITTEN_TEXT, button, diffNodes, fill, freshId, make } from "./dom.js";
import { FormFault, mainButton } from "./fields.js";
import { wordDiff } from "./diff.js";
import { wordsFor } from "./values.js";

/**
 * Opens a dialog. Focus goes to what has `autofocus`, and back when it closes; Escape closes it with null.
 * @param {string} title
 * @param {Node[]} content
 * @param {(close: (value: *) => void) => Node[]} actions Makes the buttons at its foot.
 * @param {{isWide?: boolean}} options
 * @returns {Promise<*>} What `close` was called with; null after Escape.
 */
export function openDialog(title, content, actions, { isWide = false } = {}) {
    return new Promise(resolve => {
        const id = freshId("dialog");
        let answer = null;
        const dialog = make("dialog", { "aria-labelledby": id, class: isWide && "wide" });
        const close = value => {
            answer = value;
            dialog.close();
        };
        dialog.append(make("h2", { id, tabindex: "-1" }, title), ...content,
            make("div", { class: "actions" }, ...actions(close)));
        dialog.addEventListener("close", () => {
            dialog.remove();
            resolve(answer);
        });
        document.body.append(dialog);
        dialog.showModal();
        (dialog.querySelector("[autofocus]") ?? dialog.querySelector("h2")).focus();
    });
}

/**
 * Asks whether to go on.
 * @param {string} title
 * @param {string|Node[]} text
 * @param {string} deed The words on the button that goes on.
 * @param {{isGrave?: boolean}} options
 * @returns {Promise<boolean>}
 */
export async function confirmed(title, text, deed, { isGrave = false } = {}) {
    const content = typeof text === "string" ? [make("p", {}, text)] : text;
    return await openDialog(title, content, close => [
        button("Cancel", () => close(false), { autofocus: isGrave }),
        mainButton(deed, () => close(true), { autofocus: !isGrave, class: isGrave ? "main grave" : "main" }),
    ]) === true;
}

/**
 * Asks for a reason, and for a word where there is no way back, and does what it is for. It stays open until that is
 * done.
 * @param {{title: string, text: Node[], deed: string, label: string, word?: string, reason?: string,
 *   onInput?: (reason: string) => void, act: (reason: string, told: (text: string) => void) => Promise<*>}} options
 *   `word` must be typed; `told` says how it goes.
 * @returns {Promise<*>} What `act` gave; null if it was left.
 */
export function reasonDialog({ title, text, deed, label, word, reason = "", onInput = () => {}, act }) {
    const [reasonId, wordId] = [freshId("reason"), freshId("word")];
    const fault = new FormFault();
    const progress = make("p", { role: "status", class: "progress" });
    const reasonInput = make("input", { id: reasonId, name: "reason", autocomplete: "off", autofocus: true,
        "aria-required": "true", ...WRITTEN_TEXT, input: () => onInput(reasonInput.value) });
    reasonInput.value = reason;
    const wordInput = make("input", { id: wordId, name: "word", autocomplete: "off", spellcheck: "false",
        autocapitalize: "off" });
    const fields = make("fieldset", { class: "plain" }, labelled(reasonId, label, reasonInput),
        word && labelled(wordId, `Type “${word}” to confirm`, wordInput));
    const form = make("form", { id: freshId("form"), input: () => fault.clear() },
        ...text, fields, fault.node, progress);
    return openDialog(title, [form], close => {
        const submit = async event => {
            event.preventDefault();
            if (fields.disabled) return;
            if (!reasonInput.value.trim()) return refuse(reasonInput, "A reason is needed.");
            const isWord = !word || wordInput.value.trim().toLowerCase() === word;
            if (!isWord) return refuse(wordInput, `Type “${word}” first.`);
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
        const refuse = (input, words) => {
            fault.show(words);
            input.focus();
        };
        form.addEventListener("submit", submit);
        return [
            button("Cancel", () => close(null)),
            mainButton(deed, null, { type: "submit", form: form.id, class: word ? "main grave" : "main" }),
        ];
    });
}

/** An input with its label, and a hint below it. */
export function labelled(id, label, input, hint = null) {
    return make("div", { class: "field" }, make("label", { for: id }, label), input, hint);
}

/**
 * A table of what differs.
 * @param {{field: Field, base: *, mine: *, theirs: *}[]} rows As of `differences`.
 * @returns {HTMLElement}
 */
export function differenceList(rows) {
    return make("dl", { class: "differences" }, ...rows.flatMap(({ field, mine, theirs }) => [
        make("dt", {}, field.label),
        make("dd", { class: "diff" }, diffNodes(wordDiff(wordsFor(field, mine), wordsFor(field, theirs)))),
    ]));
}
