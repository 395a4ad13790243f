// SPDX-License-Identifier: Apache-2.0
// Modules and scripts, parsed by the TypeScript compiler.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const FILES = new URL("../../../Sources/Web/Files/", import.meta.url);

/** Debian installs modules in a folder that other builds of node do not search. */
function typescript() {
    try {
        return require("typescript");
    } catch {
        return require("/usr/share/nodejs/typescript");
    }
}

export const ts = typescript();

/** The text of a file of `Sources/Web/Files`. */
export const textOf = path => readFileSync(new URL(path, FILES), "utf8");

/** The paths of all modules. */
export const MODULES = readdirSync(FILES).flatMap(folder =>
    readdirSync(new URL(`${folder}/`, FILES)).filter(name => name.endsWith(".js")).map(name => `${folder}/${name}`));

const parsed = new Map();

/** The syntax tree of a text. */
export function treeOf(text) {
    if (!parsed.has(text)) {
        const tree = ts.createSourceFile("x.js", text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
        parsed.set(text, tree);
    }
    return parsed.get(text);
}

/** All tokens of a syntax node, in order, without comments and white space, as nodes. */
export function tokensOf(node, tree) {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return [];
    const children = node.getChildren(tree);
    if (children.length === 0) return node.getWidth(tree) > 0 ? [node] : [];
    return children.flatMap(child => tokensOf(child, tree));
}

/** The statements of a module except its imports. */
export const codeOf = tree => tree.statements.filter(statement => !ts.isImportDeclaration(statement));

/** The imports of a module: line, imported names, and path of the imported module. */
export function importsOf(path) {
    const tree = treeOf(textOf(path));
    return tree.statements.filter(ts.isImportDeclaration).map(statement => ({
        line: statement.getText(tree),
        from: new URL(statement.moduleSpecifier.text, `file:///${path}`).pathname.slice(1),
        names: statement.importClause.namedBindings.elements.map(element => element.getText(tree)),
    }));
}

/** The top-level names of a text, and whether each is exported at its declaration. */
export function declarationsOf(text) {
    return codeOf(treeOf(text)).flatMap(statement => {
        const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
        const isExported = Boolean(statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword));
        return declared.flatMap(({ name }) => bindings(name)).map(name => ({ name, isExported }));
    });
}

/** The names that a declaration's name binds. */
export function bindings(name) {
    if (!name) return [];
    return ts.isIdentifier(name) ? [name.text] : name.elements.flatMap(element => bindings(element.name));
}

/** The paths of a module and all its transitive imports. */
export function closureOf(path, found = new Set()) {
    if (found.has(path)) return found;
    found.add(path);
    for (const { from } of importsOf(path)) closureOf(from, found);
    return found;
}
