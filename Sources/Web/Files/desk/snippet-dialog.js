// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The dialog in which the snippets of the site are changed.
import { make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { openDialog } from "./dialogs.js";
import { button } from "./elements.js";
import { Fields } from "./fields.js";
import { FormFault, mainButton } from "./form-parts.js";
import { typedMembers, valuesFrom } from "./values.js";

/** @type {Field[]} */
const SNIPPET_FIELDS = [
    { name: "snippets", label: "Snippets", kind: "rows", one: "Snippet", movable: true, most: 50,
        members: [
            { name: "name", label: "Name", kind: "line", required: true },
            { name: "text", label: "Text", kind: "text", required: true, rows: 4 },
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
    await openDialog("Snippets", [
        make("p", { class: "hint" }, "Texts for all editors, inserted by a slash at the start of a line. {time} "
            + "becomes the time; the first … is selected."),
        fields.node("snippets"), fault.node,
    ], close => [
        button("Cancel", () => close(null)),
        mainButton("Save", () => save(desk, fields, fault, close)),
    ], { isWide: true });
    fields.close();
}

/** @param {Desk} desk @param {Fields} fields @param {FormFault} fault @param {(value: unknown) => void} close */
async function save(desk, fields, fault, close) {
    try {
        await desk.snippets.replace(valuesFrom(SNIPPET_FIELDS, fields.typed).snippets);
        desk.say("Saved.");
        close(true);
    } catch (failure) {
        if (failure instanceof SignedOut) return close(null);
        if (failure.status === 412) failure.message = "somebody else has changed them; close this, and open it again";
        fault.showFailure(failure, fields);
    }
}
