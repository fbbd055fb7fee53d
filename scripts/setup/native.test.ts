import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildNative, compilerArguments, findCompiler } from './native.mjs';

function attempt(folder: string, env: Record<string, string | undefined>) {
  const lines: string[] = [];
  return buildNative({ folder, env, notify: (line) => void lines.push(line) }).then((file) => ({ file, lines }));
}

function inFolder(run: (folder: string) => Promise<void>) {
  return async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-native-'));
    try {
      await run(folder);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  };
}

test(
  'a compiler that is not there costs one line, once',
  inFolder(async (folder) => {
    const env = { CC: path.join(folder, 'no-such-compiler') };
    const { file, lines } = await attempt(folder, env);
    expect(file).toBeUndefined();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('no C compiler was found');
    expect(await attempt(folder, env)).toEqual({ file: undefined, lines: [] });
  }),
);

test.skipIf(process.platform === 'win32')(
  'a compiler that fails is named with its complaint, and tried again only when something changed',
  inFolder(async (folder) => {
    const compiler = path.join(folder, 'acc');
    const runs = path.join(folder, 'runs');
    const write = (complaint: string) =>
      fs.writeFileSync(compiler, `#!/bin/sh\necho run >> ${runs}\necho "contract.c:1: error: ${complaint}"\nexit 1\n`, { mode: 0o755 });
    const runCount = () => fs.readFileSync(runs, 'utf8').split('\n').length - 1;
    write('too old');
    const { lines } = await attempt(folder, { CC: compiler });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('acc could not build it (contract.c:1: error: too old)');
    expect((await attempt(folder, { CC: compiler })).lines).toEqual([]);
    expect(runCount()).toBe(1);
    write('older still, another version of it');
    expect((await attempt(folder, { CC: compiler })).lines).toHaveLength(1);
    expect(runCount()).toBe(2);
  }),
);

/** The machine's own, told not to optimise at last: what it makes is not run here. */
function quickCompiler(): string | undefined {
  const compiler = findCompiler();
  if (compiler === undefined || process.platform === 'win32') return compiler;
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-compiler-')), 'quick');
  fs.writeFileSync(file, `#!/bin/sh\nexec '${compiler}' "$@" -O0\n`, { mode: 0o755 });
  return file;
}

const compiler = quickCompiler();
afterAll(() => {
  if (compiler !== undefined && process.platform !== 'win32') fs.rmSync(path.dirname(compiler), { recursive: true });
});
test.skipIf(compiler === undefined)(
  'what was built stays when the compiler goes, and is not built twice',
  inFolder(async (folder) => {
    const first = await attempt(folder, { CC: compiler });
    expect(first).toEqual({ file: path.join(folder, 'contract.node'), lines: [] });
    const { mtimeMs } = fs.statSync(first.file!);
    expect(await attempt(folder, { CC: compiler })).toEqual(first);
    expect(await attempt(folder, { CC: '/no/such/compiler' })).toEqual(first);
    expect(fs.statSync(first.file!).mtimeMs).toBe(mtimeMs);
    expect(fs.readdirSync(folder).sort()).toEqual(['built.json', 'contract.node']);
  }),
  60_000,
);

test('each platform links as it must, and none relaxes the arithmetic', () => {
  expect(compilerArguments('x', { platform: 'darwin' })).toContain('dynamic_lookup');
  expect(compilerArguments('x', { platform: 'linux' })).toContain('-fPIC');
  for (const platform of ['darwin', 'linux', 'win32'] as const) {
    const args = compilerArguments('x', { platform });
    expect(args).toContain('-fno-math-errno');
    expect(args.filter((arg) => /fast-math|march|mcpu/.test(arg))).toEqual([]);
  }
});
