// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The name under which an editor publishes whose key is not named after a person; it is asked for once in a browser.
import { WRITTEN, make } from "../shared/dom.js";
import { button, freshId } from "./elements.js";
import { phrase } from "./phrases.js";

/**
 * Creates the question for the editor's name.
 * @param {Desk} desk
 * @param {(name: string) => void} onName Empty: the editor wants none.
 * @returns {HTMLElement|string} Empty if there is nothing to ask.
 */
export function authorQuestion({ session, settings }, onName) {
    if (session.author || settings.get("isAuthorAsked")) return "";
    const input = make("input", { id: freshId("name"), name: "name", autocomplete: "name", ...WRITTEN });
    /** @param {string} name */
    const answer = name => {
        settings.set("isAuthorAsked", true);
        settings.set("author", name);
        node.remove();
        onName(name);
    };
    const node = make("form", { class: "notice author-question", submit: event => {
        event.preventDefault();
        if (input.value.trim()) answer(input.value.trim());
        else input.focus();
    } }, make("label", { for: input.id }, phrase("askAuthor")), input,
    make("div", { class: "actions" }, make("button", { type: "submit" }, phrase("useName")),
        button(phrase("noName"), () => answer(""), { class: "quiet" })));
    return node;
}
