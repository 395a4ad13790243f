// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Finding things by a few letters of their names.

/**
 * Returns a text in lower case and without diacritics, for matching.
 * @param {string} text
 */
export function foldedText(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * Rates how well a text matches what was typed: each word must occur in it, at best as a word, or at least its letters
 * in their order. What has the words as they were typed, one after the other, is rated above all others.
 * @param {string} typed
 * @param {string} text
 * @returns {number|null} The larger, the better; null if it does not match.
 */
export function matchScore(typed, text) {
    const folded = foldedText(text);
    const words = foldedText(typed).split(/\s+/).filter(Boolean);
    let score = words.length > 1 ? 5 * placeScore(words.join(" "), folded.replace(/\s+/g, " ")) : 0;
    for (const word of words) {
        const found = wordScore(word, folded);
        if (found === null) return null;
        score += found;
    }
    return score;
}

/** @param {string} word @param {string} text */
function wordScore(word, text) {
    const score = placeScore(word, text);
    if (score > 0) return score;
    if (text.includes(word)) return 60;
    // Single letters in their order: a single one matches nearly everything.
    return word.length > 1 ? lettersScore(word, text) : null;
}

// How well words occur as such: best where no letter follows, and at the start.
/** @param {string} words @param {string} text */
function placeScore(words, text) {
    const places = wordStarts(text).filter(start => text.startsWith(words, start));
    const isWhole = places.some(start => !/^[\p{L}\p{N}]/u.test(text.slice(start + words.length)));
    if (!places.length) return 0;
    return (places[0] === 0 ? 120 : 100) + (isWhole ? 40 : 0);
}

/** @param {string} text */
function wordStarts(text) {
    return [...text.matchAll(/[\p{L}\p{N}]+/gu)].map(({ index = 0 }) => index);
}

/** @param {string} word @param {string} text */
function lettersScore(word, text) {
    let [place, gaps] = [-1, 0];
    for (const letter of word) {
        const next = text.indexOf(letter, place + 1);
        if (next < 0) return null;
        if (place >= 0) gaps += next - place - 1;
        place = next;
    }
    // Letters that are far apart are a coincidence.
    return gaps <= 2 * word.length ? 40 - gaps : null;
}

/**
 * Returns the things that match, best first; of equals, those that come first.
 * @template T
 * @param {T[]} things
 * @param {string} typed
 * @param {(thing: T) => string} textOf
 * @returns {{thing: T, score: number}[]}
 */
export function bestMatches(things, typed, textOf) {
    return things.flatMap(thing => {
        const score = matchScore(typed, textOf(thing));
        return score === null ? [] : [{ thing, score }];
    }).sort((one, other) => other.score - one.score);
}
