/** Where the library and the app's own resources lie. No native module is loaded here. */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/** LAYERBENCH_LIBRARY, or the platform's folder for a person's application data. */
export function defaultLibraryFolder(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  const chosen = environment.LAYERBENCH_LIBRARY;
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  if (platform === 'win32') return join(environment.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Layerbench');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Layerbench');
  const dataHome = environment.XDG_DATA_HOME;
  return join(dataHome !== undefined && dataHome !== '' ? dataHome : join(home, '.local', 'share'), 'layerbench');
}

/** `resources/`, beside the sources, beside `dist/`, or unpacked beside the packaged app. */
export function resourcesFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 5; level += 1) {
    const candidate = join(folder, 'resources');
    if (existsSync(join(candidate, 'samples'))) return candidate;
    folder = dirname(folder);
  }
  return join(process.cwd(), 'resources');
}
