/** Files named on the command line, read with a sentence for everything that can be wrong with them. */
import { readFile, stat } from 'node:fs/promises';
import { raise } from '../../core/problem.ts';
import { raiseFileError } from '../files/fileProblem.ts';

/** Networks and configs are small; anything larger is not one. */
const maxJsonBytes = 32 * 1024 * 1024;

/**
 * @param what for messages: `network`, `config`
 * @throws ProblemError
 */
export async function readJsonFile(file: string, what: string): Promise<unknown> {
  const where = { kind: 'file', file } as const;
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > maxJsonBytes)
      raise({ code: 'file.tooLarge', message: `The ${what} file "${file}" has ${size} bytes; at most ${maxJsonBytes} are read.`, where });
    text = await readFile(file, 'utf8');
  } catch (error) {
    raiseFileError(error, `Reading the ${what}`, file);
  }
  if (text.trim() === '') raise({ code: 'file.empty', message: `The ${what} file "${file}" is empty.`, where });
  try {
    return JSON.parse(text);
  } catch (error) {
    raise({
      code: 'file.notJson',
      message: `The ${what} file "${file}" is not JSON: ${(error as Error).message.split('\n', 1)[0]}.`,
      where,
    });
  }
}

export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
