// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Downloading the export of a story.
import { make } from "../shared/dom.js";
import { phrase } from "./phrases.js";

/**
 * Downloads a story's export as a file.
 * @param {Desk} desk
 * @param {Pick<Story, "id"|"slug">} story
 */
export async function exportStory(desk, { id, slug }) {
    try {
        const read = () => desk.api.ask("GET", `/stories/${id}/export`);
        const { value } = await desk.pending.persist(phrase("export"), read, undefined, phrase("notYetRead"));
        const url = URL.createObjectURL(new Blob([JSON.stringify(value)], { type: "application/json" }));
        make("a", { href: url, download: `${slug}.json` }).click();
        setTimeout(() => URL.revokeObjectURL(url), 60_000);
        desk.say(phrase("exported"));
    } catch (failure) {
        desk.sayFailure(failure);
    }
}
