// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Creates elements without parsing strings as HTML, so that text cannot inject markup. The one exception is `bodyHtml`,
// which the server has sanitized.

/** Attributes of text whose direction and language are unknown. */
export const WRITTEN = { dir: "auto", lang: "" };

/**
 * Attributes of editors' text in a language, if that is known.
 * @param {string|undefined} language
 */
export const written = (language = "") => ({ dir: "auto", lang: language });

/** The `rel` of links to other sites. */
export const FOREIGN = "noopener noreferrer nofollow";

/**
 * Creates an element. Attributes and children that are null, undefined or false are left out; true is an empty
 * attribute; functions are listeners, by event name.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {...Content} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") made.addEventListener(name, value);
        else if (isGiven(value)) made.setAttribute(name, value === true ? "" : String(value));
    }
    made.append(...given(children));
    // A parsed page has no adjacent text nodes.
    made.normalize();
    return made;
}

/**
 * Flattens children, and drops null, undefined and false.
 * @param {Content[]} children
 * @returns {(Node|string)[]}
 */
export function given(children) {
    /** @type {unknown[]} */
    const all = children;
    return (
        /** @type {(Node|string)[]} */
        (all.flat(Infinity).filter(isGiven))
    );
}

/**
 * @template T
 * @param {T} value
 * @returns {value is Exclude<T, null|undefined|false>}
 */
export function isGiven(value) {
    return value !== null && value !== undefined && value !== false;
}

/**
 * Creates a `<bdi>` that isolates editors' text within a label, with unknown language.
 * @param {...Content} content
 */
export function named(...content) {
    return make("bdi", { lang: "" }, ...content);
}

/**
 * Parses HTML; in a template, nothing loads before insertion. Only what the server has sanitized may be inserted.
 * @param {string} html
 */
export function bodyContent(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
}
