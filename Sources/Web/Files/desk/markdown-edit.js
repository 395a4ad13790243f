// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Formatting of Markdown in a text field, as pure functions: a text and a selection in, an edit out.

/**
 * A replacement within a text, and the selection after it.
 * @typedef {{start: number, end: number, text: string, from: number, to: number}} TextEdit
 * `start` and `end` are the range that is replaced, `from` and `to` the selection in the result.
 */

const STARS = { bold: 2, italic: 1 };
const LINE_MARKS = { list: "- ", numbers: "1. ", quote: "> ", heading: "# " };
// What a line may begin with before its text: quotes, then a heading, an item of a list, or a task.
const LINE_START = /^(?:[ ]{0,3}>[ ]?)*(?:[ ]{0,3}#{1,6}[ ]+|\s*(?:[-*+]|\d{1,9}[.)])[ ]+(?:\[[ xX]\][ ]+)?)?/;
const LINE_PATTERNS = {
    list: /^\s*[-*+][ ]+/, numbers: /^\s*\d{1,9}[.)][ ]+/, quote: /^[ ]{0,3}>[ ]?/, heading: /^[ ]{0,3}#{1,6}[ ]+/,
};
const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/i;
const LINK = /\[((?:[^\[\]\\]|\\.)*)\]\((?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)/g;

/**
 * Sets or removes bold or italic.
 * @param {string} text
 * @param {number} from The selection's start; equal to `to` for a caret, which stands for the word around it.
 * @param {number} to
 * @param {"bold"|"italic"} kind
 * @returns {TextEdit}
 */
export function toggledEmphasis(text, from, to, kind) {
    const spans = emphasisSpans(text, ...wordAt(text, from, to));
    if (spans.length === 0) return toggledAtCaret(text, from, to, kind);
    const isSet = spans.every(span => hasEmphasis(span.stars, kind));
    const [start, end] = [spans[0].start, spans[spans.length - 1].end];
    const parts = spans.flatMap((span, index) => {
        const stars = "*".repeat(isSet || !hasEmphasis(span.stars, kind) ? span.stars ^ STARS[kind] : span.stars);
        const before = index === 0 ? "" : text.slice(spans[index - 1].end, span.start);
        return [before, `${stars}${span.inner}${stars}`];
    });
    const result = parts.join("");
    return { start, end, text: result, ...selectedWithin(result, start, spans.length === 1) };
}

// One span is selected without its marks, so that another press sees the same words.
/** @param {string} result @param {number} start @param {boolean} isOne */
function selectedWithin(result, start, isOne) {
    const stars = isOne ? Math.min(3, leadingStars(result)) : 0;
    return { from: start + stars, to: start + result.length - stars };
}

/** @param {number} stars @param {"bold"|"italic"} kind */
function hasEmphasis(stars, kind) {
    return (stars & STARS[kind]) !== 0;
}

/** @param {string} text @param {number} from @param {number} to @param {"bold"|"italic"} kind @returns {TextEdit} */
function toggledAtCaret(text, from, to, kind) {
    const marks = "*".repeat(STARS[kind]);
    if (text.slice(from - marks.length, from) === marks && text.startsWith(marks, to)) {
        const start = from - marks.length;
        return { start, end: to + marks.length, text: text.slice(from, to), from: start, to: start };
    }
    const caret = from + marks.length;
    return { start: from, end: to, text: `${marks}${marks}${text.slice(from, to)}`, from: caret, to: caret };
}

/**
 * The parts of a selection that can be emphasized: the text of each line, with the marks around it.
 * @param {string} text @param {number} from @param {number} to
 * @returns {{start: number, end: number, inner: string, stars: number}[]}
 */
function emphasisSpans(text, from, to) {
    return linesOf(text, from, to).flatMap(line => {
        const head = line.start + (LINE_START.exec(text.slice(line.start, line.end))?.[0].length ?? 0);
        const [start, end] = trimmed(text, Math.max(from, head), Math.min(to, line.end));
        return start < end ? [withStars(text, start, end)] : [];
    });
}

/** @param {string} text @param {number} start @param {number} end */
function withStars(text, start, end) {
    const within = Math.min(3, leadingStars(text.slice(start, end)), trailingStars(text.slice(start, end)));
    if (end - start > 2 * within && within > 0) {
        return { start, end, inner: text.slice(start + within, end - within), stars: within };
    }
    const stars = Math.min(3, trailingStars(text.slice(0, start)), leadingStars(text.slice(end)));
    return { start: start - stars, end: end + stars, inner: text.slice(start, end), stars };
}

/** @param {string} text */
function leadingStars(text) {
    return /^\**/.exec(text)?.[0].length ?? 0;
}

/** @param {string} text */
function trailingStars(text) {
    return /\**$/.exec(text)?.[0].length ?? 0;
}

/**
 * Makes the selected lines items of a list, a quotation or headings, or ordinary again if all are.
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @param {"list"|"numbers"|"quote"|"heading"} kind
 * @returns {TextEdit}
 */
export function toggledLines(text, from, to, kind) {
    const lines = linesOf(text, from, to);
    const [start, end] = [lines[0].start, lines[lines.length - 1].end];
    const texts = lines.map(line => text.slice(line.start, line.end));
    const meant = texts.filter(line => line.trim());
    const isSet = meant.length > 0 && meant.every(line => LINE_PATTERNS[kind].test(line));
    let number = 0;
    const changed = texts.map(line => {
        if (!line.trim() && texts.length > 1) return kind === "quote" && !isSet ? ">" : line;
        number += 1;
        return isSet ? line.replace(LINE_PATTERNS[kind], "") : markedLine(line, kind, number);
    });
    const result = changed.join("\n");
    if (lines.length > 1) return { start, end, text: result, from: start, to: start + result.length };
    // Within one line the selection stays at its text.
    const shift = result.length - (end - start);
    const moved = (/** @type {number} */ place) => Math.max(start, place + shift);
    return { start, end, text: result, from: moved(from), to: moved(to) };
}

/** @param {string} line @param {"list"|"numbers"|"quote"|"heading"} kind @param {number} number */
function markedLine(line, kind, number) {
    if (kind === "quote") return `> ${line}`;
    const bare = ["list", "numbers", "heading"].reduce((rest, other) =>
        rest.replace(LINE_PATTERNS[/** @type {"list"} */ (other)], ""), line);
    return `${kind === "numbers" ? `${number}. ` : LINE_MARKS[kind]}${bare}`;
}

/**
 * Makes the selection a link, to be completed by its address or its text; a link is made its text again.
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {TextEdit}
 */
export function toggledLink(text, from, to) {
    const present = linkAround(text, from, to);
    if (present) {
        const { start, end, label } = present;
        return { start, end, text: label, from: start, to: start + label.length };
    }
    const [start, end] = trimmed(text, ...wordAt(text, from, to));
    const words = text.slice(start, end);
    if (ADDRESS.test(words)) return { start, end, text: `[](${linkTarget(words)})`, from: start + 1, to: start + 1 };
    const link = `[${escapedLabel(words)}](`;
    // The caret stands where something is missing.
    const caret = words ? start + link.length : start + 1;
    return { start, end, text: `${link})`, from: caret, to: caret };
}

/**
 * Makes the selection a link to a pasted address.
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @param {string} pasted
 * @returns {TextEdit|null} Null unless an address was pasted over words.
 */
export function pastedLink(text, from, to, pasted) {
    const address = pasted.trim();
    const [start, end] = trimmed(text, from, to);
    const words = text.slice(start, end);
    const isMeant = ADDRESS.test(address) && words && !words.includes("\n") && !ADDRESS.test(words);
    if (!isMeant || linkAround(text, start, end)) return null;
    const link = `[${escapedLabel(words)}](${linkTarget(address)})`;
    return { start, end, text: link, from: start + link.length, to: start + link.length };
}

/**
 * Continues a list or a quotation on a new line; ends it at an empty item.
 * @param {string} text
 * @param {number} caret
 * @returns {TextEdit|null} Null if the line is neither.
 */
export function continuedLine(text, caret) {
    const [{ start, end }] = linesOf(text, caret, caret);
    const line = text.slice(start, end);
    const head = /^(\s*)(?:([-*+])|(\d{1,9})([.)]))([ ]+)(\[[ xX]\][ ]+)?|^[ ]{0,3}>[ ]?/.exec(line);
    if (!head || caret < start + head[0].length) return null;
    if (!line.slice(head[0].length).trim()) return { start, end, text: "", from: start, to: start };
    const [, indent = "", bullet, number, point, space = "", task] = head;
    const mark = number ? `${Number(number) + 1}${point}` : bullet;
    const next = mark ? `\n${indent}${mark}${space}${task ? "[ ] " : ""}` : "\n> ";
    return { start: caret, end: caret, text: next, from: caret + next.length, to: caret + next.length };
}

/**
 * Replaces the selection with blocks of their own, which are set off by empty lines.
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @param {string} inserted
 * @returns {TextEdit}
 */
export function insertedBlocks(text, from, to, inserted) {
    const isBlock = inserted.includes("\n") || LINE_PATTERNS.heading.test(inserted);
    const before = isBlock && text.slice(0, from).trim() ? missingBreaks(/\n*$/.exec(text.slice(0, from))) : "";
    const after = isBlock && text.slice(to).trim() ? missingBreaks(/^\n*/.exec(text.slice(to))) : "";
    const caret = from + before.length + inserted.length;
    return { start: from, end: to, text: `${before}${inserted}${after}`, from: caret, to: caret };
}

/** @param {RegExpExecArray|null} present */
function missingBreaks(present) {
    return "\n".repeat(Math.max(0, 2 - (present?.[0].length ?? 0)));
}

/**
 * The address of a link in Markdown.
 * @param {string} address
 */
export function linkTarget(address) {
    return address.replace(/[()<>\s\\]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * The text of a link in Markdown.
 * @param {string} words
 */
export function escapedLabel(words) {
    return words.replace(/[\[\]]/g, "\\$&");
}

/** @param {string} text @param {number} from @param {number} to */
function linkAround(text, from, to) {
    const [{ start, end }] = linesOf(text, from, from);
    for (const found of text.slice(start, end).matchAll(LINK)) {
        const first = start + (found.index ?? 0);
        const last = first + found[0].length;
        // A caret before or after it is not in it.
        if (first <= from && to <= last && (from < to || first < from && to < last)) {
            return { start: first, end: last, label: found[1].replace(/\\([\[\]])/g, "$1") };
        }
    }
    return null;
}

// A caret within a word stands for the word.
/** @param {string} text @param {number} from @param {number} to @returns {[number, number]} */
function wordAt(text, from, to) {
    if (from !== to) return [from, to];
    const before = /[\p{L}\p{M}\p{N}_’'-]*$/u.exec(text.slice(0, from))?.[0].length ?? 0;
    const after = /^[\p{L}\p{M}\p{N}_’'-]*/u.exec(text.slice(to))?.[0].length ?? 0;
    return before > 0 && after > 0 ? [from - before, to + after] : [from, to];
}

/** @param {string} text @param {number} from @param {number} to @returns {[number, number]} */
function trimmed(text, from, to) {
    const words = text.slice(from, Math.max(from, to));
    const start = from + (words.length - words.trimStart().length);
    return [start, Math.max(start, from + words.trimEnd().length)];
}

/** @param {string} text @param {number} from @param {number} to @returns {{start: number, end: number}[]} */
function linesOf(text, from, to) {
    const first = text.lastIndexOf("\n", from - 1) + 1;
    // A selection that ends at the start of a line does not include it.
    const last = to > from && text[to - 1] === "\n" ? to - 1 : to;
    const lines = [];
    for (let start = first; ;) {
        const next = text.indexOf("\n", start);
        const end = next < 0 ? text.length : next;
        lines.push({ start, end });
        if (end >= last) return lines;
        start = end + 1;
    }
}

/**
 * A line of Markdown as people read it, without its marks.
 * @param {string} line
 */
export function plainLine(line) {
    return line.replace(LINE_START, "").replace(/`+([^`]+)`+/g, "$1").replace(/!(?=\[)/g, "").replace(LINK, "$1")
        .replace(/<((?:https?:\/\/|mailto:)[^<>\s]+)>/g, "$1").replace(/(\*\*|\*|~~)(?=\S)(.+?)(?<=\S)\1/g, "$2")
        .replace(/(?<![\p{L}\p{N}_])(__|_)(?=\S)(.+?)(?<=\S)\1(?![\p{L}\p{N}_])/gu, "$2")
        .replace(/\\([!-/:-@[-`{-~])/g, "$1").trim();
}
