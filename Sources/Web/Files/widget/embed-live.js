// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { CATALOGUE } from "../shared/catalogue.js";
import { streaming } from "../client/event-stream.js";
import { Messages } from "../shared/messages.js";
import { ReactionButtons, Visitor } from "../shared/visitor.js";

// What the widget loads once its content is shown: streams, messages, and the buttons of reactions. And with the first
// card or lightbox, too: the catalogue has the words of all that the widget loads.

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
