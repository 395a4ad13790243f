// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Fonts that are uploaded for the site, to be chosen in its three places.
import { make } from "../shared/dom.js";
import { button, fill } from "./elements.js";
import { phrase } from "./phrases.js";

/** A button to upload a font, which offers the fonts that are there in all places of a group of choices. */
export class FontUpload {
    /** @param {Desk} desk @param {HTMLElement} group The element of the group. */
    constructor(desk, group) {
        this.desk = desk;
        this.group = group;
        this.chooser = make("input", { type: "file", accept: ".woff2,font/woff2", hidden: true,
            change: () => this.take() });
        this.progress = make("p", { class: "hint", role: "status" });
        group.append(this.chooser, button(phrase("uploadFont"), () => this.chooser.click(), { class: "quiet add" }),
            this.progress);
        this.offerAll();
    }

    async offerAll() {
        try {
            const { value } = await this.desk.api.ask("GET", "/site/fonts");
            for (const font of value.fonts) this.offer(font);
        } catch (failure) {
            fill(this.progress, phrase("fontsUnreadable", { reason: failure.message }));
        }
    }

    /** @param {{url: string, name: string, variable: boolean}} font */
    offer({ url, name, variable }) {
        const words = variable ? phrase("allWeights", { name }) : name;
        for (const select of this.group.querySelectorAll("select")) {
            const known = [...select.options].find(option => option.value === url);
            if (known) known.textContent = words;
            else select.append(make("option", { value: url }, words));
        }
    }

    async take() {
        const file = this.chooser.files?.[0];
        this.chooser.value = "";
        if (!file) return;
        const name = file.name.replace(/\.woff2$/i, "").slice(0, 100);
        fill(this.progress, phrase("isUploading", { name: file.name }));
        try {
            const path = `/site/fonts?name=${encodeURIComponent(name)}`;
            const { value } = await this.desk.api.ask("POST", path, { body: file, type: "font/woff2" });
            this.offer(value);
            fill(this.progress, phrase("canBeChosen", { name: value.name }));
        } catch (failure) {
            fill(this.progress, phrase("wasNotUploaded", { name: file.name, reason: failure.message }));
        }
    }
}
