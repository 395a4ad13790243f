// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The language of the desk.

/**
 * The language of which there is a script that is written in the first of the wanted ones for which there is any:
 * `zh-Hans` is what is meant by `zh-CN`, but not by `zh-TW`.
 * @param {readonly (string|null|undefined)[]} wanted BCP 47, what is preferred first.
 * @param {string[]} languages Those that there are.
 */
export function deskLanguage(wanted, languages) {
    const known = new Map(languages.map(language => [writtenForm(language), language]));
    const found = wanted.map(tag => tag && known.get(writtenForm(tag)));
    return found.find(Boolean) || languages[0];
}

/** @param {string} tag @returns {string} Language and script, such as `zh-Hans`; empty for what is no tag. */
function writtenForm(tag) {
    try {
        const { language, script } = new Intl.Locale(tag).maximize();
        return `${language}-${script}`;
    } catch {
        return "";
    }
}
