/** What the app is, and the person's settings. */
import * as v from 'valibot';
import { cpus } from 'node:os';
import type { Handlers } from '../contract/calls.ts';
import type { HostParts } from '../host/host.ts';
import { changeSettings, readSettings, settingsEntries } from '../host/settings.ts';
import { loadNative } from '../native/loadNative.ts';
import { availableEngines } from '../trainer/engines.ts';
import { noArgs } from './schemas.ts';
import type { ArgsSchemas } from './schemas.ts';

type Names = 'app.info' | 'settings.get' | 'settings.set';

export const appSchemas: ArgsSchemas<Names> = {
  'app.info': noArgs,
  'settings.get': noArgs,
  'settings.set': v.strictObject({
    change: v.strictObject({
      theme: v.exactOptional(settingsEntries.theme),
      textScale: v.exactOptional(settingsEntries.textScale),
      workspace: v.exactOptional(settingsEntries.workspace),
    }),
  }),
};

export function appHandlers({ store, shell, version, libraryFolder, gpu }: HostParts): Pick<Handlers, Names> {
  return {
    'app.info': () => {
      const { accelerator, notice } = loadNative();
      return {
        version,
        shell: shell === 'desktop' ? 'desktop' : 'browser',
        libraryFolder,
        cores: cpus().length,
        engines: availableEngines(gpu.state.gpu),
        ...gpu.state,
        ...(accelerator === undefined ? {} : { accelerator: accelerator.label }),
        ...(notice === undefined ? {} : { acceleratorNotice: notice }),
        firstStart: store.documents.count() === 0 && store.runs.count() === 0,
      };
    },
    'settings.get': () => readSettings(store.settings),
    'settings.set': ({ change }) => changeSettings(store.settings, change),
  };
}
