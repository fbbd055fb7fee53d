/** Bad input gives a sentence and loses nothing. Each row of the tables: what is wrong, and what is said. */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { flowersCsv } from './fixtures/flowers.ts';
import { Actions, csvFile } from './harness/actions.ts';
import { expect, test } from './harness/app.ts';
import { root, runCli, startHostToEnd } from './harness/host.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000100000001008060000001ff3ff61', 'hex');

const badCsvFiles: readonly { what: string; file: { name: string; mimeType: string; buffer: Buffer }; says: RegExp }[] = [
  { what: 'a ragged row', file: csvFile('ragged.csv', `${flowersCsv(20)}1,2,3\n`), says: /line 22.*(3 .*5|5 .*3)/i },
  { what: 'an empty file', file: csvFile('empty.csv', ''), says: /empty/i },
  { what: 'nothing but a header', file: csvFile('header.csv', 'a,b,c\n'), says: /line 2.*at least one row/i },
  {
    what: 'a binary file',
    file: csvFile('picture.csv', Buffer.concat([png, Buffer.alloc(2000)])),
    says: /picture\.csv: expected a text table, got a PNG/,
  },
  {
    what: 'bytes of no known kind',
    file: csvFile('noise.csv', Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 197 + 13) % 256))),
    says: /noise\.csv/,
  },
  { what: 'a file of another kind', file: csvFile('table.xlsx', 'PK'), says: /table\.xlsx cannot be imported/ },
];

test('CSV files that cannot be read, one sentence each', async ({ app }) => {
  const { page } = app;
  await page.getByRole('button', { name: 'Train a first network' }).click();
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Data' }).click();
  for (const { what, file, says } of badCsvFiles) {
    await test.step(what, async () => {
      await new Actions().chooseFile(
        page,
        page.getByRole('button', { name: /Import a CSV or text file|Choose another file/ }).last(),
        file,
      );
      await expect(page.getByRole('alert').or(page.getByRole('status')).filter({ hasText: says }).first()).toBeVisible();
      await page
        .getByRole('main')
        .getByRole('button', { name: 'Cancel' })
        .click({ timeout: 1000 })
        .catch(() => undefined);
    });
  }
  // The open network is still there, bound as before.
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Train' }).click();
  await expect(page.getByRole('main').getByRole('button', { name: 'Train', exact: true })).toBeEnabled();
});

const mlp = JSON.parse(fs.readFileSync(path.join(root, 'resources/samples/networks/mlp.json'), 'utf8')) as {
  nodes: { id: string; type: string; params: Record<string, unknown> }[];
  edges: { id: string; from: string; to: string; toPort: number }[];
  version: number;
};
type Mlp = typeof mlp;

const badDocuments: readonly { what: string; text: string; says: RegExp }[] = [
  { what: 'no JSON', text: 'layers: 3', says: /JSON/ },
  { what: 'another kind of JSON', text: '{"a": 1}', says: /network/i },
  { what: 'a newer version', text: changed((d) => (d.version = 99)), says: /version 99|newer/i },
  { what: 'an unknown layer', text: changed((d) => (d.nodes[1]!.type = 'warp')), says: /warp/ },
  {
    what: 'a cycle',
    text: changed((d) => d.edges.push({ id: 'back', from: d.edges.at(-1)!.from, to: d.edges[1]!.from, toPort: 0 })),
    says: /cycle|loop|circle|one input|already/i,
  },
  { what: 'an edge to nowhere', text: changed((d) => (d.edges[0]!.to = 'nobody')), says: /nobody/ },
  {
    what: 'a parameter that cannot be',
    text: changed((d) => (d.nodes.find((n) => n.type === 'dense')!.params['units'] = -1)),
    says: /units/i,
  },
];

function changed(change: (document: Mlp) => void): string {
  const copy = structuredClone(mlp);
  change(copy);
  return JSON.stringify(copy);
}

test.describe('without a page', () => {
  let folder: string;
  test.beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-bad-'));
  });
  test.afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Exit code 1, one clear sentence, no stack trace. */
  const refusal = (result: { code: number | null; output: string; errors: string }, says: RegExp): void => {
    expect.soft(result.errors).toMatch(says);
    expect.soft(result.errors).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect.soft(result.code).toBe(1);
  };

  for (const { what, text, says } of badDocuments) {
    test(`a network file with ${what}`, async () => {
      const file = path.join(folder, 'bad.json');
      fs.writeFileSync(file, text);
      refusal(await runCli(['shapes', file]), says);
    });
  }

  test('mistakes on the command line', async () => {
    refusal(await runCli(['shapes', path.join(folder, 'none.json')]), /none\.json/);
    refusal(await runCli(['trian']), /trian/);
    refusal(await runCli(['train', '--network', 'resources/samples/networks/mlp.json', '--data', 'no-such-data']), /no-such-data/);
    refusal(
      await runCli([
        'train',
        '--network',
        'resources/samples/networks/mlp.json',
        '--data',
        'penguins',
        '--set',
        'optimizer.learningRate=fast',
      ]),
      /learningRate/,
    );
  });

  test('a database of 0 bytes is no library, and is left alone', async () => {
    const library = path.join(folder, 'library');
    fs.mkdirSync(library);
    const first = await runCli(['runs', '--library', library, '--json']);
    expect(first.code, first.errors).toBe(0);
    const database = fs.readdirSync(library).find((name) => /\.(db|sqlite3?)$/.test(name))!;
    for (const name of fs.readdirSync(library)) if (name.startsWith(database)) fs.rmSync(path.join(library, name));
    fs.writeFileSync(path.join(library, database), '');
    const second = await runCli(['runs', '--library', library, '--json']);
    // An empty file is a new database to SQLite: either it is taken as one, or refused with its name.
    if (second.code !== 0) refusal(second, new RegExp(database.replace('.', '\\.')));

    fs.writeFileSync(path.join(library, database), 'this is no database, whatever its name says\n'.repeat(100));
    refusal(await runCli(['runs', '--library', library, '--json']), /database|library/i);
  });

  test('a port in use', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as net.AddressInfo;
    refusal(await startHostToEnd(['--library', path.join(folder, 'library'), '--port', String(port)]), new RegExp(String(port)));
    server.close();
  });

  test('a library folder that cannot be written', async () => {
    const file = path.join(folder, 'file');
    fs.writeFileSync(file, '');
    refusal(await startHostToEnd(['--library', path.join(file, 'library'), '--port', '0']), /library|folder/i);
  });
});
