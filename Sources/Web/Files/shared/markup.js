// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { FOREIGN, WRITTEN, bodyContent, isGiven, make, named } from "./dom.js";
import { figcaption, picturesElement } from "./picture.js";
import { plainTime } from "./times.js";

// Mirrors the server's UpdateMarkup.swift for changes on an open page. Change both together: a page that was followed
// must equal a fresh one. Tests/Golden/updates.json verifies this.

/**
 * Renders an update. `counts`: {kind: count}; `context`: {slug, kinds, base, titleOf}, where `base` is the server's
 * origin on other sites, and `titleOf(update)` the value of `data-title`.
 * @param {Update} update
 * @param {ReactionCounts} counts
 * @param {MarkupContext} context
 */
export function updateElement(update, counts, context) {
    const marks = [["key", update.keyEvent], ["pinned", update.pinned], ["stricken", update.stricken]];
    const names = marks.filter(([, holds]) => holds).map(([name]) => name);
    const cards = context.placeCards?.(update, context);
    return make(
        "article",
        {
            class: ["update", ...names].join(" "), id: `u-${update.id}`, "data-id": update.id, "data-seq": update.seq,
            "data-published": update.publishedAt, "data-title": context.titleOf?.(update),
        },
        updateHead(update, context),
        update.stricken && retraction(update.stricken),
        bodyElement(cards ? cards.body(update.bodyHtml) : bodyContent(update.bodyHtml), context.base),
        mediaContent(update.media, context.base, cards),
        cards?.others(),
        update.sources.length > 0 && make("p", { class: "sources" }, "Sources: ", update.sources.map(updateSource)),
        update.tags.length > 0
            && make("ul", { class: "tags" }, update.tags.map(tag => make("li", {}, named(tag)))),
        make("footer", {}, reactionButtons(counts, context)),
    );
}

/**
 * Renders a button for each kind of reaction.
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
 * Formats a count of reactions; empty for zero.
 * @param {number|undefined} count
 */
export function countText(count) {
    return count && count > 0 ? String(count) : "";
}

/**
 * The label of a kind: "Very good" for `veryGood`.
 * @param {string} kind
 */
export function kindLabel(kind) {
    const words = kind.replace(/(?!^)[A-Z]/g, " $&").toLowerCase();
    return words[0].toUpperCase() + words.slice(1);
}

/**
 * Renders a time in UTC, as it is before `refreshTimes`.
 * @param {string} iso
 */
export function timeElement(iso) {
    return make("time", { datetime: iso }, plainTime(iso));
}

/**
 * The URL of an update's page.
 * @param {string} id
 * @param {Pick<MarkupContext, "slug"|"base">} options
 */
export function updateAddress(id, { base = "", slug }) {
    return `${base}/live/${slug}/${id}`;
}

/**
 * Renders a link to another site; without a URL, the content alone.
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

/** @param {DocumentFragment} content @param {string|undefined} base */
function bodyElement(content, base) {
    // On other sites root-relative URLs must point to the server.
    for (const name of base ? ["href", "src"] : []) {
        for (const node of content.querySelectorAll(`[${name}^="/"]`)) {
            node.setAttribute(name, `${base}${node.getAttribute(name)}`);
        }
    }
    return make("div", { class: "body", ...WRITTEN }, content);
}

/** @param {Media[]} media @param {string|undefined} base @param {CardPlaces|undefined} cards */
function mediaContent(media, base, cards) {
    const pictures = media.filter(({ type }) => type === "image");
    return media.map(medium => {
        if (medium.type === "image") return medium === pictures[0] && picturesElement(pictures, base);
        return cards?.medium(medium) ?? mediumElement(medium);
    });
}

/** @param {Media} medium */
function mediumElement(medium) {
    const { type, url, alt, caption, credit, width, height } = medium;
    if (type === "link") {
        const small = isGiven(credit) && [" · ", make("small", {}, named(credit))];
        return make("p", { class: "media" }, foreignLink(url, named(caption ?? alt ?? url)), small);
    }
    const size = type === "video" ? { width, height } : {};
    const attributes = { src: url, controls: true, preload: "none", ...size, "aria-label": alt };
    return make("figure", {}, make(type === "video" ? "video" : "audio", attributes), figcaption(medium));
}

/** @param {Update["sources"][number]} options @param {number} index */
function updateSource({ name, url }, index) {
    return [index > 0 ? ", " : null, foreignLink(url, named(name))];
}

// --- reconciliation ---

/**
 * Reconciles an element with a newly made one, leaving equal nodes alone, so that focus, playing media and selections
 * are kept. Skips the texts of times and reaction buttons, which are updated separately, and styles, which only scripts
 * set.
 * @param {Element} old
 * @param {Element} made
 */
export function renew(old, made) {
    if (old.localName === "time" && old.getAttribute("datetime") === made.getAttribute("datetime")) return;
    if (old.matches("button.react")) return;
    // What a frame shows, or asks, goes on.
    const frame = old.getAttribute("data-frame");
    if (frame && frame === made.getAttribute("data-frame")) return;
    /** @param {Attr} attribute */
    const mayChange = ({ name }) => name !== "style";
    for (const { name } of [...old.attributes].filter(mayChange)) {
        if (!made.hasAttribute(name)) old.removeAttribute(name);
    }
    for (const { name, value } of [...made.attributes].filter(mayChange)) {
        if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
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
 * The first node, from `node` on, that equals `other` or has its `data-id`.
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
 * Whether a node can be reconciled with another.
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
