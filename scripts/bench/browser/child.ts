/**
 * A contender in a browser of its own: passes the protocol of ../contender.ts on to the worker that trains. Arguments:
 * the worker's script, the task file, which adapter.
 */
import readline from 'node:readline';
import { launchGpuBrowser } from './launch.ts';
import type { AdapterChoice } from './launch.ts';
import { startPageServer } from './server.ts';

type Answer = Record<string, unknown>;
/** What the page of server.ts has. */
declare const next: () => Promise<Answer>;
declare const ask: (request: Answer) => Promise<Answer>;

const write = (answer: object): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);

const [script = '', taskFile = '', adapter = ''] = process.argv.slice(2);
const server = await startPageServer(script, taskFile);
const browser = await launchGpuBrowser(adapter as AdapterChoice);
const requests = readline.createInterface({ input: process.stdin });
// Also in the middle of an answer that the parent no longer waits for.
requests.once('close', () => void browser.close());
try {
  const page = await browser.newPage();
  page.on('console', (message) => process.stderr.write(`${message.text()}\n`));
  page.on('crash', () => {
    write({ refused: 'its page crashed' });
    process.exit();
  });
  await page.goto(server.address);
  write(await page.evaluate(() => next()));
  for await (const line of requests) {
    write(await page.evaluate((request) => ask(request), JSON.parse(line) as Answer));
  }
} catch (error) {
  write({ refused: (error as Error).message.split('\n')[0] ?? '' });
} finally {
  await browser.close();
  server.close();
}
process.exit();
