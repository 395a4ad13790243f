// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { Feed, comparePlaces } from "../client/feed.js";

/** The default number of updates per page. */
const PAGE_LENGTH = 50;

/**
 * Creates the feed of a server-rendered page.
 * @param {HTMLElement[]} articles
 * @param {"newest"|"oldest"} order
 */
export function feedOfPage(articles, order) {
    const { cursor = "", older = null } = document.body.dataset;
    /** @type {NodeListOf<HTMLElement>} */
    const items = document.querySelectorAll("#timeline li");
    const listed = articles.map(partOf).sort(comparePlaces);
    if (order === "oldest") listed.reverse();
    const limit = older ? Number(new URL(older, location.href).searchParams.get("limit")) || PAGE_LENGTH : Infinity;
    return new Feed({
        story: storyOfPage(), cursor, older, order,
        // Some pinned updates belong to later pages.
        updates: listed.slice(0, limit),
        pinned: listed.filter(({ pinned }) => pinned),
        keyEvents: [...items].map(keyEventOf),
    });
}

/** The part of the story that is in the page's markup. */
function storyOfPage() {
    const { status, story, slug } = document.body.dataset;
    return (
        /** @type {Story} */
        ({ id: story, slug, status })
    );
}

/**
 * The part of an update that is in its markup.
 * @param {HTMLElement} element
 */
function partOf({ classList, dataset: { id, seq, published = "", title } }) {
    return (
        /** @type {Update} */
        ({
            id, seq: Number(seq), publishedAt: published, title: title ?? null,
            pinned: classList.contains("pinned"), keyEvent: classList.contains("key"),
            stricken: classList.contains("stricken") ? { at: published, reason: "" } : null,
        })
    );
}

/** @param {HTMLElement} item */
function keyEventOf(item) {
    return { ...partOf(item), pinned: false, keyEvent: true };
}
