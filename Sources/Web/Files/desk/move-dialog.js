// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Moving updates to another story: which one, and the message that takes it back.
import { make, named } from "../shared/dom.js";
import { moveUpdates } from "./bulk.js";
import { labelled, openDialog } from "./dialogs.js";
import { button, fill, focusOnElement, freshId } from "./elements.js";
import { mainButton } from "./form-parts.js";
import { bestMatches } from "./fuzzy.js";
import { countedUpdates } from "./labels.js";
import { phrase } from "./phrases.js";
import { fragmentOf } from "./route.js";
import { undoAction } from "./undo.js";

const MOST_CHOICES = 50;

/**
 * Asks for the story that updates are to be moved to. None is chosen to begin with.
 * @param {Desk} desk
 * @param {string} story The id of the one that they are in.
 * @param {number} count
 * @returns {Promise<string|null>} Its id.
 */
export async function askStory(desk, story, count) {
    const { identity } = desk.session;
    const stories = identity?.stories ? await desk.readStories(identity.stories) : await desk.storiesToChoose();
    const others = stories.filter(({ id }) => id !== story);
    const title = phrase("moveCount", { updates: countedUpdates(count) });
    if (!others.length) {
        return openDialog(title, [make("p", {}, phrase("noOtherStory"))],
            close => [button(phrase("cancel"), () => close(null))]);
    }
    const choice = new StoryChoice(others);
    return openDialog(title, [make("p", {}, phrase("moveHint")), choice.node], close => {
        choice.onMove = () => choice.chosen && close(choice.chosen.id);
        return [button(phrase("cancel"), () => close(null)), choice.move];
    });
}

/** A field that narrows a list of stories, of which one is chosen; and the button that names it. */
class StoryChoice {
    /** @type {ListedStory|null} */
    chosen = null;
    onMove = () => {};

    /** @param {ListedStory[]} stories */
    constructor(stories) {
        this.stories = stories;
        this.group = freshId("story");
        this.input = make("input", { id: freshId("find"), type: "search", autocomplete: "off", spellcheck: "false",
            dir: "auto", autofocus: true, input: () => this.show() });
        this.input.addEventListener("keydown", event => {
            if (event.key !== "Enter" || event.isComposing) return;
            event.preventDefault();
            this.chooseFirst();
        });
        this.list = make("div", { class: "choices", role: "radiogroup", "aria-label": phrase("toStory") });
        this.nothing = make("p", { class: "nothing", role: "status" });
        this.move = mainButton("", () => this.onMove());
        this.node = make("div", { class: "story-choice" },
            labelled(this.input.id, phrase("findStory"), this.input), this.list, this.nothing);
        this.show();
    }

    show() {
        const found = bestMatches(this.stories, this.input.value, ({ title }) => title).map(({ thing }) => thing);
        const shown = found.slice(0, MOST_CHOICES);
        // What is not in sight is not moved to.
        if (this.chosen && !shown.includes(this.chosen)) this.chosen = null;
        fill(this.list, ...shown.map(story => this.optionNode(story)));
        fill(this.nothing, !shown.length && phrase("nothingMatches"));
        this.showMove();
    }

    /** @param {ListedStory} story */
    optionNode(story) {
        const { id, title, status } = story;
        const radio = make("input", { type: "radio", name: this.group, value: id, change: () => this.choose(story) });
        radio.checked = story === this.chosen;
        return make("label", { class: "flag" }, radio, named(title),
            status !== "live" && [" ", make("span", { class: "hint" }, `(${phrase("storyState." + status)})`)]);
    }

    /** @param {ListedStory} story */
    choose(story) {
        this.chosen = story;
        this.showMove();
    }

    // Enter in the field goes to the first match, and moves nothing yet.
    chooseFirst() {
        const radio = this.list.querySelector("input");
        focusOnElement(radio);
        radio?.click();
    }

    showMove() {
        fill(this.move, this.chosen ? phrase("moveTo", { title: this.chosen.title }) : phrase("move"));
        this.move.disabled = !this.chosen;
    }
}

/**
 * Moves updates to another story, or splits them off into a new one, and offers to take it back.
 * @param {Desk} desk
 * @param {string} story The id of the one that they are in.
 * @param {string[]} ids
 * @param {{to: string}|{story: Thing}} target
 * @param {{onGone: (id: string) => void, onBack: () => unknown}} events
 */
export async function moveAndTell(desk, story, ids, target, { onGone, onBack }) {
    const other = await moveUpdates(desk, story, ids, target);
    for (const id of ids) {
        desk.drafts.forgetUpdate(story, id);
        onGone(id);
    }
    const updates = countedUpdates(ids.length);
    const undo = undoAction(desk, updates, async () => {
        await moveUpdates(desk, other.id, ids, { to: story });
        await onBack();
        desk.say(phrase("movedBack"));
    });
    desk.say(phrase("movedTo", { updates, title: other.title }),
        make("a", { href: fragmentOf({ view: "story", id: other.id }) }, phrase("goThere")), undo);
}
