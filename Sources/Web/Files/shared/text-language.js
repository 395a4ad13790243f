// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Mirrors the server's TextScript.swift. Change both together.

/**
 * The scripts of letters, by the script of a language (ISO 15924).
 * @type {Record<string, string>}
 */
const LETTERS = {
    Latn: "Latn", Grek: "Grek", Cyrl: "Cyrl", Hebr: "Hebr", Arab: "Arab", Deva: "Deva", Thai: "Thai",
    Jpan: "Hira Kana Hani", Kore: "Hang Hani", Hans: "Hani", Hant: "Hani",
};
/** How much of a text is looked at. */
const SCALARS = 300;

/**
 * The language of an update's text, as `lang` has it: its own, or that of the story if the letters fit it; else what
 * the script leaves no doubt about.
 * @param {Pick<Update, "language">} update
 * @param {string} text
 * @param {string|undefined} inherited
 */
export function textLanguage({ language }, text, inherited) {
    // Servers of earlier versions send none.
    if (language) return language;
    const letters = [...text].slice(0, SCALARS).filter(letter => /\p{Alphabetic}/u.test(letter));
    /** @param {string} scripts */
    const count = scripts => {
        const pattern = new RegExp(`[${scripts.replace(/(\w+) ?/g, "\\p{scx=$1}")}]`, "u");
        return letters.filter(letter => pattern.test(letter)).length;
    };
    const scripts = inherited && LETTERS[new Intl.Locale(inherited).maximize().script ?? ""];
    if (inherited && (!scripts || count(scripts) * 2 >= letters.length)) return inherited;
    const [kana, hangul] = [count("Hira Kana"), count("Hang")];
    if (kana + hangul === 0 || count("Hira Kana Hang Hani") * 2 < letters.length) return "";
    return kana > hangul ? "ja" : "ko";
}
