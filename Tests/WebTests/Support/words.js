// SPDX-License-Identifier: Apache-2.0
// The words of our own, as the server puts them into scripts.
import { readFileSync, readdirSync } from "node:fs";
import { Words } from "../../../Sources/Web/Files/shared/words.js";

const folder = new URL("../../../Sources/Web/Files/words/", import.meta.url);

/** The languages that have a catalogue. */
export const LANGUAGES = readdirSync(folder).map(name => name.replace(".json", ""));

/** The messages of a language. */
export const messagesOf = language => JSON.parse(readFileSync(new URL(`${language}.json`, folder), "utf8"));

/** The words of a language. */
export const wordsOf = language => new Words({ language, dir: "ltr", messages: messagesOf(language) });

export const english = wordsOf("en");
