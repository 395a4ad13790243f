// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Walking through the cards of updates by keys.
import { dataIdOf } from "./elements.js";

/** The cards below an element that are shown, from the top. */
export class ListWalk {
    /** @param {HTMLElement} root */
    constructor(root) {
        this.root = root;
    }

    /** @returns {HTMLElement[]} */
    get cards() {
        return [...this.root.querySelectorAll("article")].filter(card =>
            card.hasAttribute("data-id") && card.getClientRects().length > 0);
    }

    /** The ids of the cards, from the top. */
    get order() {
        return this.cards.map(dataIdOf);
    }

    /** The id of the card that has the focus. */
    get current() {
        const card = document.activeElement?.closest("article[data-id]");
        return card && this.root.contains(card) ? dataIdOf(card) : null;
    }

    /**
     * Focuses the next card, or the one before; without a focus in the list, the first that is in sight.
     * @param {number} step 1 or -1.
     */
    step(step) {
        const { cards, current } = this;
        const at = cards.findIndex(card => dataIdOf(card) === current);
        const inSight = cards.findIndex(card => card.getBoundingClientRect().bottom > innerHeight / 4);
        const card = cards[at < 0 ? Math.max(inSight, 0) : Math.min(Math.max(at + step, 0), cards.length - 1)];
        this.focus(card);
        return Boolean(card);
    }

    /** @param {HTMLElement|undefined} card */
    focus(card) {
        if (!card) return;
        card.focus({ preventScroll: true });
        card.scrollIntoView({ block: "nearest" });
    }
}
