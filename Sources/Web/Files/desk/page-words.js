// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The words of the page itself, which is the same for all editors, and the choice of their language.
import { CATALOGUE } from "../shared/catalogue.js";
import { make } from "../shared/dom.js";
import { elementAt, fill } from "./elements.js";
import { phrase, phraseParts } from "./phrases.js";

/**
 * Writes the words of the page, with a choice of the language at sign-in and at the foot.
 * @param {import("./settings.js").DeskSettings} settings
 */
export function writePage(settings) {
    const root = document.documentElement;
    root.lang = CATALOGUE.language;
    root.dir = CATALOGUE.dir;
    document.title = phrase("deskTitle");
    /** @param {string} selector @param {...Content} words */
    const write = (selector, ...words) => fill(elementAt(document, selector, HTMLElement), ...words);
    write(".skip", phrase("skipToDesk"));
    write(".brand", ...phraseParts("brand", { desk: make("span", {}, phrase("brandDesk")) }));
    write("#signin-title", phrase("deskTitle"));
    write("label[for=signin-key]", phrase("signInKey"));
    write("#signin-hint", phrase("signInHint"));
    write("#signin button[value=show]", phrase("showKey"));
    write("#signin .flag span", phrase("staySignedIn"));
    write("#signin-stay-hint", phrase("staySignedInHint"));
    write("#signin button[value=leave]", phrase("signOut"));
    write("#signin button.main", phrase("signIn"));
    elementAt(document, "section:has(#pending)", HTMLElement).setAttribute("aria-label", phrase("notYetSaved"));
    const languages = Object.keys(JSON.parse(root.dataset.scripts ?? "{}"));
    write("#language", languageChoice(languages, settings));
    write("#signin .language", languageChoice(languages, settings));
}

/** @param {string[]} languages @param {import("./settings.js").DeskSettings} settings */
function languageChoice(languages, settings) {
    const select = make("select", { autocomplete: "off", change: () => {
        settings.set("language", select.value);
        // What is typed is kept.
        location.reload();
    } }, ...languages.map(language => make("option",
        { value: language, lang: language, selected: language === CATALOGUE.language }, ownName(language))));
    return make("label", {}, phrase("languageOfDesk"), " ", select);
}

/** @param {string} language */
function ownName(language) {
    return new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
}
