// SPDX-License-Identifier: Apache-2.0
// The words of our own, as the server puts them into scripts.
import { readFileSync, readdirSync } from "node:fs";
import { Words } from "../../../Sources/Web/Files/shared/words.js";

const folder = new URL("../../../Sources/Web/Files/words/", import.meta.url);

/** The languages that have a catalogue. */
export const LANGUAGES = readdirSync(folder).filter(name => name.endsWith(".json")).map(name => name.replace(".json", ""));

/** Those in which the desk has words. */
export const DESK_LANGUAGES = readdirSync(new URL("desk/", folder)).map(name => name.replace(".json", ""));

/** The messages of a language. */
export const messagesOf = language => JSON.parse(readFileSync(new URL(`${language}.json`, folder), "utf8"));

/** The messages of the desk in a language, besides those that it shares with pages. */
export const deskMessagesOf = language => messagesOf(`desk/${language}`);

/** The words of a language. */
export const wordsOf = language => new Words({ language, dir: "ltr", messages: messagesOf(language) });

export const english = wordsOf("en");
