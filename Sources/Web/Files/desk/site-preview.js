// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The preview of the site's appearance: a page of readers with what is typed.
import { make } from "../shared/dom.js";
import { button, fill, freshId } from "./elements.js";
import { PageFrame } from "./page-frame.js";
import { phrase } from "./phrases.js";

const SITE_PREVIEW_PAUSE = 400;

/** A page of readers with settings that are not saved. */
export class SitePreview {
    #timer = 0;
    /** @type {AbortController|null} */
    #request = null;
    /** @type {Thing} */
    #settings = {};
    #html = "";

    /** @param {Desk} desk */
    constructor(desk) {
        this.desk = desk;
        this.frame = new PageFrame();
        const id = freshId("previewed");
        this.choice = make("select", { id, change: () => this.#render() },
            make("option", { value: "" }, phrase("storyList")));
        this.place = make("div", { class: "page-place" }, this.frame.node);
        this.trouble = make("p", { class: "hint", role: "status" });
        this.node = make("section", { class: "site-preview", "aria-label": phrase("preview") },
            make("div", { class: "list-tools" },
                make("label", { for: id, class: "unseen" }, phrase("page")), this.choice,
                this.#toggle(phrase("themeDark"), isOn => {
                    this.frame.scheme = isOn ? "dark" : "light";
                    if (this.#html) this.frame.show(this.#html);
                }),
                this.#toggle(phrase("asOnPhone"), isOn => this.place.classList.toggle("phone", isOn))),
            this.place, this.trouble);
        this.frame.scheme = "light";
        this.#offerStories();
    }

    /** @param {string} words @param {(isOn: boolean) => void} act */
    #toggle(words, act) {
        const made = button(words, () => {
            const isOn = made.getAttribute("aria-pressed") !== "true";
            made.setAttribute("aria-pressed", String(isOn));
            act(isOn);
        }, { "aria-pressed": "false" });
        return made;
    }

    async #offerStories() {
        try {
            const stories = await this.desk.storiesToChoose();
            this.choice.append(...stories.map(({ id, title }) => make("option", { value: id }, title)));
            // A story shows more than the list does.
            this.choice.value = stories[0]?.id ?? "";
            if (stories.length) this.#render();
        } catch { /* The list of stories is shown. */ }
    }

    /**
     * Shows settings, debounced.
     * @param {Thing} settings
     */
    show(settings) {
        this.#settings = settings;
        clearTimeout(this.#timer);
        this.#timer = Number(setTimeout(() => this.#render(), SITE_PREVIEW_PAUSE));
    }

    close() {
        clearTimeout(this.#timer);
        this.#request?.abort();
        this.frame.close();
    }

    async #render() {
        this.#request?.abort();
        const request = new AbortController();
        this.#request = request;
        const story = this.choice.value;
        const path = `/site/preview${story ? `?story=${encodeURIComponent(story)}` : ""}`;
        try {
            const { signal } = request;
            const { value } = await this.desk.api.ask("POST", path, { json: this.#settings, isPage: true, signal });
            this.#html = value;
            this.frame.show(value);
            fill(this.trouble);
        } catch (failure) {
            if (request.signal.aborted) return;
            fill(this.trouble, phrase("previewWaits", { reason: failure.message }));
        }
    }
}
