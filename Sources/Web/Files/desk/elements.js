// SPDX-License-Identifier: Apache-2.0
// @ts-check
// DOM helpers of the desk.
import { FOREIGN, WRITTEN, bodyContent, given, make } from "../shared/dom.js";
import { exactTime, shortTime } from "./local-times.js";
import { phrase } from "./phrases.js";

let lastNumber = 0;

/**
 * Creates a button with a click handler.
 * @param {string} text
 * @param {((event: Event) => unknown)|null} action
 * @param {Attributes} attributes
 * @returns {HTMLButtonElement}
 */
export function button(text, action, attributes = {}) {
    return make("button", { type: "button", click: action, ...attributes }, text);
}

/**
 * Creates a button, shown on phones alone, that unfolds the actions after it.
 * @param {HTMLElement} actions Has an id.
 */
export function moreButton(actions) {
    const node = button(phrase("more"), () => {
        node.setAttribute("aria-expanded", String(node.getAttribute("aria-expanded") !== "true"));
    }, { class: "quiet more-actions", "aria-expanded": "false", "aria-controls": actions.id });
    return node;
}

/**
 * Returns an id unique on the page.
 * @param {string} name
 */
export function freshId(name) {
    lastNumber += 1;
    return `${name}-${lastNumber}`;
}

/**
 * Creates an external link, or just its text if the URL is not http(s).
 * @param {string|null} url
 * @param {string} text
 * @returns {Node|string}
 */
export function outwardLink(url, text) {
    if (!url || !/^https?:\/\//i.test(url)) return text;
    return make("a", { href: url, target: "_blank", rel: FOREIGN }, text);
}

/**
 * Creates a `<time>` element: the short form, with the exact time as its title.
 * @param {string|null} instant
 * @returns {HTMLElement|null}
 */
export function timeElement(instant) {
    return instant ? make("time", { datetime: instant, title: exactTime(instant) }, shortTime(instant)) : null;
}

/**
 * The `data-id` of a row; empty if it has none.
 * @param {Element} element
 */
export function dataIdOf(element) {
    return element.getAttribute("data-id") ?? "";
}

/**
 * Returns the element that matches a selector; throws if it is missing or of another class.
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
 * Focuses an element, if there is one.
 * @param {Element|null|undefined} element
 * @param {FocusOptions} [options]
 */
export function focusOnElement(element, options) {
    if (element instanceof HTMLElement) element.focus(options);
}

/**
 * Shows HTML that the server has rendered and sanitized.
 * @param {HTMLElement} node
 * @param {string} bodyHtml
 */
export function showRendered(node, bodyHtml) {
    fill(node, bodyContent(bodyHtml));
    for (const [name, value] of Object.entries(WRITTEN)) node.setAttribute(name, value);
    // Links open in a new tab, so that none leads away from unsaved input.
    for (const link of node.querySelectorAll("a")) {
        if (!/^(?:https?|mailto):$/.test(link.protocol)) link.removeAttribute("href");
        link.target = "_blank";
        link.rel = FOREIGN;
    }
}

/**
 * Creates visually hidden text for screen readers.
 * @param {string} text
 */
export function unseen(text) {
    return make("span", { class: "unseen" }, text);
}

/**
 * Reconciles the children of an element with `nodes`; moves only those out of order, so that the focus is kept.
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
 * Replaces the children of an element.
 * @param {Element} place
 * @param {...Content} children
 */
export function fill(place, ...children) {
    place.replaceChildren(...given(children));
}

/**
 * Renders one side of a diff, with the parts that only this side has marked.
 * @param {DiffPart[]} diff
 * @param {"gone"|"new"} kind The parts of this side only: `gone` for the first text, `new` for the second.
 * @returns {Node[]}
 */
export function sideNodes(diff, kind) {
    return diff.filter(part => part.kind === "same" || part.kind === kind)
        .map(part => part.kind === kind ? make("mark", {}, part.text) : document.createTextNode(part.text));
}

/**
 * Renders a diff inline, with `<del>` and `<ins>`.
 * @param {DiffPart[]} diff
 * @returns {Node[]}
 */
export function diffNodes(diff) {
    return diff.map(({ kind, text }) => {
        if (kind === "same") return document.createTextNode(text);
        const isGone = kind === "gone";
        return make(isGone ? "del" : "ins", {},
            unseen(isGone ? ` [${phrase("takenOut")}: ` : ` [${phrase("putIn")}: `), text, unseen("] "));
    });
}
