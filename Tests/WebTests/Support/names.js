// SPDX-License-Identifier: Apache-2.0
// What the names in a script mean, as the TypeScript compiler finds: which declaration, by any name.
import { ts } from "./syntax.js";

const OPTIONS = { allowJs: true, noLib: true, noResolve: true, target: ts.ScriptTarget.ES2022 };
const checkers = new Map();

/** The type checker for a syntax tree, which knows nothing else. */
function checkerOf(tree) {
    if (!checkers.has(tree)) {
        const host = {
            getSourceFile: name => (name === tree.fileName ? tree : undefined), fileExists: name => name === tree.fileName,
            readFile: () => tree.text, writeFile() {}, getDefaultLibFileName: () => "", getCurrentDirectory: () => "/",
            getCanonicalFileName: name => name, useCaseSensitiveFileNames: () => true, getNewLine: () => "\n",
        };
        checkers.set(tree, ts.createProgram([tree.fileName], OPTIONS, host).getTypeChecker());
    }
    return checkers.get(tree);
}

const isVariable = node => ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)
    || ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isImportSpecifier(node);

/** Whether an identifier is a member's name, too: `{ name }`. */
const isShorthand = node => node.parent.name === node && (ts.isShorthandPropertyAssignment(node.parent)
    || (ts.isBindingElement(node.parent) && ts.isObjectBindingPattern(node.parent.parent)
        && !node.parent.propertyName && !node.parent.dotDotDotToken));

/** What declares the variable that a token means; else undefined. */
function declarationOf(node, tree) {
    if (ts.isPrivateIdentifier(node)) return privateName(`${ts.getContainingClass(node).pos}${node.text}`, tree);
    if (!ts.isIdentifier(node)) return undefined;
    const checker = checkerOf(tree);
    const symbol = ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : checker.getSymbolAtLocation(node);
    return symbol?.declarations?.find(isVariable);
}

/**
 * A token as what it says, and as what it means: `[text]`, `[text, declaration]` where the name is that of a member, too, else
 * `[declaration]`. The modules of a front end share one scope; `shared` has the names in it, and is undefined for a bundle.
 */
export function meaningOf(node, tree, shared) {
    const text = node.getText(tree);
    const found = declarationOf(node, tree);
    if (found === undefined) return [text];
    const isTop = shared && ts.isIdentifier(node) && (ts.isImportSpecifier(found) || scopeOf(found) === tree);
    const meaning = isTop ? shared.get(text) ?? shared.set(text, { text }).get(text) : found;
    return ts.isIdentifier(node) && isShorthand(node) ? [text, meaning] : [meaning];
}

/** @type {Map<ts.SourceFile, Map<string, object>>} */
const privateNames = new Map();

/** The same object for all tokens that mean a private name of a class. */
function privateName(name, tree) {
    const names = privateNames.get(tree) ?? new Map();
    privateNames.set(tree, names);
    return names.get(name) ?? names.set(name, { name }).get(name);
}

/** The tree of a declaration at its top level; else something within. */
function scopeOf({ parent }) {
    const isPart = ts.isVariableDeclarationList(parent) || ts.isVariableStatement(parent) || ts.isVariableDeclaration(parent)
        || ts.isObjectBindingPattern(parent) || ts.isArrayBindingPattern(parent) || ts.isBindingElement(parent);
    return isPart ? scopeOf(parent) : parent;
}
