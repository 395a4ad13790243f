// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { WRITTEN, bodyContent, make, named } from "../shared/dom.js";
import { foreignLink, reactionButtons } from "../shared/markup.js";
import { timeElement, updateAddress } from "../shared/markup.js";
import { figureElement } from "../shared/picture.js";
import { RETRACTED, summaryTitle } from "./update-summary.js";

// Mirrors the server's StoryMarkup.swift, for the content around the updates; see markup.js.

/** @type {(keyof LinkLists)[]} */
const LINK_KINDS = ["related", "ranking", "recommendation"];
/** For `sizes` of the story's picture. */
const HEADER = "(min-width: 60rem) 46rem, 100vw";

/**
 * Renders the story's header; `counts` are of its own reactions.
 * @param {Story} story
 * @param {ReactionCounts} counts
 * @param {MarkupContext} context
 */
export function headerElement(story, counts, context) {
    const isClosed = story.status === "closed";
    return make(
        "header",
        { id: "story" },
        story.section.length > 0 && make(
            "nav", { class: "breadcrumb", "aria-label": "Breadcrumb" },
            make("ol", {}, listItems(story.section.map(name => named(name))))),
        make("p", { class: isClosed ? "status closed" : "status live" }, isClosed ? "Closed" : "Live"),
        make("h1", WRITTEN, story.title),
        story.byline !== null && make("p", { class: "byline" }, "By ", named(story.byline)),
        story.source && storySource(story.source),
        story.publishedAt && make("p", { class: "dates" }, "Published ", timeElement(story.publishedAt)),
        story.summary !== null && make("p", { class: "standfirst", ...WRITTEN }, story.summary),
        // The page's first picture, so it is loaded at once.
        story.image && figureElement(story.image, HEADER, "", { fetchpriority: "high" }),
        story.keyPoints.length > 0 && make(
            "section", { class: "key-points" },
            make("h2", {}, "What to know"),
            make("ul", {}, story.keyPoints.map(point => make("li", WRITTEN, point)))),
        make("p", { class: "reactions" }, reactionButtons(counts, context)),
    );
}

/**
 * Renders the timeline of key events. Each needs only id, seq, publishedAt, title and stricken.
 * @param {Update[]} events
 * @param {MarkupContext} context
 */
export function timelineElement(events, context) {
    return make(
        "nav",
        { id: "timeline", "aria-label": "Key events", hidden: events.length === 0 },
        make("h2", {}, "Key events"),
        make("ol", {}, events.map(event => keyEventItem(event, context))),
    );
}

/**
 * The title of an update, or a substitute.
 * @param {Summarized} update
 */
export function updateTitle(update) {
    return summaryTitle(update, html => {
        const content = bodyContent(html);
        return { text: content.textContent, alts: [...content.querySelectorAll("img")].map(({ alt }) => alt) };
    });
}

/**
 * Renders the non-empty lists of links.
 * @param {LinkLists} links
 */
export function linksElement(links) {
    return make("div", { id: "links" }, LINK_KINDS.filter(kind => links[kind]?.length > 0).map(kind => make(
        "section",
        { class: kind },
        make("h2", {}, kind[0].toUpperCase() + kind.slice(1)),
        // Only a ranking is ordered.
        make(kind === "ranking" ? "ol" : "ul", WRITTEN, listItems(links[kind].map(linkContent))),
    )));
}

/** @param {Content[]} contents */
function listItems(contents) {
    return contents.map(content => make("li", {}, content));
}

/** @param {NonNullable<Story["source"]>} options */
function storySource({ name, url, date }) {
    return make(
        "p", { class: "source" },
        "First published by ", foreignLink(url, named(name)), date && [" ", timeElement(date)]);
}

/** @param {Update} event @param {MarkupContext} context */
function keyEventItem(event, context) {
    const { id, seq, publishedAt, stricken } = event;
    const title = updateTitle(event);
    return make(
        "li",
        {
            class: stricken ? "stricken" : null, "data-id": id, "data-seq": seq, "data-published": publishedAt,
            "data-title": title,
        },
        make(
            "a", { href: updateAddress(id, context) }, timeElement(publishedAt), " ",
            make("span", {}, stricken ? [RETRACTED, make("s", {}, named(title))] : named(title))),
    );
}

/** @param {StoryLink} options */
function linkContent({ title, url, story, image }) {
    const content = [image && make("img", { src: image, alt: "", loading: "lazy", width: 64, height: 64 }), title];
    return story ? make("a", { href: `/live/${story}` }, content) : foreignLink(url, content);
}
