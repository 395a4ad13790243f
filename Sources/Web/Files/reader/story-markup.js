// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { WRITTEN, bodyContent, make, named, written } from "../shared/dom.js";
import { foreignLink, reactionButtons } from "../shared/markup.js";
import { timeElement, updateAddress } from "../shared/markup.js";
import { figureElement } from "../shared/picture.js";
import { summaryTitle } from "./update-summary.js";

// Mirrors the server's StoryMarkup.swift, for the content around the updates; see markup.js.

/** @type {(keyof LinkLists)[]} */
const LINK_KINDS = ["related", "ranking", "recommendation"];
/** For `sizes` of the story's picture. */
const HEADER = "(min-width: 60rem) 23rem, 30vw";

/**
 * Renders the story's header; `counts` are of its own reactions.
 * @param {Story} story
 * @param {ReactionCounts} counts
 * @param {MarkupContext} context
 */
export function headerElement(story, counts, context) {
    const { words } = context;
    const own = written(context.language);
    return make(
        "header",
        { id: "story" },
        story.section.length > 0 && make(
            "nav", { class: "breadcrumb", "aria-label": words.say("breadcrumb") },
            make("ol", {}, listItems(story.section.map(name => named(name))))),
        statusElement(story, words),
        make("h1", own, story.title),
        make(
            "div", { class: "facts" },
            story.byline !== null && make(
                "p", { class: "byline" }, words.parts("byline", { name: named(story.byline) })),
            story.source && storySource(story.source, words),
            story.publishedAt && make(
                "p", { class: "dates" }, words.parts("published", { time: timeElement(story.publishedAt) }))),
        story.status === "closed" && story.ending !== null && make("p", { class: "ending" }, words.parts("ending", {
            label: make("strong", {}, words.say("endingLabel")), ending: named(story.ending),
        })),
        story.summary !== null && make("p", { class: "standfirst", ...own }, story.summary),
        // The page's first picture, so it is loaded at once.
        story.image && figureElement(story.image, HEADER, context, { fetchpriority: "high" }),
        story.keyPoints.length > 0 && make(
            "details", { class: "key-points", "data-fold": "points" },
            make("summary", {}, make("h2", {}, words.say("keyPoints"))),
            make("ul", {}, story.keyPoints.map(point => make("li", own, point)))),
        make("p", { class: "reactions" }, reactionButtons(counts, context)),
    );
}

/**
 * Renders the short header of the page of one update, or of a part of the updates.
 * @param {Story} story
 * @param {boolean} isOfOne
 * @param {MarkupContext} context
 */
export function shortHeaderElement(story, isOfOne, { words, language }) {
    return make(
        "header", { id: "story", class: "short" },
        statusElement(story, words),
        isOfOne && make("p", { class: "part" }, words.say("oneOf." + story.status)),
        make("h1", written(language), make("a", { href: `/live/${story.slug}` }, story.title)),
    );
}

/**
 * Renders what the bar shows of the story once the header is out of sight.
 * @param {Story} story
 * @param {MarkupContext} context
 */
export function placeElement({ status, title }, { words, language }) {
    const isClosed = status === "closed";
    return make(
        "a", { href: "#story" },
        make("span", { class: isClosed ? "status closed" : "status live" }, words.say(isClosed ? "closed" : "live")),
        " ", make("span", written(language), title));
}

/**
 * What an empty list says.
 * @param {Story} story
 * @param {boolean} isFiltered
 * @param {Words} words
 */
export function emptyWords({ status, publishedAt, createdAt }, isFiltered, words) {
    const key = isFiltered ? "emptyView" : status === "closed" ? "emptyClosed" : "emptyLive";
    return words.parts(key, { time: timeElement(publishedAt ?? createdAt) });
}

/** @param {Story} story @param {Words} words */
function statusElement({ status, closedAt }, words) {
    if (status !== "closed") return make("p", { class: "status live" }, words.say("live"));
    return make("p", { class: "status closed" }, words.say("closed"), closedAt && [" ", timeElement(closedAt)]);
}

/**
 * Renders the timeline of key events. Each needs only id, seq, publishedAt, title and stricken.
 * @param {Update[]} events
 * @param {MarkupContext} context
 */
export function timelineElement(events, context) {
    return make(
        "nav",
        { id: "timeline", "aria-label": context.words.say("keyEvents"), hidden: events.length === 0 },
        make("h2", {}, context.words.say("keyEvents")),
        make("ol", {}, events.map(event => keyEventItem(event, context))),
    );
}

/**
 * The title of an update, or a substitute.
 * @param {Summarized} update
 * @param {Words} words
 */
export function updateTitle(update, words) {
    return summaryTitle(update, html => {
        const content = bodyContent(html);
        return { text: content.textContent, alts: [...content.querySelectorAll("img")].map(({ alt }) => alt) };
    }, words);
}

/**
 * Renders the non-empty lists of links.
 * @param {LinkLists} links
 * @param {Words} words
 */
export function linksElement(links, words) {
    return make("div", { id: "links" }, LINK_KINDS.filter(kind => links[kind]?.length > 0).map(kind => make(
        "section",
        { class: kind },
        make("h2", {}, words.say("links." + kind)),
        // Only a ranking is ordered.
        make(kind === "ranking" ? "ol" : "ul", WRITTEN, listItems(links[kind].map(linkContent))),
    )));
}

/** @param {Content[]} contents */
function listItems(contents) {
    return contents.map(content => make("li", {}, content));
}

/** @param {NonNullable<Story["source"]>} options @param {Words} words */
function storySource({ name, url, date }, words) {
    const values = { name: foreignLink(url, named(name)), time: date && timeElement(date) };
    return make(
        "p", { class: "source" },
        words.parts(date ? "firstPublishedAt" : "firstPublished", values));
}

/** @param {Update} event @param {MarkupContext} context */
function keyEventItem(event, context) {
    const { id, seq, publishedAt, stricken } = event;
    const { words } = context;
    const title = updateTitle(event, words);
    return make(
        "li",
        {
            class: stricken ? "stricken" : null, "data-id": id, "data-seq": seq, "data-published": publishedAt,
            "data-title": title,
        },
        make(
            "a", { href: updateAddress(id, context) }, timeElement(publishedAt), " ",
            titleElement(event, words)),
    );
}

/**
 * Renders the title of an update, marking a retraction.
 * @param {Update} update
 * @param {Words} words
 */
export function titleElement(update, words) {
    const title = named(updateTitle(update, words));
    return make(
        "span", {}, update.stricken ? words.parts("retractedTitle", { title: make("s", {}, title) }) : title);
}

/** @param {StoryLink} options */
function linkContent({ title, url, story, image }) {
    const content = [image && make("img", { src: image, alt: "", loading: "lazy", width: 64, height: 64 }), title];
    return story ? make("a", { href: `/live/${story}` }, content) : foreignLink(url, content);
}
