// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { contrastLabel, contrastRatio } from "../../Sources/Web/Files/desk/contrast.js";
import { inScheme } from "../../Sources/Web/Files/desk/page-frame.js";
import { SITE_FIELDS } from "../../Sources/Web/Files/desk/site-fields.js";
import { patchOf, typedMembers, valuesFrom } from "../../Sources/Web/Files/desk/values.js";

test("The contrast of colours is that of WCAG, and told as the server tells it", () => {
    assert.equal(contrastLabel(contrastRatio("#000000", "#FFFFFF")), "Contrast 21.00:1");
    assert.equal(contrastLabel(contrastRatio("#ffcc00", "#fffdfa")), "Contrast 1.48:1, too low: text needs 4.5:1");
    assert.equal(contrastLabel(contrastRatio("#777777", "#ffffff")), "Contrast 4.47:1, too low: text needs 4.5:1");
    assert.equal(contrastLabel(contrastRatio("#767676", "#ffffff")), "Contrast 4.54:1");
});

test("Of what is no colour yet there is no contrast", () => {
    for (const text of ["", "#fff", "red", "#12345g"]) assert.equal(contrastRatio(text, "#ffffff"), null);
    assert.equal(contrastLabel(null), "");
});

test("A preview in one scheme answers all questions for it", () => {
    const text = "@media (prefers-color-scheme:dark){a{}} @media (prefers-color-scheme: light){b{}} :root{color-scheme: light dark}";
    assert.equal(inScheme(text, "dark"),
        "@media (min-width: 0){a{}} @media (max-width: 0){b{}} :root{color-scheme: dark}");
    assert.equal(inScheme(text, "light"),
        "@media (max-width: 0){a{}} @media (min-width: 0){b{}} :root{color-scheme: light}");
    assert.equal(inScheme(text, null), text);
});

test("What is set of the site goes through the form unchanged, and nothing is set by an empty one", () => {
    const site = {
        name: "Courier", logo: { light: "/media/a", dark: null, width: 300, height: 60 }, icon: { url: "/media/b" },
        defaultImage: { url: "https://a.example/x.png", alt: "A harbour" },
        colors: { light: { accent: "#0b5d3b", background: null, text: null, link: null }, dark: null },
        fonts: { heading: "serif", body: null, interface: null }, radius: 4, density: null, css: null,
        navigation: [{ label: "News", url: "/" }], footer: [], imprint: null,
        slots: [{ name: "S", purpose: "advertising", script: "https://s.example/a.js" }], language: "en-GB", timeZone: null,
    };
    const typed = typedMembers(SITE_FIELDS, site);
    assert.deepEqual(valuesFrom(SITE_FIELDS, typed), site);
    assert.deepEqual(patchOf(SITE_FIELDS, site, typed), {});
    const blank = valuesFrom(SITE_FIELDS, typedMembers(SITE_FIELDS, {}));
    for (const [name, value] of Object.entries(blank)) {
        assert.deepEqual(value, ["navigation", "footer", "slots"].includes(name) ? [] : null, name);
    }
});

test("A change of one colour is sent with the others", () => {
    const site = { colors: { light: { accent: "#0b5d3b" }, dark: { text: "#ffffff" } } };
    const typed = typedMembers(SITE_FIELDS, site);
    typed.colors.light.link = "#003366";
    assert.deepEqual(patchOf(SITE_FIELDS, site, typed), { colors: {
        light: { accent: "#0b5d3b", background: null, text: null, link: "#003366" },
        dark: { accent: null, background: null, text: "#ffffff", link: null },
    } });
});
