// SPDX-License-Identifier: Apache-2.0
// The server bundles the modules of a front end into one script. The bundle is compared with the modules token by
// token, so that tests of the modules hold for what browsers get.
import assert from "node:assert/strict";
import test from "node:test";
import { Script } from "node:vm";
import { gzipSync } from "node:zlib";
import { meaningOf } from "./Support/names.js";
import { MODULES, closureOf, codeOf, declarationsOf, importsOf, textOf, tokensOf, treeOf, ts } from "./Support/syntax.js";
import { served } from "./Support/served.js";
import { messagesOf } from "./Support/words.js";

const FRONT_ENDS = {
    "/client.js": "client/client-follower.js", "/embed.js": "widget/embed.js",
    "/assets/live.0.js": "reader/live.js", "/assets/extras.0.js": "reader/extras.js", "/assets/bell.0.js": "reader/bell.js",
    "/assets/front.0.js": "reader/front.js", "/assets/consent.0.js": "reader/consent.js",
    "/assets/desk.0.js": "desk/desk.js",
    "/assets/lightbox.0.js": "lightbox/lightbox.js", "/cards.js": "shared/cards.js",
    "/push-worker.js": "reader/push-worker.js", "/embed-live.js": "widget/embed-live.js",
    "/embed-frame.js": "widget/embed-frame.js", "/assets/embedpage.0.js": "widget/embed-page.js",
};
/** Those that are served as ES modules. */
const ES_MODULES = [
    "/client.js", "/cards.js", "/embed-live.js", "/assets/lightbox.0.js", "/assets/extras.0.js", "/assets/bell.0.js",
];
/** Those that declare only a few names. */
const SMALL = ["/push-worker.js", "/embed-frame.js", "/assets/embedpage.0.js", "/assets/consent.0.js"];
const KIBIBYTE = 1024;
/** Upper bounds of gzipped sizes. */
const MOST_BYTES = { "/embed.js": 14 * KIBIBYTE, "/assets/live.0.js": 18 * KIBIBYTE };
/** Of the style within each page, as it is served: without comments and blanks. */
const MOST_STYLE_BYTES = 6.5 * KIBIBYTE;
const CLIENT_EXPORTS = ["Feed", "Follower", "Refusal", "comparePlaces", "follow", "mergedReactions"];

/** The words of a language in a served script. */
const CATALOGUE = /\{"language":"en","dir":"ltr","messages":.*?\}\}(?=;)/;

/** The text of a served script, with the mark that the server replaces by the words of a language. */
function codeServed(path) {
    const { text } = served.get(path);
    const [catalogue] = text.match(CATALOGUE) ?? [];
    return catalogue ? text.replace(catalogue, () => '{language:"",dir:"ltr",messages:{}}') : text;
}

/** The messages in a served script. */
const messagesIn = path => JSON.parse(served.get(path).text.match(CATALOGUE)[0]).messages;

/** The statements of a served script, without the enclosing function or the exports. */
function statementsOf(path) {
    const tree = treeOf(codeServed(path));
    assert.deepEqual(tree.parseDiagnostics.map(({ messageText }) => messageText), []);
    if (ES_MODULES.includes(path)) return tree.statements.filter(statement => !ts.isExportDeclaration(statement));
    const [strict, ...statements] = tree.statements[0].expression.expression.expression.body.statements;
    assert.equal(strict.expression.text, "use strict");
    return statements;
}

/**
 * The tokens of a statement, as what they mean (`meaningOf`). The server drops exports, and semicolons before a brace.
 */
function tokensOfStatement(statement, tree, shared) {
    const tokens = tokensOf(statement, tree);
    const texts = tokens.map(token => token.getText(tree));
    const isKept = (_, index) => texts[index] !== "export" && !(texts[index] === ";" && texts[index + 1] === "}");
    return tokens.filter(isKept).flatMap(token => meaningOf(token, tree, shared));
}

/** Statements with declarations numbered in order of their appearance, because the server shortens their names. */
function numbered(statements) {
    const names = new Map();
    const number = token => names.get(token) ?? names.set(token, `#${names.size}`).get(token);
    return statements.map(tokens => tokens.map(token => (typeof token === "object" ? number(token) : token)).join(" "));
}

for (const [path, entry] of Object.entries(FRONT_ENDS)) {
    test(`${path} consists of its modules' statements, each module after those it imports`, () => {
        const tree = treeOf(codeServed(path));
        const statements = statementsOf(path).map(statement => tokensOfStatement(statement, tree));
        const left = new Map([...closureOf(entry)].map(module => [module, tokensOfModule(module)]));
        const order = [];
        while (left.size > 0) {
            const rest = statements.slice(order.length);
            const [next, tokens] = [...left].find(([module, wanted]) =>
                importsOf(module).every(({ from }) => !left.has(from)) && isNext(wanted, rest)) ?? [];
            assert.ok(next, `what follows is none of ${[...left.keys()]}: ${numbered(rest)[0]}`);
            order.push(...tokens);
            left.delete(next);
        }
        assert.deepEqual(numbered(statements), numbered(order));
    });

    test(`${path}: no two modules declare the same top-level name`, () => {
        const names = [...closureOf(entry)].flatMap(module => declarationsOf(textOf(module)).map(({ name }) => name));
        assert.ok(names.length > (SMALL.includes(path) ? 2 : 10));
        assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
    });
}

/** The names that modules share. */
const sharedNames = new Map();

function tokensOfModule(module) {
    const tree = treeOf(textOf(module));
    return codeOf(tree).map(statement => tokensOfStatement(statement, tree, sharedNames));
}

/** Whether the statements of a module come next, whatever the names. */
function isNext(wanted, rest) {
    return numbered(wanted).join("\n") === numbered(rest.slice(0, wanted.length)).join("\n");
}

test("a script has the words that it uses, and no others", () => {
    const english = messagesOf("en");
    const loaded = ["shared/cards.js", "lightbox/lightbox.js"];
    const known = Object.keys(messagesIn("/embed.js"));
    for (const [path, others, left] of [
        ["/embed.js", [], []], ["/embed-live.js", loaded, known], ["/assets/live.0.js", [...loaded, "reader/extras.js"], []],
        ["/assets/front.0.js", [], []], ["/push-worker.js", [], []],
    ]) {
        const messages = messagesIn(path);
        const modules = [FRONT_ENDS[path], ...others].flatMap(entry => [...closureOf(entry)]);
        const text = modules.map(textOf).join("");
        const isUsed = key => text.includes(`"${key}"`) || text.includes(`"${key.split(".")[0]}."`);
        const used = Object.keys(english).filter(key => isUsed(key) && !left.includes(key));
        assert.deepEqual(Object.keys(messages).sort(), used.sort(), path);
        for (const [key, message] of Object.entries(messages)) assert.deepEqual(message, english[key]);
    }
});

test("the bundled front ends parse as classic scripts", () => {
    for (const path of Object.keys(FRONT_ENDS).filter(name => !ES_MODULES.includes(name))) {
        assert.ok(new Script(served.get(path).text), path);
    }
});

test("the lightbox exports one function", () => {
    const [statement] = treeOf(served.get("/assets/lightbox.0.js").text).statements.filter(ts.isExportDeclaration);
    assert.deepEqual(statement.exportClause.elements.map(({ name }) => name.text), ["openLightbox"]);
});

test("the client exports exactly its public names", async () => {
    const client = await import(`data:text/javascript,${encodeURIComponent(served.get("/client.js").text)}`);
    assert.deepEqual(Object.keys(client).sort(), CLIENT_EXPORTS);
});

test("the client's type declarations match its exports", () => {
    const { text, response } = served.get("/client.d.ts");
    const names = [...text.matchAll(/^export declare (?:class|function) (\w+)/gm)].map(([, name]) => name);
    assert.deepEqual(names.sort(), CLIENT_EXPORTS);
    assert.match(response.headers.get("Content-Type"), /^application\/typescript\b/);
    const script = served.get("/client.js").response;
    assert.equal(response.headers.get("Cache-Control"), script.headers.get("Cache-Control"));
    assert.match(response.headers.get("ETag"), /^"[0-9a-f.gz]+"$/);
});

test("every module belongs to a front end or is inline, and none is in another's bundle", () => {
    const closures = Object.values(FRONT_ENDS).map(entry => closureOf(entry));
    assert.deepEqual(MODULES.filter(module => !closures.some(closure => closure.has(module))), [
        "desk/language.js", "desk/start.js", "reader/fold.js"]);
    for (const [index, entry] of Object.values(FRONT_ENDS).entries()) {
        const others = ["reader", "widget", "desk", "lightbox"].filter(folder => !entry.startsWith(folder));
        const strange = [...closures[index]].filter(module => others.includes(module.split("/")[0]));
        assert.deepEqual(strange, [], entry);
    }
});

test("what the extras ask of the page has the same name in its script", () => {
    const extras = ["last-visit", "navigation", "news-at-end"].map(name => textOf(`reader/${name}.js`)).join("");
    const asked = [...extras.matchAll(/(?<=(?:#view|\btimes)\.)(\w+)/g)].map(([, name]) => name);
    assert.ok(asked.includes("clockTime") && asked.includes("serverNow"));
    for (const name of new Set(asked)) {
        assert.ok(new RegExp(`\\b${name}\\b`).test(served.get("/assets/live.0.js").text), name);
    }
});

test("imports are single-line and name existing exports", () => {
    for (const module of MODULES) {
        for (const { line, from, names } of importsOf(module)) {
            assert.match(line, /^import \{ [\w, ]+ \} from "\.\.?\/[\w/-]+\.js";$/, module);
            const exported = declarationsOf(textOf(from)).filter(({ isExported }) => isExported).map(({ name }) => name);
            assert.deepEqual(names.filter(name => !exported.includes(name)), [], `${module}: ${line}`);
        }
    }
});

test("a front end assigns innerHTML at most once and uses no other HTML sink, nor eval", () => {
    const dangers = /\.(?:innerHTML|outerHTML|insertAdjacentHTML|srcdoc)\b[^;]*;|\beval\(|new Function|document\.write/g;
    const made = Object.keys(FRONT_ENDS).map(path => {
        const found = served.get(path).text.match(dangers) ?? [];
        return [path, found.map(each => each.replace(/=\w+;/, "=html;"))];
    });
    assert.deepEqual(Object.fromEntries(made), {
        "/client.js": [], "/embed.js": [".innerHTML=html;"], "/assets/live.0.js": [".innerHTML=html;"],
        "/assets/extras.0.js": [], "/assets/bell.0.js": [".innerHTML=html;"], "/assets/front.0.js": [".innerHTML=html;"],
        "/assets/desk.0.js": [".innerHTML=html;"], "/assets/lightbox.0.js": [".innerHTML=html;"],
        "/cards.js": [".innerHTML=html;"], "/push-worker.js": [], "/embed-live.js": [], "/embed-frame.js": [],
        "/assets/embedpage.0.js": [], "/assets/consent.0.js": [".innerHTML=html;"],
    });
});

test("only desk.js and start.js name browser storages; the editor's key goes to sessionStorage, and to the other if wanted", () => {
    const others = MODULES.filter(path => path.startsWith("desk/") && !["desk/desk.js", "desk/start.js"].includes(path));
    for (const module of others) {
        assert.ok(!/\b(?:localStorage|sessionStorage)\b/.test(textOf(module)), module);
    }
    assert.doesNotMatch(textOf("desk/start.js"), /\bsessionStorage\b/);
    assert.match(textOf("desk/desk.js"), /new DeskSession\(storageOf\(\(\) => sessionStorage\), kept,/);
});

test("front ends stay below their gzipped size limits", () => {
    const weigh = text => gzipSync(text, { level: 9 }).length;
    for (const [path, most] of Object.entries(MOST_BYTES)) {
        const size = weigh(served.get(path).text);
        assert.ok(size < most, `${path} weighs ${size} of ${most} bytes`);
    }
    const [, style] = served.get("/").text.match(/<style>([^<]*)<\/style>/);
    assert.ok(style.includes("#updates:focus"));
    const size = weigh(style);
    assert.ok(size < MOST_STYLE_BYTES, `the style weighs ${size} of ${MOST_STYLE_BYTES} bytes`);
});

test("a change on a page does not restyle every link: after `body:has(…)` and `:has(~ …)`, rules name a class or an id", () => {
    const [, style] = served.get("/").text.match(/<style>([^<]*)<\/style>/);
    const selectors = [...style.matchAll(/[^{}]+(?=\{)/g)].flatMap(([list]) => list.split(/,(?![^(]*\))/));
    const broad = selectors.filter(selector => /^\s*(?:html|body|:root)\b.*:has\(|:has\(\s*[~+]/.test(selector));
    assert.ok(broad.length > 0);
    for (const selector of broad) {
        const [last] = selector.replace(/\((?:[^()]|\([^()]*\))*\)/g, "").match(/[^\s>+~]+\s*$/);
        assert.match(last, /[.#]/, selector);
    }
});

test("files have at most 400 lines, lines at most 120 characters", () => {
    const sheets = ["live", "head", "search", "site"].map(name => `reader/${name}.css`);
    for (const path of [...MODULES, ...sheets]) {
        const lines = textOf(path).split("\n");
        assert.ok(lines.length <= 400, `${path} has ${lines.length} lines`);
        for (const line of lines) assert.ok([...line].length <= 120, `${path}: ${line}`);
    }
});
