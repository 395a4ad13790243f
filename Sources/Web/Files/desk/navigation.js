// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Moving about the desk by keys: the palette, single keys, and the dialog that explains and switches them.
import { make } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, elementAt } from "./elements.js";
import { mainButton } from "./form-parts.js";
import { playTone } from "../shared/tone.js";
import { Palette } from "./palette.js";
import { phrase } from "./phrases.js";
import { FIXED_KEYS, isTypedInto, keyLabel, opensPalette, shortcutOf, SHORTCUTS } from "./shortcuts.js";

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
            button(phrase("goTo"), () => this.palette.open(), {
                class: "quiet", title: keyLabel("Ctrl+K"), "aria-keyshortcuts": "Control+K",
            }),
            button(phrase("keys"), () => this.showKeys(), { class: "quiet keys" }),
        ];
    }

    /** What can be done everywhere. */
    commands() {
        const { desk } = this;
        const { isUnbound } = desk.session;
        return [
            ...isUnbound ? [
                { label: phrase("newStory"), run: () => desk.go({ view: "new" }) },
                { label: phrase("importStory"), run: () => desk.go({ view: "import" }) },
            ] : [],
            { label: phrase("allStories"), run: () => desk.go({ view: "stories" }) },
            { label: phrase("sideBySideTitle"), run: () => desk.go({ view: "columns", stories: this.columns() }) },
            { label: phrase("keysAndSound"), detail: "?", run: () => this.showKeys() },
            {
                label: phrase("languageOfDesk"),
                run: () => elementAt(document, "#language select", HTMLElement).focus(),
            },
            { label: phrase("signOut"), run: () => desk.signOut() },
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
            [make("dt", {}, make("kbd", {}, keyLabel(key))), make("dd", {}, text)]);
        /** @type {HTMLInputElement} */
        const keys = make("input", { type: "checkbox", name: "keys", checked: settings.get("keys"),
            change: () => settings.set("keys", keys.checked) });
        /** @type {HTMLInputElement} */
        const sound = make("input", { type: "checkbox", name: "sound", checked: settings.get("sound"), change: () => {
            settings.set("sound", sound.checked);
            // So that one knows what to listen for; and it is the press that browsers ask for before a page may sound.
            if (sound.checked) playTone();
        } });
        openDialog(phrase("keysAndSound"), [
            make("dl", { class: "keys" },
                ...listed(SHORTCUTS), ...listed(/** @type {[string, string][]} */ (FIXED_KEYS))),
            make("label", { class: "flag" }, keys, phrase("singleKeys")),
            make("label", { class: "flag" },
                sound, phrase("toneHint")),
        ], close => [mainButton(phrase("done"), () => close(true), { autofocus: true })]);
        return true;
    }
}
