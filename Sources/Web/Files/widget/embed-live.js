// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { CATALOGUE } from "../shared/catalogue.js";
import { streaming } from "../client/event-stream.js";
import { Messages } from "../shared/messages.js";
import { ReactionButtons, Visitor } from "../shared/visitor.js";
import { BRIEF } from "./brief-sheet.js";

// What the widget loads once its content is shown: streams, messages, and the buttons of reactions; with the first card
// or lightbox, whose words are here, too; and for forms that are not full at once, because their style is here.

const briefSheet = new CSSStyleSheet();
briefSheet.replaceSync(BRIEF);

/**
 * Adds the style of forms that are not full, once.
 * @param {ShadowRoot} root
 */
export function adoptBrief({ adoptedStyleSheets }) {
    if (!adoptedStyleSheets.includes(briefSheet)) adoptedStyleSheets.push(briefSheet);
}

/** @type {Pick<Environment, "openStream">["openStream"]} */
export const openStream = environment => streaming.openStream(environment);

/** @param {Words} words */
export const teach = words => words.learn(CATALOGUE.messages);

/**
 * Creates what makes the buttons of a widget work; `tell(failure)` tells the reader of a failure.
 * @param {VisitorOptions} options
 * @param {(failure: import("../shared/visitor.js").ReactionFailure) => void} tell
 */
export function widgetButtons(options, tell) {
    return new ReactionButtons(new Visitor(options), tell);
}

/**
 * Creates what tells the reader of a widget of its connection and of new updates; see `Messages`.
 * @param {Pick<ViewParts, "connection"|"announcement">} parts
 * @param {Pick<MarkupContext, "words">} context
 */
export function widgetMessages(parts, context) {
    return new Messages(parts, context);
}
