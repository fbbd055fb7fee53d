/**
 * The list of files a packaged app would hold, computed from the same patterns electron-builder gets, and the check
 * that everything the app needs is in it. Works without the Electron runtime.
 */
import fs from 'node:fs';
import path from 'node:path';

/** As electron-builder names machines: Node's own words. */
export const machines = [
  { platform: 'linux', arch: 'x64' },
  { platform: 'linux', arch: 'arm64' },
  { platform: 'win32', arch: 'x64' },
  { platform: 'darwin', arch: 'x64' },
  { platform: 'darwin', arch: 'arm64' },
];

/** electron-builder leaves these out of every package. */
const alwaysExcluded = ['!**/*.{d.ts,cc,o,a,obj,mk,map}', '!**/.*'];

function matches(file, pattern) {
  return path.posix.matchesGlob(file, pattern);
}

/**
 * The files that the patterns select, the last matching pattern deciding. Packages in node_modules are in from the
 * start and only patterns with `!` take something away; every other file has to be asked for.
 * @param {readonly string[]} files
 * @param {readonly string[]} patterns
 * @param {{ platform: string, arch: string }} machine
 * @returns {string[]}
 */
export function selectFiles(files, patterns, { platform, arch }) {
  const expanded = [...patterns, ...alwaysExcluded].map((pattern) =>
    pattern.replaceAll('${platform}', platform).replaceAll('${arch}', arch),
  );
  return files.filter((file) => {
    const isPackage = file.startsWith('node_modules/');
    return expanded.reduce((included, pattern) => {
      if (pattern.startsWith('!')) return included && !matches(file, pattern.slice(1));
      return included || (!isPackage && matches(file, pattern));
    }, isPackage);
  });
}

/** Folders in node_modules of the packages that the app needs at run time, with what they need themselves. */
export function runtimePackages(lock) {
  const found = new Set();
  const visit = (name, from) => {
    // npm nests a package below its user where two versions are needed.
    const nested = `${from}node_modules/${name}`;
    const folder = lock.packages[nested] === undefined ? `node_modules/${name}` : nested;
    const entry = lock.packages[folder];
    if (entry === undefined || found.has(folder)) return;
    found.add(folder);
    for (const dependency of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) visit(dependency, `${folder}/`);
  };
  const top = lock.packages[''];
  for (const name of Object.keys({ ...top.dependencies, ...top.optionalDependencies })) visit(name, '');
  return [...found];
}

/** Every file of the checkout that could be packed, relative, with `/`. */
export function listCandidates(root) {
  const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const folders = ['dist', 'resources', ...runtimePackages(lock)];
  const files = folders.flatMap((folder) => {
    const absolute = path.join(root, folder);
    if (!fs.existsSync(absolute)) return [];
    return fs
      .readdirSync(absolute, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
  });
  return [...files, 'LICENSE', 'package.json'];
}

/** What the packaged app opens at run time. @returns {{ file: RegExp, why: string }[]} */
export function requiredFiles({ platform, arch }, { workers, samples }) {
  const exactly = (file) => new RegExp(`^${file.replace(/[.+]/g, '\\$&')}$`);
  return [
    { file: exactly('package.json'), why: 'names the main file' },
    { file: exactly('LICENSE'), why: 'our licence' },
    { file: exactly('dist/electron/main.js'), why: 'the desktop shell' },
    { file: exactly('dist/electron/preload.cjs'), why: 'the bridge to the interface' },
    ...workers.map((name) => ({ file: exactly(`dist/electron/${name}.js`), why: 'a worker thread' })),
    { file: exactly('dist/renderer/index.html'), why: 'the interface' },
    { file: /^dist\/renderer\/assets\/.+\.js$/, why: "the interface's code" },
    { file: /^dist\/renderer\/assets\/.+\.css$/, why: "the interface's look" },
    { file: /^dist\/renderer\/assets\/.+\.woff2$/, why: 'the bundled fonts' },
    { file: exactly('dist/renderer/licences.md'), why: 'licences of the bundled packages' },
    { file: exactly('dist/electron/licences.md'), why: 'licences of the bundled packages' },
    { file: exactly('node_modules/better-sqlite3/package.json'), why: 'the database driver' },
    { file: exactly('node_modules/better-sqlite3/lib/index.js'), why: 'the database driver' },
    { file: exactly('node_modules/better-sqlite3/LICENSE'), why: "the driver's licence" },
    { file: exactly(`node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`), why: "the driver's native part" },
    { file: exactly('resources/icons/icon.png'), why: 'the icon' },
    ...samples.map((file) => ({ file: exactly(file), why: 'a sample' })),
  ];
}

/** What must not be in the package: other machines' binaries, tests, tools. */
const unwanted = [/\.test\.ts$/, /^node_modules\/(node-|electron|vite|typescript|playwright)/, /^e2e\//, /^scripts\//];

/** @returns {string[]} one sentence per defect; none when the list is right */
export function checkFileList(files, machine, needs) {
  const missing = requiredFiles(machine, needs).filter(({ file }) => !files.some((name) => file.test(name)));
  const foreign = files.filter((name) => /\/prebuilds\//.test(name) && !name.endsWith(`/${machine.platform}-${machine.arch}.node`));
  return [
    ...missing.map(({ file, why }) => `missing: ${file.source.replace(/\\|^\^|\$$/g, '')} (${why})`),
    ...[...foreign, ...files.filter((name) => unwanted.some((pattern) => pattern.test(name)))].map((name) => `not wanted: ${name}`),
  ];
}
