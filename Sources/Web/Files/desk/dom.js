// Elements, without markup in strings: text is always text.
import { exactTime, shortTime } from "./local-times.js";

let lastNumber = 0;

/**
 * Makes an element.
 * @param {string} tag
 * @param {object} attributes Those that are null or false are left out, `true` is an empty one; functions are
 *   listeners, by the name of the event.
 * @param {...(Node|string|null|false)} children Null and false are left out.
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") node.addEventListener(name, value);
        else if (isThere(value)) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.flat().filter(isThere));
    return node;
}

function isThere(value) {
    return value !== null && value !== undefined && value !== false;
}

/**
 * A button that does something.
 * @param {string} text
 * @param {(event: Event) => void} action
 * @param {object} attributes
 * @returns {HTMLButtonElement}
 */
export function button(text, action, attributes = {}) {
    return make("button", { type: "button", click: action, ...attributes }, text);
}

/** For what an editor wrote, in its own direction and in a language that is not known. */
export const WRITTEN_TEXT = { dir: "auto", lang: "" };

/**
 * A name among words of ours.
 * @param {...(Node|string)} content
 * @returns {HTMLElement}
 */
export function named(...content) {
    return make("bdi", { lang: "" }, ...content);
}

/** An id that no other element of the page has. */
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
    return make("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, text);
}

/**
 * A time, short, with all of it in its title.
 * @param {string|null} instant
 * @returns {HTMLElement|null}
 */
export function timeElement(instant) {
    return instant && make("time", { datetime: instant, title: exactTime(instant) }, shortTime(instant));
}

/**
 * Shows what the server has rendered, and made safe.
 * @param {HTMLElement} node
 * @param {string} bodyHtml
 */
export function showRendered(node, bodyHtml) {
    node.innerHTML = bodyHtml;
    node.setAttribute("dir", "auto");
    node.setAttribute("lang", "");
    // Nothing in a text may lead away from what is being written.
    for (const link of node.querySelectorAll("a")) {
        if (!/^(?:https?|mailto):$/.test(link.protocol)) link.removeAttribute("href");
        link.target = "_blank";
        link.rel = "noopener noreferrer nofollow";
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
 * @param {HTMLElement} place
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
 * @param {HTMLElement} place
 * @param {...(Node|string|null|false)} children
 */
export function fill(place, ...children) {
    place.replaceChildren(...children.flat().filter(isThere));
}

/**
 * One of two texts, with what the other has not marked.
 * @param {{kind: "same"|"gone"|"new", text: string}[]} diff
 * @param {"gone"|"new"} kind What the text has for itself: `gone` in the first, `new` in the second.
 * @returns {Node[]}
 */
export function sideNodes(diff, kind) {
    return diff.filter(part => part.kind === "same" || part.kind === kind)
        .map(part => part.kind === kind ? make("mark", {}, part.text) : document.createTextNode(part.text));
}

/**
 * Marks what was changed in a text.
 * @param {{kind: "same"|"gone"|"new", text: string}[]} diff
 * @returns {Node[]}
 */
export function diffNodes(diff) {
    return diff.map(({ kind, text }) => {
        if (kind === "same") return document.createTextNode(text);
        const isGone = kind === "gone";
        return make(isGone ? "del" : "ins", {}, unseen(isGone ? " [taken out: " : " [put in: "), text, unseen("] "));
    });
}
