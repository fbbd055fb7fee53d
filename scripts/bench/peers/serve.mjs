/** A Node peer's half of the protocol in ../contender.ts, and the reading of its task's files. */
import fs from 'node:fs';
import readline from 'node:readline';
import { readArrays, refusalOf } from './arrays.mjs';

const write = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/**
 * @param prepare gets the task and, of a training, its arrays; returns { about, run(steps) }. `run` restores the start,
 *   then times the steps alone and returns { elapsedUs, loss }
 */
export async function serve(prepare) {
  try {
    const task = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
    const arrays = task.kind === 'train' ? readArrays(task, new Uint8Array(fs.readFileSync(task.binary))) : undefined;
    const { about, run } = await prepare(task, arrays);
    write({ ready: about });
    for await (const line of readline.createInterface({ input: process.stdin })) {
      write(await run(JSON.parse(line).steps));
    }
  } catch (error) {
    write({ refused: refusalOf(error) });
  }
  process.exit(0);
}
