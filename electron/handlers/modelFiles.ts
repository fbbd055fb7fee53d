/** Files scored with a run, and models to take along. */
import * as v from 'valibot';
import type { Handlers } from '../contract/calls.ts';
import type { HostParts } from '../host/host.ts';
import { identifier, runId } from './schemas.ts';
import type { ArgsSchemas } from './schemas.ts';

/** Listed one by one: other uses of runs have handlers of their own. */
export type ModelFileNames = 'use.scoreUpload' | 'use.cancelScore' | 'use.exportModel' | 'use.download' | 'use.endDownload';

export const modelFileSchemas: ArgsSchemas<ModelFileNames> = {
  'use.scoreUpload': v.strictObject({ run: runId, upload: identifier, perClass: v.exactOptional(v.boolean()) }),
  'use.cancelScore': v.strictObject({ upload: identifier }),
  'use.exportModel': v.strictObject({ run: runId }),
  'use.download': v.strictObject({ download: identifier, offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }),
  'use.endDownload': v.strictObject({ download: identifier }),
};

export function modelFileHandlers({ modelFiles }: HostParts): Pick<Handlers, ModelFileNames> {
  return {
    'use.scoreUpload': ({ run, upload, perClass }) => modelFiles.scoreUpload(run, upload, perClass ?? false),
    'use.cancelScore': ({ upload }) => {
      modelFiles.cancelScore(upload);
      return null;
    },
    'use.exportModel': ({ run }) => modelFiles.exportModel(run),
    'use.download': ({ download, offset }) => modelFiles.download(download, offset),
    'use.endDownload': async ({ download }) => {
      await modelFiles.endDownload(download);
      return null;
    },
  };
}
