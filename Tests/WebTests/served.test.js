// SPDX-License-Identifier: Apache-2.0
// The server bundles the modules of a front end into one script. The bundle is compared with the modules token by
// token, so that tests of the modules hold for what browsers get.
import assert from "node:assert/strict";
import test from "node:test";
import { Script } from "node:vm";
import { gzipSync } from "node:zlib";
import { MODULES, bindings, closureOf, codeOf, declarationsOf, importsOf, textOf, tokensOf, treeOf, ts } from "./Support/syntax.js";
import { served } from "./Support/served.js";

const FRONT_ENDS = {
    "/client.js": "client/client-follower.js", "/embed.js": "widget/embed.js",
    "/assets/live.0.js": "reader/live.js", "/assets/desk.0.js": "desk/desk.js",
    "/assets/lightbox.0.js": "lightbox/lightbox.js", "/cards.js": "shared/cards.js",
    "/push-worker.js": "reader/push-worker.js",
};
/** Those that are served as ES modules. */
const ES_MODULES = ["/client.js", "/cards.js", "/assets/lightbox.0.js"];
const KIBIBYTE = 1024;
/** Upper bounds of gzipped sizes. */
const MOST_BYTES = { "/embed.js": 15 * KIBIBYTE, "/assets/live.0.js": 17 * KIBIBYTE };
const MOST_STYLE_BYTES = 4.5 * KIBIBYTE;
const CLIENT_EXPORTS = ["Feed", "Follower", "Refusal", "comparePlaces", "follow", "mergedReactions"];

/** The statements of a served script, without the enclosing function or the exports. */
function statementsOf(path) {
    const tree = treeOf(served.get(path).text);
    assert.deepEqual(tree.parseDiagnostics.map(({ messageText }) => messageText), []);
    if (ES_MODULES.includes(path)) return tree.statements.filter(statement => !ts.isExportDeclaration(statement));
    const [strict, ...statements] = tree.statements[0].expression.expression.expression.body.statements;
    assert.equal(strict.expression.text, "use strict");
    return statements;
}

const tokensOfStatement = (statement, tree) => tokensOf(statement, tree).filter(token => token !== "export");

/**
 * Statements with the names of private members, and those declared at the top level (a set), numbered in order of
 * appearance, because the server shortens them.
 */
function numbered(statements, declared) {
    const names = new Map();
    const number = token => names.get(token) ?? names.set(token, `#${names.size}`).get(token);
    const isNumbered = token => /^#\w+$/.test(token) || declared.has(token);
    return statements.map(tokens => tokens.map(token => (isNumbered(token) ? number(token) : token)).join(" "));
}

/** The names that a bundle declares at its top level. */
function namesOf(statements) {
    const isList = ts.isVariableStatement;
    const declarations = statements.flatMap(each => (isList(each) ? each.declarationList.declarations : [each]));
    return new Set(declarations.flatMap(({ name }) => bindings(name)));
}

for (const [path, entry] of Object.entries(FRONT_ENDS)) {
    test(`${path} consists of its modules' statements, each module after those it imports`, () => {
        const tree = treeOf(served.get(path).text);
        const statements = statementsOf(path).map(statement => tokensOfStatement(statement, tree));
        const [left, order] = [closureOf(entry), []];
        const short = namesOf(statementsOf(path));
        const long = new Set([...left].flatMap(module => declarationsOf(textOf(module)).map(({ name }) => name)));
        while (left.size > 0) {
            const rest = statements.slice(order.flatMap(tokensOfModule).length);
            const next = [...left].find(module => importsOf(module).every(({ from }) => !left.has(from))
                && isNext(module, rest, long, short));
            assert.ok(next, `what follows is none of ${[...left]}: ${rest[0]?.join(" ")}`);
            order.push(next);
            left.delete(next);
        }
        assert.deepEqual(numbered(statements, short), numbered(order.flatMap(tokensOfModule), long));
    });

    test(`${path}: no two modules declare the same top-level name`, () => {
        const names = [...closureOf(entry)].flatMap(module => declarationsOf(textOf(module)).map(({ name }) => name));
        assert.ok(names.length > (path === "/push-worker.js" ? 3 : 10));
        assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
    });
}

function tokensOfModule(module) {
    const tree = treeOf(textOf(module));
    return codeOf(tree).map(statement => tokensOfStatement(statement, tree));
}

/** Whether the module's statements come next, whatever the names: `long` those of the modules, `short` those served. */
function isNext(module, rest, long, short) {
    const wanted = tokensOfModule(module);
    return numbered(wanted, long).join("\n") === numbered(rest.slice(0, wanted.length), short).join("\n");
}

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

test("every module belongs to a front end, and none is in another's bundle", () => {
    const closures = Object.values(FRONT_ENDS).map(entry => closureOf(entry));
    assert.deepEqual(MODULES.filter(module => !closures.some(closure => closure.has(module))), []);
    for (const [index, entry] of Object.values(FRONT_ENDS).entries()) {
        const others = ["reader", "widget", "desk", "lightbox"].filter(folder => !entry.startsWith(folder));
        const strange = [...closures[index]].filter(module => others.includes(module.split("/")[0]));
        assert.deepEqual(strange, [], entry);
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
    const made = Object.keys(FRONT_ENDS).map(path => [path, served.get(path).text.match(dangers) ?? []]);
    assert.deepEqual(Object.fromEntries(made), {
        "/client.js": [], "/embed.js": [".innerHTML=html;"], "/assets/live.0.js": [".innerHTML=html;"],
        "/assets/desk.0.js": [".innerHTML=html;"], "/assets/lightbox.0.js": [".innerHTML=html;"],
        "/cards.js": [".innerHTML=html;"], "/push-worker.js": [],
    });
});

test("only desk.js names browser storages; the editor's key goes to sessionStorage", () => {
    for (const module of MODULES.filter(path => path.startsWith("desk/") && path !== "desk/desk.js")) {
        assert.ok(!/\b(?:localStorage|sessionStorage)\b/.test(textOf(module)), module);
    }
    assert.match(textOf("desk/desk.js"), /new DeskSession\(storageOf\(\(\) => sessionStorage\)\)/);
});

test("front ends stay below their gzipped size limits", () => {
    const weigh = text => gzipSync(text, { level: 9 }).length;
    for (const [path, most] of Object.entries(MOST_BYTES)) {
        const size = weigh(served.get(path).text);
        assert.ok(size < most, `${path} weighs ${size} of ${most} bytes`);
    }
    const size = weigh(textOf("reader/live.css"));
    assert.ok(size < MOST_STYLE_BYTES, `live.css weighs ${size} of ${MOST_STYLE_BYTES} bytes`);
});

test("files have at most 400 lines, lines at most 120 characters", () => {
    for (const path of [...MODULES, "reader/live.css"]) {
        const lines = textOf(path).split("\n");
        assert.ok(lines.length <= 400, `${path} has ${lines.length} lines`);
        for (const line of lines) assert.ok([...line].length <= 120, `${path}: ${line}`);
    }
});
