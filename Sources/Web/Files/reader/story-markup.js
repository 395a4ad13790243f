import { WRITTEN, bodyContent, element, foreignLink, nameElement, reactionButtons } from "../shared/markup.js";
import { timeElement, updateAddress } from "../shared/markup.js";
import { RETRACTED, summaryTitle } from "./update-summary.js";

// What the server writes (StoryMarkup.swift) around the updates of a page; see markup.js.

const LINK_KINDS = ["related", "ranking", "recommendation"];

/** What stands above the updates: a story of the API, and the counts of its own reactions. */
export function headerElement(story, counts, context) {
    const isClosed = story.status === "closed";
    return element(
        "header",
        { id: "story" },
        story.section.length > 0 && element(
            "nav", { class: "breadcrumb", "aria-label": "Breadcrumb" },
            element("ol", {}, listItems(story.section.map(nameElement)))),
        element("p", { class: isClosed ? "status closed" : "status live" }, isClosed ? "Closed" : "Live"),
        element("h1", WRITTEN, story.title),
        story.byline !== null && element("p", { class: "byline" }, "By ", nameElement(story.byline)),
        story.source && storySource(story.source),
        story.publishedAt && element("p", { class: "dates" }, "Published ", timeElement(story.publishedAt)),
        story.summary !== null && element("p", { class: "standfirst", ...WRITTEN }, story.summary),
        story.keyPoints.length > 0 && element(
            "section", { class: "key-points" },
            element("h2", {}, "What to know"),
            element("ul", {}, story.keyPoints.map(point => element("li", WRITTEN, point)))),
        element("p", { class: "reactions" }, reactionButtons(counts, context)),
    );
}

/** The turning points, as ways to their updates. Of each its id, seq, publishedAt, title and stricken are enough. */
export function timelineElement(events, context) {
    return element(
        "nav",
        { id: "timeline", "aria-label": "Key events", hidden: events.length === 0 },
        element("h2", {}, "Key events"),
        element("ol", {}, events.map(event => keyEventItem(event, context))),
    );
}

/** The title of an update of the API, or what stands for one. */
export function updateTitle(update) {
    return summaryTitle(update, html => {
        const content = bodyContent(html);
        return { text: content.textContent, alts: [...content.querySelectorAll("img")].map(({ alt }) => alt) };
    });
}

/** The lists of links that hold something. */
export function linksElement(links) {
    return element("div", { id: "links" }, LINK_KINDS.filter(kind => links[kind]?.length > 0).map(kind => element(
        "section",
        { class: kind },
        element("h2", {}, kind[0].toUpperCase() + kind.slice(1)),
        // Only one of them says that its order means something.
        element(kind === "ranking" ? "ol" : "ul", WRITTEN, listItems(links[kind].map(linkContent))),
    )));
}

function listItems(contents) {
    return contents.map(content => element("li", {}, content));
}

function storySource({ name, url, date }) {
    return element(
        "p", { class: "source" },
        "First published by ", foreignLink(url, nameElement(name)), date && [" ", timeElement(date)]);
}

function keyEventItem(event, context) {
    const { id, seq, publishedAt, stricken } = event;
    const title = updateTitle(event);
    return element(
        "li",
        {
            class: stricken ? "stricken" : null, "data-id": id, "data-seq": seq, "data-published": publishedAt,
            "data-title": title,
        },
        element(
            "a", { href: updateAddress(id, context) }, timeElement(publishedAt), " ",
            element("span", {}, stricken ? [RETRACTED, element("s", {}, nameElement(title))] : nameElement(title))),
    );
}

function linkContent({ title, url, story, image }) {
    const content = [image && element("img", { src: image, alt: "", loading: "lazy", width: 64, height: 64 }), title];
    return story ? element("a", { href: `/live/${story}` }, content) : foreignLink(url, content);
}
