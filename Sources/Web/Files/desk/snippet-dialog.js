// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The dialog in which the snippets of the site are changed.
import { make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { openDialog } from "./dialogs.js";
import { button } from "./elements.js";
import { Fields } from "./fields.js";
import { FormFault, mainButton } from "./form-parts.js";
import { phrase } from "./phrases.js";
import { typedMembers, valuesFrom } from "./values.js";

/** @type {Field[]} */
const SNIPPET_FIELDS = [
    { name: "snippets", label: phrase("snippets"), kind: "rows", one: phrase("snippet"), adding: phrase("addSnippet"),
        movable: true, most: 50,
        members: [
            { name: "name", label: phrase("name"), kind: "line", required: true },
            { name: "text", label: phrase("text"), kind: "text", required: true, rows: 4 },
        ] },
];

/**
 * Has the editor change the snippets of the site.
 * @param {Desk} desk
 */
export async function editSnippets(desk) {
    try {
        await desk.snippets.read();
    } catch (failure) {
        return desk.sayFailure(failure);
    }
    const fault = new FormFault();
    const fields = new Fields(SNIPPET_FIELDS, () => fault.clear());
    fields.typed = typedMembers(SNIPPET_FIELDS, { snippets: desk.snippets.own });
    await openDialog(phrase("snippets"), [
        make("p", { class: "hint" }, phrase("snippetsHint", { time: "{time}" })),
        fields.node("snippets"), fault.node,
    ], close => [
        button(phrase("cancel"), () => close(null)),
        mainButton(phrase("save"), () => save(desk, fields, fault, close)),
    ], { isWide: true });
    fields.close();
}

/** @param {Desk} desk @param {Fields} fields @param {FormFault} fault @param {(value: unknown) => void} close */
async function save(desk, fields, fault, close) {
    try {
        await desk.snippets.replace(valuesFrom(SNIPPET_FIELDS, fields.typed).snippets);
        desk.say(phrase("saved"));
        close(true);
    } catch (failure) {
        if (failure instanceof SignedOut) return close(null);
        if (failure.status === 412) failure.message = phrase("snippetsChanged");
        fault.showFailure(failure, fields);
    }
}
