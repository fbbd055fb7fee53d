/**
 * A contender's half of the protocol in ../contender.ts inside a browser's worker; ../browser/child.ts passes its messages
 * on. The task comes from the address where the worker itself comes from.
 */
import { readArrays, refusalOf } from './arrays.mjs';

/** @param prepare as for Node in serve.mjs; what it returns beside `about` and `run` goes into the first answer */
export async function serve(prepare) {
  try {
    const task = await (await fetch('/task.json')).json();
    const arrays = async () => readArrays(task, new Uint8Array(await (await fetch('/task.bin')).arrayBuffer()));
    const { about, run, ...more } = await prepare(task, arrays);
    self.onmessage = async ({ data }) => {
      try {
        self.postMessage(await run(data.steps, data));
      } catch (error) {
        self.postMessage({ refused: refusalOf(error) });
      }
    };
    self.postMessage({ ready: about, ...more });
  } catch (error) {
    self.postMessage({ refused: refusalOf(error) });
  }
}
