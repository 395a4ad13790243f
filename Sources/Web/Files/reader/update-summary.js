// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Mirrors the server's UpdateSummary.swift for changes on an open page. Change both together.

const EXCERPT_LENGTH = 4096;
const TITLE_LENGTH = 110;

/**
 * The title of an update, or a substitute: the beginning of its text, an alternative text or caption, or its time. One
 * line, never empty. `textOf(html)` returns {text, alts}.
 * @param {Summarized} options
 * @param {TextOf} textOf
 * @param {Words} words
 */
export function summaryTitle({ title, bodyHtml = "", media = [], publishedAt }, textOf, words) {
    const known = title ?? bodyWords(bodyHtml, textOf) ?? mediaWords(media);
    return shortened(oneLine(known ?? timeWords(publishedAt, words)));
}

/** @param {string} bodyHtml @param {TextOf} textOf */
function bodyWords(bodyHtml, textOf) {
    const { text, alts } = textOf([...bodyHtml].slice(0, EXCERPT_LENGTH).join(""));
    return [text, ...alts].find(hasWords);
}

/** @param {Media[]} media */
function mediaWords(media) {
    return media.map(({ alt, caption }) => [alt, caption].find(hasWords)).find(hasWords);
}

/** @param {string} iso @param {Words} words */
function timeWords(iso, words) {
    return words.say("updateOf", { time: `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` });
}

/**
 * Whether a text has visible characters.
 * @param {string|null|undefined} text
 */
function hasWords(text) {
    return /[^\p{White_Space}\p{Default_Ignorable_Code_Point}]/u.test(text ?? "");
}

/** @param {string} text */
function oneLine(text) {
    return text.split(/\p{White_Space}+/u).filter(Boolean).join(" ");
}

/** @param {string} text */
function shortened(text) {
    const scalars = [...text];
    if (scalars.length <= TITLE_LENGTH) return text;
    const start = scalars.slice(0, TITLE_LENGTH);
    const space = start.lastIndexOf(" ");
    if (space * 2 >= TITLE_LENGTH) return `${start.slice(0, space).join("")}…`;
    return `${text.slice(0, characterStart(text, start.join("").length))}…`;
}

/**
 * The start of the grapheme cluster at an index.
 * @param {string} text
 * @param {number} place
 */
function characterStart(text, place) {
    return new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text).containing(place).index;
}
