// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What is typed into the search of a story: words, and conditions such as `author:ruiz` or `tag:"port alder"`.

/**
 * Splits what was typed into the parameters of a search.
 * @param {string} typed
 * @returns {{q: string|null, author: string|null, tag: string|null}} Null for what is not asked for.
 */
export function searchParameters(typed) {
    /** @type {Record<string, string>} */
    const conditions = {};
    const words = typed.replace(/(?:^|\s)(author|tag):(?:"([^"]*)"?|(\S*))/giu, (_, name, quoted, bare) => {
        conditions[name.toLowerCase()] = (quoted ?? bare).trim();
        return " ";
    });
    return {
        q: words.trim().replace(/\s+/g, " ") || null, author: conditions.author || null, tag: conditions.tag || null,
    };
}

/**
 * Returns what to type to find the updates of an author, or with a tag.
 * @param {"author"|"tag"} name
 * @param {string} value
 */
export function conditionText(name, value) {
    return /\s/.test(value) ? `${name}:"${value.replaceAll('"', "")}"` : `${name}:${value}`;
}

/**
 * Whether what was typed has a phrase in quotation marks.
 * @param {string} typed
 */
export function hasPhraseMarks(typed) {
    return /["“”„«»「」]/.test(typed);
}

/**
 * Returns the path of a search.
 * @param {string|null} story Id; null: in all stories.
 * @param {string} typed
 * @returns {string|null} Null if nothing is asked for.
 */
export function searchPath(story, typed) {
    const given = Object.entries(searchParameters(typed)).filter(([, value]) => value);
    if (!given.length) return null;
    const place = story ? `/stories/${story}` : "/updates";
    return `${place}/search?${given.map(([name, value]) => `${name}=${encodeURIComponent(value ?? "")}`)
        .join("&")}`;
}
