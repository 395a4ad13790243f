// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { FOREIGN, WRITTEN, bodyContent, isGiven, make, named } from "./dom.js";
import { plainTime } from "./times.js";

// What the server writes (UpdateMarkup.swift), for what changes on an open page: the two are to be changed together,
// since a page that was followed must be the same as a fresh one; Tests/Golden/updates.json holds them together.

/**
 * An update of the API. `counts`: {kind: count}; `context`: {slug, kinds, base, titleOf}, where `base` is the origin of
 * the server for pages of others, and `titleOf(update)` the title that the element is to carry.
 * @param {Update} update
 * @param {ReactionCounts} counts
 * @param {MarkupContext} context
 */
export function updateElement(update, counts, context) {
    const marks = [["key", update.keyEvent], ["pinned", update.pinned], ["stricken", update.stricken]];
    const names = marks.filter(([, holds]) => holds).map(([name]) => name);
    return make(
        "article",
        {
            class: ["update", ...names].join(" "), id: `u-${update.id}`, "data-id": update.id, "data-seq": update.seq,
            "data-published": update.publishedAt, "data-title": context.titleOf?.(update),
        },
        updateHead(update, context),
        update.stricken && retraction(update.stricken),
        bodyElement(update.bodyHtml, context.base),
        update.media.map(mediumElement),
        update.sources.length > 0 && make("p", { class: "sources" }, "Sources: ", update.sources.map(updateSource)),
        update.tags.length > 0
            && make("ul", { class: "tags" }, update.tags.map(tag => make("li", {}, named(tag)))),
        make("footer", {}, reactionButtons(counts, context)),
    );
}

/**
 * A button for each kind of reaction.
 * @param {ReactionCounts} counts
 * @param {Pick<MarkupContext, "kinds">} options
 */
export function reactionButtons(counts, { kinds }) {
    return kinds.map(kind => make(
        "button",
        { type: "button", class: "react", "data-kind": kind, "aria-pressed": "false", disabled: true },
        `${kindLabel(kind)} `,
        make("span", { class: "count" }, countText(counts[kind])),
    ));
}

/**
 * A count of reactions; none is not worth a number.
 * @param {number|undefined} count
 */
export function countText(count) {
    return count && count > 0 ? String(count) : "";
}

/**
 * For people: "Very good" of `veryGood`.
 * @param {string} kind
 */
export function kindLabel(kind) {
    const words = kind.replace(/(?!^)[A-Z]/g, " $&").toLowerCase();
    return words[0].toUpperCase() + words.slice(1);
}

/**
 * A time of the API, as it is before `refreshTimes`.
 * @param {string} iso
 */
export function timeElement(iso) {
    return make("time", { datetime: iso }, plainTime(iso));
}

/**
 * The address of an update's page.
 * @param {string} id
 * @param {Pick<MarkupContext, "slug"|"base">} options
 */
export function updateAddress(id, { base = "", slug }) {
    return `${base}/live/${slug}/${id}`;
}

/**
 * A link to pages of others, who are vouched for by nobody; without an address the content alone.
 * @param {string|null} url
 * @param {...Content} content
 */
export function foreignLink(url, ...content) {
    return url ? make("a", { href: url, rel: FOREIGN }, content) : content;
}

/** @param {Update} update @param {MarkupContext} context */
function updateHead(update, context) {
    const marks = [["Pinned", update.pinned], ["Key event", update.keyEvent], ["Edited", update.edited]];
    const address = updateAddress(update.id, context);
    return make(
        "header",
        {},
        make("a", { class: "permalink", href: address }, timeElement(update.publishedAt)),
        marks.filter(([, holds]) => holds).map(([words]) => make("span", { class: "mark" }, String(words))),
        isGiven(update.title) && make("h3", WRITTEN, update.title),
        isGiven(update.author) && make("p", { class: "author" }, named(update.author)),
        update.occurredAt && make("p", { class: "occurred" }, "Happened ", timeElement(update.occurredAt)),
    );
}

/** @param {{ at: string, reason: string }} options */
function retraction({ at, reason }) {
    const word = make("strong", {}, "Retracted");
    return make("p", { class: "retraction" }, word, " ", timeElement(at), ": ", named(reason));
}

/** @param {string} html @param {string|undefined} base */
function bodyElement(html, base) {
    const content = bodyContent(html);
    // On pages of others a root-relative address is the server's, not theirs.
    for (const name of base ? ["href", "src"] : []) {
        for (const node of content.querySelectorAll(`[${name}^="/"]`)) {
            node.setAttribute(name, `${base}${node.getAttribute(name)}`);
        }
    }
    return make("div", { class: "body", ...WRITTEN }, content);
}

/** @param {Media} options */
function mediumElement({ type, url, alt, caption, credit, width, height }) {
    const small = isGiven(credit) && make("small", {}, named(credit));
    if (type === "link") {
        const link = foreignLink(url, named(caption ?? alt ?? url));
        return make("p", { class: "media" }, link, small ? [" · ", small] : null);
    }
    const words = [caption, isGiven(caption) && small ? " · " : null, small];
    const attributes = type === "image"
        ? { src: url, loading: "lazy", decoding: "async", alt: alt ?? "", width, height }
        : { src: url, controls: true, preload: "none", ...(type === "video" && { width, height }), "aria-label": alt };
    const shown = make(type === "image" ? "img" : type, attributes);
    return make("figure", {}, shown, words.some(isGiven) && make("figcaption", WRITTEN, words));
}

/** @param {Update["sources"][number]} options @param {number} index */
function updateSource({ name, url }, index) {
    return [index > 0 ? ", " : null, foreignLink(url, named(name))];
}

// --- renewal ---

/**
 * Makes an element of the page the same as one that was just made, and leaves what is the same alone, so that focus,
 * films and selections stay. Texts of times and reaction buttons have a life of their own.
 * @param {Element} old
 * @param {Element} made
 */
export function renew(old, made) {
    if (old.localName === "time" && old.getAttribute("datetime") === made.getAttribute("datetime")) return;
    if (old.matches("button.react")) return;
    for (const { name } of [...old.attributes]) if (!made.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of made.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    renewChildren(old, made);
}

/** @param {Node} old @param {Node} made */
function renewChildren(old, made) {
    let next = old.firstChild;
    for (const child of [...made.childNodes]) {
        const found = laterLike(next, child) ?? (isLike(next, child) && !laterLike(child, next) ? next : null);
        if (!found) {
            old.insertBefore(child, next);
            continue;
        }
        while (next && next !== found) next = dropped(next);
        if (found instanceof Element && child instanceof Element) renew(found, child);
        else found.nodeValue = child.nodeValue;
        next = found.nextSibling;
    }
    while (next) next = dropped(next);
}

/**
 * From a node on, the first that is the same thing as another.
 * @param {ChildNode|null} node
 * @param {ChildNode|null} other
 */
function laterLike(node, other) {
    for (let next = node; next && other; next = next.nextSibling) {
        if (next.isEqualNode(other) || (dataId(next) && dataId(next) === dataId(other))) return next;
    }
    return null;
}

/**
 * Whether one can be made the other.
 * @param {Node|null} node
 * @param {Node} other
 */
function isLike(node, other) {
    return node?.nodeName === other.nodeName && dataId(node) === dataId(other);
}

/** @param {Node|null} node */
function dataId(node) {
    return node instanceof HTMLElement ? node.dataset.id : undefined;
}

/** @param {ChildNode} node */
function dropped(node) {
    const next = node.nextSibling;
    node.remove();
    return next;
}
