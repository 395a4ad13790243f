// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import "./Support/desk-words.js";
import { deskLanguage } from "../../Sources/Web/Files/desk/language.js";
import { numberText, phrase, phraseList, phraseListParts, phraseParts } from "../../Sources/Web/Files/desk/phrases.js";
import { DeskSettings } from "../../Sources/Web/Files/desk/settings.js";
import { LANGUAGES } from "./Support/words.js";
import { MemoryStorage } from "./Support/storage.js";

test("the desk has the first of the wanted languages for which there are words", () => {
    for (const [wanted, language] of [
        [["de-AT", "en"], "de"], [["", "sv-SE", "nl-BE", "en-US"], "nl"], [["zh-CN"], "zh-Hans"], [["zh-SG"], "zh-Hans"],
        [["zh-TW", "fr"], "fr"], [["iw"], "he"], [["pt-BR"], "pt"], [["uk"], "uk"],
    ]) assert.equal(deskLanguage(wanted, LANGUAGES), language, String(wanted));
});

test("what is no language, or has no words, is passed over", () => {
    assert.equal(deskLanguage([null, undefined, "", "not a tag", "*", "tlh", "ja"], LANGUAGES), "ja");
    assert.equal(deskLanguage(["sv"], ["en", "de"]), "en");
});

test("the editor's choice of a language is kept beside the other settings", () => {
    const storage = new MemoryStorage();
    assert.equal(new DeskSettings(storage).get("language"), "");
    new DeskSettings(storage).set("language", "pl");
    new DeskSettings(storage).set("sound", true);
    assert.equal(new DeskSettings(storage).get("language"), "pl");
    assert.equal(new DeskSettings(storage).get("sound"), true);
});

test("numbers and lists are written in the language", () => {
    assert.equal(numberText(12345), "12,345");
    assert.equal(numberText(4.5, 2), "4.50");
    assert.equal(phrase("updateCount", { count: 1200 }), "1,200 updates");
    assert.equal(phraseList(["a", "b", "c"]), "a, b, c");
});

test("nodes take the places of their names, also in a list", () => {
    const [one, two] = [{ node: 1 }, { node: 2 }];
    assert.deepEqual(phraseParts("deletedAt", { time: one, until: two }), ["Deleted ", one, " · kept until ", two, ""]);
    assert.deepEqual(phraseListParts([one, two]), [one, ", ", two]);
});
