/**
 * The arrows between folders as a lint rule: core ◄── electron, core ◄── renderer, and electron/contract as types only.
 *
 * | from               | may import                                                    |
 * |--------------------|---------------------------------------------------------------|
 * | core               | core; npm packages that run in Node and in a browser alike     |
 * | electron/contract  | itself and core, types only                                   |
 * | electron           | electron, core, Node; `electron` itself only in the desktop shell, SQLite only in the store |
 * | renderer           | renderer, core; electron/contract as types only               |
 * | e2e, scripts       | themselves, Node; core and the contract                       |
 *
 * Tests beside the code may also use Node and vitest, but follow the same arrows between folders.
 */
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Packages that need Node, Electron or a browser and therefore never stand in core. */
const platformPackages = /^(electron|better-sqlite3|ws|svelte|@sveltejs\/.*|@xyflow\/.*|bits-ui|chart\.js|sharp)(\/|$)/;

const isBuiltin = (source) => source.startsWith('node:') || builtinModules.includes(source);
const isTest = (file) => /\.test\.ts$/.test(file) || file.startsWith('core/testing/') || /(^|\/)(fixtures|testing)\//.test(file);
const isPackage = (source, name) => source === name || source.startsWith(`${name}/`);
const inside = (file, folder) => file.startsWith(`${folder}/`);
const isDesktopShell = (file) => file === 'electron/main.ts' || file === 'electron/preload.ts' || inside(file, 'electron/shell');

/**
 * @param {string} file the importing file, relative to the checkout, with `/`
 * @param {string} source what stands in quotes
 * @param {boolean} typeOnly
 * @returns {string | undefined} why it is wrong
 */
export function refuseImport(file, source, typeOnly) {
  const target = source.startsWith('.') ? path.posix.normalize(path.posix.join(path.posix.dirname(file), source)) : undefined;

  if (inside(file, 'core')) {
    if (target !== undefined) return inside(target, 'core') ? undefined : `core imports no other folder, not ${target}`;
    if (isTest(file)) return undefined;
    if (isBuiltin(source)) return `core runs in the renderer too: no Node module ${source}`;
    return platformPackages.test(source) ? `core runs everywhere: not ${source}` : undefined;
  }

  if (inside(file, 'electron/contract')) {
    if (isTest(file)) return undefined;
    if (!typeOnly) return 'the contract holds types only: use `import type`';
    if (target === undefined) return `the contract imports no package: not ${source}`;
    return inside(target, 'core') || inside(target, 'electron/contract') ? undefined : `the contract imports core only, not ${target}`;
  }

  if (inside(file, 'electron')) {
    if (target !== undefined) {
      if (inside(target, 'renderer')) return 'the host never imports the renderer';
      if (file === 'electron/preload.ts' && !typeOnly) return 'the sandboxed preload script imports types only';
      return undefined;
    }
    if (isPackage(source, 'electron') && !typeOnly && !isDesktopShell(file) && !isTest(file))
      return 'the host knows nothing of Electron: only main.ts, preload.ts and shell/ do';
    if (isPackage(source, 'better-sqlite3') && !inside(file, 'electron/store')) return 'all SQL stands in electron/store';
    return undefined;
  }

  if (inside(file, 'renderer')) {
    if (target !== undefined) {
      if (inside(target, 'renderer') || inside(target, 'core') || target === 'package.json') return undefined;
      if (inside(target, 'resources')) return undefined;
      if (inside(target, 'electron/contract'))
        return typeOnly ? undefined : 'the renderer takes only types from the contract: use `import type`';
      return `the renderer reaches files and the database through the contract, not ${target}`;
    }
    if (isTest(file)) return undefined;
    if (isBuiltin(source)) return `the renderer has no Node: not ${source}`;
    return /^(electron|better-sqlite3|ws)(\/|$)/.test(source) ? `the renderer has no ${source}` : undefined;
  }

  return undefined;
}

export const importArrows = {
  meta: {
    type: 'problem',
    docs: { description: 'Keeps the arrows between core, electron and renderer.' },
    schema: [],
    messages: { wrong: '{{reason}}.' },
  },
  create(context) {
    const file = path.relative(root, context.filename).split(path.sep).join('/');
    const check = (node, sourceNode, typeOnly) => {
      if (sourceNode == null || typeof sourceNode.value !== 'string') return;
      const reason = refuseImport(file, sourceNode.value, typeOnly);
      if (reason !== undefined) context.report({ node, messageId: 'wrong', data: { reason } });
    };
    const everyNameIsType = (node) =>
      node.specifiers.length > 0 && node.specifiers.every((name) => name.importKind === 'type' || name.exportKind === 'type');
    return {
      ImportDeclaration: (node) => check(node, node.source, node.importKind === 'type' || everyNameIsType(node)),
      ExportNamedDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal, true),
    };
  },
};
