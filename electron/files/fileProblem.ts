/** Turns what the operating system says about a file into a sentence for the user. */
import { ProblemError, raise } from '../../core/problem.ts';

/** @throws ProblemError for the conditions a user can mend, else the error itself */
export function raiseFileError(error: unknown, doing: string, file: string): never {
  if (error instanceof ProblemError) throw error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const where = { kind: 'file', file } as const;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    raise({
      code: 'file.diskFull',
      message: `${doing}: the disk is full.`,
      where: { kind: 'library' },
      hint: 'Free some space and try again; nothing was lost.',
    });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    raise({
      code: 'file.noAccess',
      message: `${doing}: no permission for ${file}.`,
      where,
      hint: 'Check the rights of the file and its folder.',
    });
  if (code === 'ENOENT') raise({ code: 'file.missing', message: `${doing}: ${file} does not exist.`, where });
  if (code === 'EMFILE' || code === 'ENFILE')
    raise({ code: 'file.tooManyOpen', message: `${doing}: too many files are open.`, where, hint: 'Close other programs and try again.' });
  if (code === 'EISDIR') raise({ code: 'file.isFolder', message: `${doing}: ${file} is a folder, expected a file.`, where });
  if (code === 'ENOTDIR' || code === 'EEXIST')
    raise({ code: 'file.notFolder', message: `${doing}: a part of ${file} is a file, expected a folder.`, where });
  throw error;
}
