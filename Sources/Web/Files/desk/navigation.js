// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Moving about the desk by keys: the palette, single keys, and the dialog that explains and switches them.
import { make } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button } from "./elements.js";
import { mainButton } from "./form-parts.js";
import { playTone } from "./news-signal.js";
import { Palette } from "./palette.js";
import { FIXED_KEYS, SHORTCUTS, isTypedInto, opensPalette, shortcutOf } from "./shortcuts.js";

/** Listens to the keys of the whole desk. */
export class Navigation {
    /** @param {Desk} desk */
    constructor(desk) {
        this.desk = desk;
        this.palette = new Palette(desk);
    }

    start() {
        addEventListener("keydown", event => this.pressed(event));
    }

    /** The buttons of the header. */
    buttons() {
        return [
            button("Go to…", () => this.palette.open(), {
                class: "quiet", title: "Ctrl+K", "aria-keyshortcuts": "Control+K",
            }),
            button("Keys", () => this.showKeys(), { class: "quiet keys" }),
        ];
    }

    /** What can be done everywhere. */
    commands() {
        const { desk } = this;
        const { isUnbound } = desk.session;
        return [
            ...isUnbound ? [
                { label: "New story", run: () => desk.go({ view: "new" }) },
                { label: "Import a story", run: () => desk.go({ view: "import" }) },
            ] : [],
            { label: "All stories", run: () => desk.go({ view: "stories" }) },
            { label: "Stories side by side", run: () => desk.go({ view: "columns", stories: this.columns() }) },
            { label: "Keys and sound", detail: "?", run: () => this.showKeys() },
            { label: "Sign out", run: () => desk.signOut() },
        ];
    }

    // The columns begin with the story that is open.
    columns() {
        const story = this.desk.view?.storyId;
        return story ? [story] : [];
    }

    /** @param {KeyboardEvent} event */
    pressed(event) {
        if (!this.desk.session.identity) return;
        const { target } = event;
        const isInText = target instanceof HTMLTextAreaElement && target.name === "body";
        if (opensPalette(event, isInText)) {
            event.preventDefault();
            return this.palette.open();
        }
        if (document.querySelector("dialog[open]")) return;
        if (event.key === "Escape" && !event.defaultPrevented && !isTypedInto(target) && this.desk.view?.leave?.()) {
            return event.preventDefault();
        }
        if (!this.desk.settings.get("keys")) return;
        const shortcut = shortcutOf(event, isTypedInto(target));
        if (!shortcut) return;
        const isDone = shortcut === "?" ? this.showKeys() : this.desk.view?.press?.(shortcut);
        if (isDone) event.preventDefault();
    }

    /** Lists the keys, with the switches for single keys and for the tone. */
    showKeys() {
        const { settings } = this.desk;
        /** @param {[string, string][]} keys */
        const listed = keys => keys.flatMap(([key, text]) =>
            [make("dt", {}, make("kbd", {}, key)), make("dd", {}, text)]);
        /** @type {HTMLInputElement} */
        const keys = make("input", { type: "checkbox", name: "keys", checked: settings.get("keys"),
            change: () => settings.set("keys", keys.checked) });
        /** @type {HTMLInputElement} */
        const sound = make("input", { type: "checkbox", name: "sound", checked: settings.get("sound"), change: () => {
            settings.set("sound", sound.checked);
            // So that one knows what to listen for; and it is the press that browsers ask for before a page may sound.
            if (sound.checked) playTone();
        } });
        openDialog("Keys and sound", [
            make("dl", { class: "keys" },
                ...listed(SHORTCUTS), ...listed(/** @type {[string, string][]} */ (FIXED_KEYS))),
            make("label", { class: "flag" }, keys, "Single keys are shortcuts, except while you type"),
            make("label", { class: "flag" },
                sound, "A short tone when a colleague publishes in the story that is open"),
        ], close => [mainButton("Done", () => close(true), { autofocus: true })]);
        return true;
    }
}
