// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Parts of the desk's pages.
import { FOREIGN, WRITTEN, bodyContent, given, make } from "../shared/dom.js";
import { exactTime, shortTime } from "./local-times.js";

let lastNumber = 0;

/**
 * A button that does something.
 * @param {string} text
 * @param {((event: Event) => unknown)|null} action
 * @param {Attributes} attributes
 * @returns {HTMLButtonElement}
 */
export function button(text, action, attributes = {}) {
    return make("button", { type: "button", click: action, ...attributes }, text);
}

/**
 * An id that no other element of the page has.
 * @param {string} name
 */
export function freshId(name) {
    lastNumber += 1;
    return `${name}-${lastNumber}`;
}

/**
 * A link to elsewhere, where the address is one that may be followed; else its text alone.
 * @param {string|null} url
 * @param {string} text
 * @returns {Node|string}
 */
export function outwardLink(url, text) {
    if (!url || !/^https?:\/\//i.test(url)) return text;
    return make("a", { href: url, target: "_blank", rel: FOREIGN }, text);
}

/**
 * A time, short, with all of it in its title.
 * @param {string|null} instant
 * @returns {HTMLElement|null}
 */
export function timeElement(instant) {
    return instant ? make("time", { datetime: instant, title: exactTime(instant) }, shortTime(instant)) : null;
}

/**
 * What a row is the row of.
 * @param {Element} element
 */
export function dataIdOf(element) {
    return element.getAttribute("data-id") ?? "";
}

/**
 * An element that must be there.
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function elementAt(root, selector, kind) {
    const found = root.querySelector(selector);
    if (!(found instanceof kind)) throw new Error(`there is no ${selector}`);
    return found;
}

/**
 * Moves the focus, if there is something to take it.
 * @param {Element|null|undefined} element
 * @param {FocusOptions} [options]
 */
export function focusOnElement(element, options) {
    if (element instanceof HTMLElement) element.focus(options);
}

/**
 * Shows what the server has rendered, and made safe.
 * @param {HTMLElement} node
 * @param {string} bodyHtml
 */
export function showRendered(node, bodyHtml) {
    fill(node, bodyContent(bodyHtml));
    for (const [name, value] of Object.entries(WRITTEN)) node.setAttribute(name, value);
    // Nothing in a text may lead away from what is being written.
    for (const link of node.querySelectorAll("a")) {
        if (!/^(?:https?|mailto):$/.test(link.protocol)) link.removeAttribute("href");
        link.target = "_blank";
        link.rel = FOREIGN;
    }
}

/**
 * Words that are seen by those alone who hear the page.
 * @param {string} text
 */
export function unseen(text) {
    return make("span", { class: "unseen" }, text);
}

/**
 * Puts nodes into a place in the given order, and moves only those that are elsewhere, so that the focus stays.
 * @param {Element} place
 * @param {Node[]} nodes
 */
export function arrange(place, nodes) {
    const wanted = new Set(nodes);
    for (const child of [...place.childNodes]) if (!wanted.has(child)) child.remove();
    let next = place.firstChild;
    for (const node of nodes) {
        if (node === next) next = next.nextSibling;
        else place.insertBefore(node, next);
    }
}

/**
 * Replaces what is in a place.
 * @param {Element} place
 * @param {...Content} children
 */
export function fill(place, ...children) {
    place.replaceChildren(...given(children));
}

/**
 * One of two texts, with what the other has not marked.
 * @param {DiffPart[]} diff
 * @param {"gone"|"new"} kind What the text has for itself: `gone` in the first, `new` in the second.
 * @returns {Node[]}
 */
export function sideNodes(diff, kind) {
    return diff.filter(part => part.kind === "same" || part.kind === kind)
        .map(part => part.kind === kind ? make("mark", {}, part.text) : document.createTextNode(part.text));
}

/**
 * Marks what was changed in a text.
 * @param {DiffPart[]} diff
 * @returns {Node[]}
 */
export function diffNodes(diff) {
    return diff.map(({ kind, text }) => {
        if (kind === "same") return document.createTextNode(text);
        const isGone = kind === "gone";
        return make(isGone ? "del" : "ins", {}, unseen(isGone ? " [taken out: " : " [put in: "), text, unseen("] "));
    });
}
