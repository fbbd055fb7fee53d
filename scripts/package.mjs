/**
 * `npm run package`: installers for this machine into release/. With `-- --dry-run` it only computes, for every
 * platform, the list of files that would be packed and checks that nothing the app needs is missing.
 */
import fs from 'node:fs';
import path from 'node:path';
import config from '../electron-builder.config.js';
import { buildPart } from './lib/buildApp.mjs';
import { runMain } from './lib/main.mjs';
import { checkFileList, listCandidates, machines, selectFiles } from './packaging/fileList.mjs';
import { fetchElectron } from './setup/electron.mjs';
import { nativeFolder } from './setup/native.mjs';
import { modulesFolder, root, runQuietly, SetupError } from './setup/places.mjs';

/** Worker threads by the pattern that starts them, so that a new one cannot be forgotten. */
function findWorkers() {
  const folder = path.join(root, 'electron');
  const sources = fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const starts = sources.flatMap((name) => [
    ...fs.readFileSync(path.join(folder, name), 'utf8').matchAll(/new URL\('([^']+)\.ts', import\.meta\.url\)/g),
  ]);
  return [...new Set(starts.map((match) => path.basename(match[1])))];
}

async function checkLists() {
  const candidates = listCandidates(root);
  const needs = { workers: findWorkers(), samples: candidates.filter((file) => file.startsWith('resources/samples/')) };
  if (needs.samples.length === 0) throw new SetupError('There is no sample data in resources/samples.');
  let problems = 0;
  for (const machine of machines) {
    const files = selectFiles(candidates, config.files, machine);
    const sizeBytes = files.reduce((sum, file) => sum + fs.statSync(path.join(root, file)).size, 0);
    const found = checkFileList(files, machine, needs);
    problems += found.length;
    const accelerator = fs.existsSync(path.join(nativeFolder(machine), 'contract.node')) ? 'with' : 'without';
    process.stdout.write(
      `${machine.platform}-${machine.arch}: ${files.length} files, ${(sizeBytes / 1e6).toFixed(1)} MB, ${accelerator} the native accelerator\n`,
    );
    for (const problem of found) process.stdout.write(`  ${problem}\n`);
  }
  if (problems > 0) throw new SetupError('The package would not be complete.');
}

await runMain(async (args) => {
  const dryRun = args.includes('--dry-run');
  if (!dryRun && (await fetchElectron(process.execPath)) === undefined) {
    throw new SetupError(
      'The Electron runtime cannot be had here, so no package can be made; `npm run package -- --dry-run` checks the file list without it.',
    );
  }
  await buildPart('renderer');
  await buildPart('electron');
  await checkLists();
  if (dryRun) return;
  const builder = path.join(modulesFolder, 'electron-builder', 'cli.js');
  const { code } = await runQuietly(process.execPath, [builder, '--config', 'electron-builder.config.js', ...args], { show: true });
  if (code !== 0) throw new SetupError('electron-builder could not make the package; its message stands above.');
});
