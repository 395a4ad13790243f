// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The field of a Markdown text: toolbar, shortcuts, paste with formatting, and the number of words.
import { bodyContent, make } from "../shared/dom.js";
import { cleanText } from "./clean.js";
import { button, fill } from "./elements.js";
import { continuedLine, insertedBlocks, pastedLink } from "./markdown-edit.js";
import { toggledEmphasis, toggledLines, toggledLink } from "./markdown-edit.js";
import { inertHTML } from "./paste-nodes.js";
import { phrase } from "./phrases.js";
import { leftOutLabel, markdownOf } from "./rich-paste.js";
import { SnippetMenu } from "./snippet-menu.js";
import { TextControl } from "./text-control.js";
import { applyEdit } from "./text-edit.js";
import { toolbar } from "./toolbar.js";
import { wordCount, wordsLabel } from "./word-count.js";

const COUNT_PAUSE = 200;
// Characters of HTML; more is pasted as plain text.
const MOST_PASTED = 2_000_000;
const LINES = { hasLines: true, hasTabs: true };

/** The control of a Markdown text. */
export class MarkdownControl extends TextControl {
    #timer = 0;
    /**
     * What was pasted with formatting, as long as it can be replaced.
     * @type {{start: number, text: string, plain: string}|null}
     */
    #pasted = null;

    /**
     * @param {Field} field
     * @param {() => void} onInput
     * @param {string} pointer
     * @param {import("./snippets.js").Snippets|null} snippets
     */
    constructor(field, onInput, pointer, snippets) {
        super(field, () => this.changed(onInput), pointer);
        this.words = make("p", { class: "hint words" });
        this.pasteNote = make("p", { class: "paste-note", role: "status", hidden: true });
        this.area.addEventListener("keydown", event => this.pressed(event));
        this.area.addEventListener("paste", event => this.paste(event));
        this.menu = snippets && new SnippetMenu(this.area, snippets);
        const place = make("div", { class: "text-place" });
        this.area.replaceWith(toolbar(phrase("formatting"), this.id, this.tools()), place, this.pasteNote);
        place.append(this.area, this.menu?.node ?? "");
        /** The line below the text: hint, number of words, and what the form adds. */
        this.foot = make("div", { class: "field-foot" }, this.words);
        this.hint.before(this.foot);
        this.foot.prepend(this.hint);
    }

    get area() {
        if (!(this.input instanceof HTMLTextAreaElement)) throw new Error("a Markdown text has several lines");
        return this.input;
    }

    get typed() {
        return super.typed;
    }

    set typed(text) {
        super.typed = text;
        this.count();
        this.forgetPaste();
    }

    close() {
        clearTimeout(this.#timer);
    }

    /** @param {() => void} onInput */
    changed(onInput) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.count(), COUNT_PAUSE);
        if (this.#pasted && !this.area.value.startsWith(this.#pasted.text, this.#pasted.start)) this.forgetPaste();
        this.menu?.update();
        onInput();
    }

    count() {
        fill(this.words, wordsLabel(wordCount(this.area.value)));
    }

    // --- formatting ---

    /** @returns {import("./toolbar.js").ToolbarItem[]} */
    tools() {
        return [
            { text: phrase("boldSign"), label: phrase("bold"), keys: "Ctrl+B", class: "bold",
                act: () => this.emphasize("bold") },
            { text: phrase("italicSign"), label: phrase("italic"), keys: "Ctrl+I", class: "italic",
                act: () => this.emphasize("italic") },
            { text: phrase("link"), label: phrase("link"), keys: "Ctrl+K", act: () => this.link() },
            { text: phrase("list"), label: phrase("list"), keys: "Ctrl+Shift+8", act: () => this.mark("list") },
            { text: "1.", label: phrase("numberedList"), keys: "Ctrl+Shift+7", act: () => this.mark("numbers") },
            { text: phrase("quote"), label: phrase("quote"), keys: "Ctrl+Shift+9", act: () => this.mark("quote") },
            { text: phrase("headingSign"), label: phrase("heading"), act: () => this.mark("heading") },
        ];
    }

    /** @param {"bold"|"italic"} kind */
    emphasize(kind) {
        const { value, selectionStart, selectionEnd } = this.area;
        this.edit(toggledEmphasis(value, selectionStart, selectionEnd, kind));
    }

    /** @param {"list"|"numbers"|"quote"|"heading"} kind */
    mark(kind) {
        const { value, selectionStart, selectionEnd } = this.area;
        this.edit(toggledLines(value, selectionStart, selectionEnd, kind));
    }

    link() {
        const { value, selectionStart, selectionEnd } = this.area;
        this.edit(toggledLink(value, selectionStart, selectionEnd));
    }

    /** @param {KeyboardEvent} event */
    pressed(event) {
        if (event.isComposing || event.defaultPrevented || event.altKey) return;
        const hasModifier = event.ctrlKey || event.metaKey;
        const act = hasModifier ? this.shortcut(event) : this.menu?.keyAct(event) ?? this.keyAct(event);
        if (!act) return;
        event.preventDefault();
        // Outside the text these are shortcuts of the desk.
        event.stopPropagation();
        act();
    }

    /** @param {KeyboardEvent} event @returns {(() => void)|undefined} */
    shortcut({ key, code, shiftKey }) {
        /** @type {Record<string, () => void>} */
        const acts = shiftKey
            ? { Digit7: () => this.mark("numbers"), Digit8: () => this.mark("list"), Digit9: () => this.mark("quote") }
            : { b: () => this.emphasize("bold"), i: () => this.emphasize("italic"), k: () => this.link() };
        return acts[shiftKey ? code : key.toLowerCase()];
    }

    /** @param {KeyboardEvent} event @returns {(() => void)|undefined} */
    keyAct({ key, shiftKey }) {
        const { value, selectionStart, selectionEnd } = this.area;
        if (key !== "Enter" || shiftKey || selectionStart !== selectionEnd) return undefined;
        const edit = continuedLine(value, selectionStart);
        return edit ? () => this.edit(edit) : undefined;
    }

    /** @param {import("./markdown-edit.js").TextEdit} edit */
    edit(edit) {
        applyEdit(this.area, edit);
    }

    // --- paste ---

    /** @param {ClipboardEvent} event */
    paste(event) {
        const { value, selectionStart, selectionEnd } = this.area;
        const plain = event.clipboardData?.getData("text/plain") ?? "";
        const link = pastedLink(value, selectionStart, selectionEnd, plain);
        if (link) {
            event.preventDefault();
            return this.edit(link);
        }
        const html = event.clipboardData?.getData("text/html") ?? "";
        const rich = html && html.length <= MOST_PASTED ? richText(html, plain) : null;
        if (!rich) return this.forgetPaste();
        event.preventDefault();
        this.insertRich(rich, plain);
    }

    /** @param {{text: string, left: string}} rich @param {string} plain */
    insertRich({ text, left }, plain) {
        const { value, selectionStart, selectionEnd } = this.area;
        const edit = insertedBlocks(value, selectionStart, selectionEnd, text);
        this.edit(edit);
        this.#pasted = { start: edit.start, text: edit.text, plain: cleanText(plain, LINES) };
        fill(this.pasteNote, left ? phrase("pastedLeftOut", { left }) : phrase("pasted"), " ",
            plain.trim() && button(phrase("pastePlain"), () => this.pastePlain(), { class: "quiet" }));
        this.pasteNote.hidden = false;
    }

    pastePlain() {
        if (!this.#pasted) return;
        const { start, text, plain } = this.#pasted;
        const caret = start + plain.length;
        this.forgetPaste();
        this.edit({ start, end: start + text.length, text: plain, from: caret, to: caret });
    }

    forgetPaste() {
        this.#pasted = null;
        this.pasteNote.hidden = true;
    }
}

/**
 * Pasted HTML as Markdown.
 * @param {string} html
 * @param {string} plain The same as plain text.
 * @returns {{text: string, left: string}|null} Null if the plain text has all of it.
 */
function richText(html, plain) {
    // An address, however the browser dresses it, stays an address.
    if (/^\s*https?:\/\/\S+\s*$/i.test(plain)) return null;
    // In a template, nothing runs or loads.
    const { text, left, isRich } = markdownOf(bodyContent(inertHTML(html)));
    const label = leftOutLabel(left);
    return text && (isRich || label) ? { text: cleanText(text, LINES), left: label } : null;
}
