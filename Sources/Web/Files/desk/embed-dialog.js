// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The dialog that makes the code by which another site shows a story.
import { make } from "../shared/dom.js";
import { labelled, openDialog } from "./dialogs.js";
import { button, fill, freshId } from "./elements.js";
import { embedAddress, embedCode } from "./embed-code.js";
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
 * In pixels, by form: the height until the preview has told its own.
 * @type {Record<string, number>}
 */
const HEIGHTS = { "": 600, compact: 480, ticker: 60, keypoints: 260, headline: 60 };

/** The message of an embedded page, see `embed-page.js`; what is higher is out of sight at first. */
const HEIGHT_MESSAGE = "wireroom-height", MOST_ROOM = 1200;

/**
 * Asks for the public origin of the server, which may be another than the desk's.
 * @param {Desk} desk
 * @param {string} story Id.
 */
export async function publicOrigin(desk, story) {
    const { value } = await desk.api.ask("GET", `/stories/${story}/feed.json?limit=1`);
    return new URL(value.home_page_url).origin;
}

/**
 * Opens the dialog with the code by which other sites show a story.
 * @param {Desk} desk
 * @param {Pick<Story, "id"|"slug"|"title">} story
 */
export async function showEmbedDialog(desk, { id, slug, title }) {
    const origin = await publicOrigin(desk, id);
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
    // As another site has it: with nothing of the desk's.
    const preview = make("iframe", { class: "embedded", title: phrase("preview"), sandbox: "allow-scripts" });
    const write = () => {
        const chosen = { kind: kind.value, form: form.value, theme: theme.value, height: height.valueAsNumber || 600 };
        code.value = embedCode({ origin, slug, title, ...chosen });
        fill(told);
    };
    const show = () => {
        height.valueAsNumber = HEIGHTS[form.value];
        preview.src = embedAddress({ origin: "", slug, form: form.value, theme: theme.value });
        write();
    };
    /** @param {MessageEvent} event */
    const measure = ({ source, data }) => {
        if (source !== preview.contentWindow || data?.type !== HEIGHT_MESSAGE || !(data.height > 0)) return;
        height.valueAsNumber = Math.min(MOST_ROOM, Math.ceil(data.height / 10) * 10);
        write();
    };
    for (const input of [form, theme]) input.addEventListener("change", show);
    for (const input of [kind, height]) input.addEventListener("input", write);
    addEventListener("message", measure);
    show();
    return openDialog(phrase("embedTitle"), [
        make("div", { class: "embed" },
            labelled(kind.id, phrase("kind"), kind), labelled(form.id, phrase("embedForm"), form),
            labelled(theme.id, phrase("colours"), theme), heightField),
        labelled(code.id, phrase("code"), code), told, preview,
    ], close => [
        button(phrase("close"), () => close(null)),
        mainButton(phrase("copy"),
            async () => fill(told, await copied(code) ? phrase("copied") : phrase("copyMarked"))),
    ], { isWide: true }).finally(() => removeEventListener("message", measure));
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
