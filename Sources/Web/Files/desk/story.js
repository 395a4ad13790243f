// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The view of one story: header, tabs and the current part.
import { make } from "../shared/dom.js";
import { Refusal, SignedOut } from "./api.js";
import { StoryFormPart } from "./story-form.js";
import { BinPart } from "./bin.js";
import { resolveConflict } from "./conflict.js";
import { confirmed } from "./dialogs.js";
import { button, fill } from "./elements.js";
import { showStoryPage } from "./page-frame.js";
import { LinksPart } from "./links.js";
import { Stopped } from "./retry.js";
import { fragmentOf } from "./route.js";
import { saveChange } from "./save.js";
import { AuditTrailPart } from "./audit-trail.js";
import { UpdatesPart } from "./updates.js";
import { STORY_FIELDS, typedMembers } from "./values.js";
import { statusQuestion, statusLabel } from "./labels.js";
import { Watch } from "./watch.js";

/** @type {Record<string, string>} */
const STORY_PARTS = { updates: "Updates", about: "Story", links: "Links", bin: "Deleted", trail: "Trail" };

/** The view of a story; follows it with a `Watch`. */
export class StoryView {
    /**
     * @param {Desk} desk
     * @param {Route} route
     */
    constructor(desk, { id = "", part = "updates" }) {
        this.desk = desk;
        this.id = id;
        this.partName = part;
        /** @type {StoryPart|null} */
        this.part = null;
        this.shownHead = "";
        this.title = make("h1", { tabindex: "-1", dir: "auto" }, "Story");
        this.status = make("p", { class: "status" });
        this.actions = make("div", { class: "actions" });
        this.tabs = make("nav", { class: "tabs", "aria-label": "Parts of the story" }, ...this.tabNodes());
        this.showTabs();
        this.place = make("div", {}, make("p", { class: "nothing" }, "Reading…"));
        this.node = make("div", { class: "story" },
            make("header", { class: "story-head" },
                make("a", { class: "back", href: "#/" }, "All stories"),
                make("div", { class: "story-title" }, this.title, this.status), this.actions, this.tabs),
            this.place);
        this.watch = new Watch({
            api: desk.api, story: id,
            onChange: changes => this.changed(changes),
            onState: trouble => desk.showConnection(trouble),
            onGone: () => this.gone(),
        });
    }

    close() {
        this.watch.close();
        this.part?.close();
        this.desk.showConnection(null);
    }

    get name() {
        return this.watch.isRead ? this.watch.feed.story.title : "Story";
    }

    focus() {
        this.title.focus();
    }

    /**
     * Shows another part.
     * @param {Route} options
     */
    go({ part = "updates" }) {
        this.partName = part;
        if (this.watch.isRead) this.showPart();
    }

    /** @param {Change[]} changes */
    changed(changes) {
        if (!this.part) {
            this.showHead();
            return this.showPart();
        }
        this.hold(() => this.showHead());
        this.part.changed(changes);
    }

    /**
     * Runs a layout change that may move rows in use; see `HeldRegion`.
     * @param {() => void} work
     */
    hold(work) {
        if (this.part?.held) this.part.held.region.hold(work);
        else work();
    }

    gone() {
        this.part?.close();
        /** @type {StoryPart|null} */
        this.part = null;
        this.shownHead = "";
        fill(this.actions);
        fill(this.tabs);
        fill(this.place, make("p", {}, "There is no such story, or it is not for your key."));
    }

    showPart() {
        this.part?.close();
        /** @type {Record<string, new (desk: Desk, watch: Watch) => StoryPart>} */
        const parts = {
            updates: UpdatesPart, about: StoryFormPart, links: LinksPart, bin: BinPart, trail: AuditTrailPart,
        };
        this.part = new parts[this.partName](this.desk, this.watch);
        fill(this.place, this.part.node);
        this.showTabs();
    }

    // --- header ---

    showHead() {
        const { story } = this.watch.feed;
        const form = JSON.stringify([story.title, story.status, story.slug]);
        if (form === this.shownHead) return;
        this.shownHead = form;
        fill(this.title, story.title);
        document.title = `${story.title} – Wireroom desk`;
        this.status.className = `status ${story.status}`;
        fill(this.status, statusLabel(story.status));
        const hadFocus = this.actions.contains(document.activeElement);
        fill(this.actions, ...this.actionNodes(story));
        if (hadFocus) this.actions.querySelector("button")?.focus();
    }

    showTabs() {
        for (const tab of this.tabs.children) {
            if (tab.getAttribute("data-part") === this.partName) tab.setAttribute("aria-current", "page");
            else tab.removeAttribute("aria-current");
        }
    }

    tabNodes() {
        const { isAdmin, isUnbound } = this.desk.session;
        const parts = Object.keys(STORY_PARTS).filter(part => part !== "trail" || (isAdmin && isUnbound));
        return parts.map(part => make("a", {
            href: fragmentOf({ view: "story", id: this.id, part }), "data-part": part,
        }, STORY_PARTS[part]));
    }

    /** @param {Story} options */
    actionNodes({ status, slug, title }) {
        /** @param {string} text @param {StoryStatus} to */
        const set = (text, to) => button(text, () => this.setStatus(to, statusQuestion({ title, status }, to)),
            { class: "quiet" });
        const page = { class: "button quiet", href: `/live/${slug}`, target: "_blank", rel: "noopener" };
        return [
            status === "draft" && set("Go live…", "live"),
            status === "live" && set("Close…", "closed"),
            status === "closed" && set("Reopen…", "live"),
            status === "draft"
                ? button("Preview…", () => showStoryPage(this.desk, { slug }), { class: "quiet" })
                : make("a", page, "Reader’s page"),
            button("Export", () => this.desk.exportStory(this.id, slug), { class: "quiet" }),
        ].filter(Boolean);
    }

    /** @param {StoryStatus} status @param {StatusQuestion} question */
    async setStatus(status, question) {
        if (!await confirmed(...question)) return;
        try {
            const path = `/stories/${this.id}`;
            const { value, tag } = await this.desk.api.ask("GET", path);
            const saved = await saveChange({
                base: value, tag, fields: STORY_FIELDS, typed: { ...typedMembers(STORY_FIELDS, value), status },
                send: (patch, match) => this.desk.persist(question[2], () => this.desk.api.patch(path, patch, match)),
                resolve: (base, mine, theirs) => resolveConflict(STORY_FIELDS, base, mine, theirs),
            });
            if (saved.state !== "open") this.desk.say(`${statusLabel(status)}.`);
            this.watch.poke();
        } catch (failure) {
            if (failure instanceof SignedOut || failure instanceof Stopped) return;
            this.desk.sayFailure(failure);
            if (failure instanceof Refusal && failure.status === 404) this.watch.poke();
        }
    }
}
