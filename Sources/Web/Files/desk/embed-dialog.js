// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The dialog that makes the code by which another site shows a story.
import { make } from "../shared/dom.js";
import { labelled, openDialog } from "./dialogs.js";
import { button, fill, freshId } from "./elements.js";
import { embedCode } from "./embed-code.js";
import { mainButton } from "./form-parts.js";
import { phrase } from "./phrases.js";

/** @type {[string, string][]} */
const KINDS = [
    ["frame", phrase("embedFrame")], ["element", phrase("embedScript")],
];
/** @type {[string, string][]} */
const FORMS = [
    ["", phrase("embedEverything")], ["compact", phrase("embedLatest")], ["ticker", phrase("embedTicker")],
    ["keypoints", phrase("keyPointsOfDesk")], ["headline", phrase("title")],
];
/** @type {[string, string][]} */
const THEMES = [["", phrase("themeAuto")], ["light", phrase("themeLight")], ["dark", phrase("themeDark")]];
/**
 * In pixels, by form: the height of a frame until it has told its own.
 * @type {Record<string, number>}
 */
const HEIGHTS = { "": 600, compact: 480, ticker: 60, keypoints: 260, headline: 60 };

/**
 * Asks for the public origin of the server, which may be another than the desk's, and opens the dialog.
 * @param {Desk} desk
 * @param {Pick<Story, "id"|"slug"|"title">} story
 */
export async function showEmbedDialog(desk, { id, slug, title }) {
    const { value } = await desk.api.ask("GET", `/stories/${id}/feed.json?limit=1`);
    const { origin } = new URL(value.home_page_url);
    const kind = choice("kind", KINDS);
    const form = choice("form", FORMS);
    const theme = choice("theme", THEMES);
    const height = make("input", {
        id: freshId("height"), name: "height", type: "number", min: 40, max: 5000, step: 10,
    });
    const code = make("textarea", {
        id: freshId("code"), readonly: true, rows: 5, spellcheck: "false", class: "code",
    });
    const told = make("p", { role: "status", class: "hint" });
    const heightField = labelled(height.id, phrase("embedHeight"), height);
    const write = () => {
        heightField.hidden = kind.value !== "frame";
        const chosen = { kind: kind.value, form: form.value, theme: theme.value, height: height.valueAsNumber || 600 };
        code.value = embedCode({ origin, slug, title, ...chosen });
        fill(told);
    };
    const setHeight = () => {
        height.valueAsNumber = HEIGHTS[form.value];
        write();
    };
    form.addEventListener("change", setHeight);
    for (const input of [kind, theme, height]) input.addEventListener("input", write);
    setHeight();
    return openDialog(phrase("embedTitle"), [
        make("div", { class: "embed" },
            labelled(kind.id, phrase("kind"), kind), labelled(form.id, phrase("embedForm"), form),
            labelled(theme.id, phrase("colours"), theme), heightField),
        labelled(code.id, phrase("code"), code), told,
    ], close => [
        button(phrase("close"), () => close(null)),
        mainButton(phrase("copy"),
            async () => fill(told, await copied(code) ? phrase("copied") : phrase("copyMarked"))),
    ], { isWide: true });
}

/**
 * A list of choices by value.
 * @param {string} name
 * @param {[string, string][]} options
 */
function choice(name, options) {
    return make("select", { id: freshId(name), name }, options.map(([value, text]) => make("option", { value }, text)));
}

/**
 * Copies a text; where the browser does not allow it, marks it and returns false.
 * @param {HTMLTextAreaElement} code
 */
async function copied(code) {
    code.select();
    try {
        await navigator.clipboard.writeText(code.value);
        return true;
    } catch {
        code.focus();
        return false;
    }
}
