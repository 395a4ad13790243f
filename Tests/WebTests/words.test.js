// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { Words } from "../../Sources/Web/Files/shared/words.js";
import { assertPluralForms, assertSameMessages } from "./Support/catalogues.js";
import { LANGUAGES, english, messagesOf, wordsOf } from "./Support/words.js";

const SOURCES = new URL("../../Sources/", import.meta.url);
const golden = JSON.parse(readFileSync(new URL("../Golden/plurals.json", import.meta.url), "utf8"));

const COUNTS = [...Array(201).keys()];

test("there are catalogues of 13 languages", () => {
    assert.deepEqual(LANGUAGES.toSorted(), [
        "ar", "de", "en", "es", "fr", "he", "it", "ja", "nl", "pl", "pt", "uk", "zh-Hans"]);
});

for (const language of LANGUAGES) {
    const messages = messagesOf(language);

    test(`${language} has each message of English, in its order, with the same placeholders`, () => {
        assertSameMessages(messages, messagesOf("en"));
    });

    test(`${language} has the plural forms that its numbers need, and no others`, () => {
        assertPluralForms(messages, language);
    });

    test(`${language} has the months of a year`, () => {
        assert.equal(messages.months.split(" ").length, 12);
    });
}

test("messages that come later are added to those that are there", () => {
    const words = new Words({ language: "en", dir: "ltr", messages: { live: "Live" } });
    words.learn({ live: "Other", close: "Close" });
    assert.deepEqual([words.say("live"), words.say("close")], ["Live", "Close"]);
});

test("every message is used", () => {
    const files = readdirSync(SOURCES, { recursive: true }).filter(path => /\.(swift|js)$/.test(path));
    const text = files.map(path => readFileSync(new URL(path, SOURCES), "utf8")).join("\n");
    const isUsed = key => text.includes(`"${key}"`) || (key.includes(".") && text.includes(`"${key.split(".")[0]}."`));
    assert.deepEqual(Object.keys(messagesOf("en")).filter(key => !isUsed(key)), []);
});

test("every key that code names has a message", () => {
    const scripts = readdirSync(SOURCES, { recursive: true }).filter(path => path.endsWith(".js"));
    const keys = scripts.flatMap(path => [
        ...readFileSync(new URL(path, SOURCES), "utf8").matchAll(/\bwords\.(?:say|parts)\("(\w[\w.]*)"/g)].map(([, key]) => key));
    assert.ok(keys.length > 30);
    assert.deepEqual(keys.filter(key => !key.endsWith(".") && !english.has(key)), []);
});

test("the plural categories in the golden file are those of Intl.PluralRules", () => {
    assert.deepEqual(Object.keys(golden).sort(), LANGUAGES.toSorted());
    for (const [language, categories] of Object.entries(golden)) {
        const rules = new Intl.PluralRules(language);
        for (const [number, category] of Object.entries(categories)) {
            assert.equal(rules.select(Number(number)), category, `${language}: ${number}`);
        }
        assert.ok(COUNTS.every(count => count in categories) && "1.5" in categories);
    }
});

test("a message has its values, and the plural form of its number", () => {
    assert.equal(english.say("byline", { name: "Ada" }), "By Ada");
    const polish = wordsOf("pl");
    const texts = [1, 2, 5, 22].map(count => polish.say("updateCount", { count }));
    assert.deepEqual(texts, ["1 wpis", "2 wpisy", "5 wpisów", "22 wpisy"]);
    assert.equal(wordsOf("ar").say("newUpdates", { count: 2 }), "تحديثان جديدان");
});

test("the parts of a message may be nodes, in the order of the language", () => {
    const words = new Words({
        language: "de", dir: "ltr", messages: { one: "{b} by {a}.", two: "{a}" },
    });
    const [a, b] = [{}, {}];
    assert.deepEqual(words.parts("one", { a, b }), ["", b, " by ", a, "."]);
    assert.deepEqual(words.parts("two", { a }), ["", a, ""]);
});

test("a message that is missing is its key", () => {
    assert.equal(english.say("noSuchKey"), "noSuchKey");
});
