// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Elements, without markup in strings: nothing is ever made of text but text, except of `bodyHtml`, which the server
// has made safe.

/** For what an editor wrote, in its own direction and in a language that is not known. */
export const WRITTEN = { dir: "auto", lang: "" };

/** What is said of a link to pages of others, which are vouched for by nobody. */
export const FOREIGN = "noopener noreferrer nofollow";

/**
 * An element. Attributes and children that are null, undefined or false are left out; true is an empty attribute;
 * functions are listeners, by the name of the event.
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
    // Two texts side by side are one in a page that was read.
    made.normalize();
    return made;
}

/**
 * Nodes and texts without what is null, undefined or false.
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
 * A name among words of ours: in its own direction, and in a language that is not known.
 * @param {...Content} content
 */
export function named(...content) {
    return make("bdi", { lang: "" }, ...content);
}

/**
 * HTML that the server has made safe, as nodes that load nothing before they stand in the page.
 * @param {string} html
 */
export function bodyContent(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
}
