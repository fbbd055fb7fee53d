import { ESLint } from 'eslint';
import path from 'node:path';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { refuseImport } from './importArrows.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');

describe('arrows between folders', () => {
  test.each([
    ['core/graph/edit.ts', '../../electron/contract/calls.ts', true],
    ['core/graph/edit.ts', '../../renderer/client.ts', false],
    ['core/graph/edit.test.ts', '../../electron/host/host.ts', false],
    ['core/data/csv.ts', 'node:fs', false],
    ['core/data/csv.ts', 'fs', false],
    ['core/data/csv.ts', 'better-sqlite3', true],
    ['core/engines/engine.ts', 'electron', false],
    ['renderer/client.ts', '../electron/contract/calls.ts', false],
    ['renderer/client.ts', '../electron/host/host.ts', true],
    ['renderer/train/chart.ts', '../../electron/store/runs.ts', false],
    ['renderer/ui/theme.ts', 'node:path', false],
    ['renderer/App.svelte', 'electron', false],
    ['electron/host/host.ts', '../../renderer/text.ts', false],
    ['electron/host/host.ts', 'electron', false],
    ['electron/handlers/runs.ts', 'better-sqlite3', false],
    ['electron/preload.ts', './host/host.ts', false],
    ['electron/contract/calls.ts', '../host/host.ts', true],
    ['electron/contract/calls.ts', '../../core/problem.ts', false],
    ['electron/contract/calls.ts', 'valibot', true],
  ])('%s must not import %s (types only: %s)', (file, source, typeOnly) => {
    expect(refuseImport(file, source, typeOnly)).toEqual(expect.any(String));
  });

  test.each([
    ['core/graph/edit.ts', './document.ts', false],
    ['core/data/csv.ts', 'papaparse', false],
    ['core/data/csv.test.ts', 'node:fs', false],
    ['core/testing/checkOp.ts', 'vitest', false],
    ['renderer/client.ts', '../electron/contract/calls.ts', true],
    ['renderer/canvas/shapes.ts', '../../core/graph/shape.ts', false],
    ['electron/main.ts', 'electron', false],
    ['electron/shell/menu.ts', 'electron', false],
    ['electron/store/database.ts', 'better-sqlite3', false],
    ['electron/trainer/trainerWorker.ts', '../../core/train/trainer.ts', false],
    ['electron/preload.ts', './contract/calls.ts', true],
    ['electron/contract/calls.ts', '../../core/problem.ts', true],
  ])('%s may import %s (types only: %s)', (file, source, typeOnly) => {
    expect(refuseImport(file, source, typeOnly)).toBeUndefined();
  });
});

/** The project's own configuration on another text for a file that exists, so that a weakened configuration fails here. */
describe('the configured linter', () => {
  // Rules that need types are left out: none is asked for here, and they would read the whole project first.
  const eslint = new ESLint({ cwd: root, overrideConfig: { files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked } });
  const lint = async (file: string, text: string): Promise<string[]> => {
    const [result] = await eslint.lintText(text, { filePath: path.join(root, file) });
    return result!.messages.map((message) => message.ruleId ?? message.message);
  };

  test.each([
    ['core/problem.ts', "import { call } from '../renderer/client.ts';\ncall;\n"],
    ['core/problem.ts', "export * from '../electron/contract/calls.ts';\n"],
    ['core/problem.ts', "import fs from 'node:fs';\nfs;\n"],
    ['core/problem.ts', "export const later = import('node:fs');\n"],
    ['core/problem.ts', "export type Later = import('../renderer/client.ts').ConnectionState;\n"],
    ['renderer/client.ts', "import { Calls } from '../electron/contract/calls.ts';\nCalls;\n"],
    ['electron/contract/calls.ts', "import '../../core/problem.ts';\n"],
  ])('refuses in %s: %s', async (file, text) => {
    expect(await lint(file, text)).toContain('layerbench/import-arrows');
  });

  test('refuses a transfer list outside worker threads', async () => {
    const text = 'export const send = (port: MessagePort, bytes: ArrayBuffer): void => port.postMessage(bytes, [bytes]);\n';
    expect(await lint('renderer/client.ts', text)).toContain('no-restricted-syntax');
    expect(await lint('electron/trainer/protocol.ts', text)).not.toContain('no-restricted-syntax');
  });

  test('refuses code made from text', async () => {
    expect(await lint('core/problem.ts', 'export const run = (text: string): unknown => eval(text);\n')).toContain('no-eval');
    expect(await lint('core/problem.ts', 'export const run = (text: string): unknown => new Function(text);\n')).toContain('no-new-func');
  });

  test('accepts the type-only arrow to the contract', async () => {
    const text = "import type { Calls } from '../electron/contract/calls.ts';\nexport type Names = keyof Calls;\n";
    expect(await lint('renderer/client.ts', text)).toEqual([]);
  });
}, 60_000);
