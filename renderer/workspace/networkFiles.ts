/** A network as a file: export, import and duplicate, all through `.layerbench.json`. */
import { parseDocument, serializeDocument } from '../../core/graph/parseDocument.ts';
import type { NetworkDocument } from '../../core/graph/document.ts';
import { call } from '../client.ts';
import { text } from '../text.ts';
import { raise } from '../../core/problem.ts';
import { freeName } from './freeName.ts';
import { notify, showError } from './notices.svelte.ts';
import { workspace } from './workspace.svelte.ts';

export const fileEnding = '.layerbench.json';
/** A network file larger than this is something else. */
const largestBytes = 20_000_000;

/** A file name every system accepts. */
export function fileNameFor(name: string): string {
  const plain = name
    .trim()
    .replace(/[^\p{L}\p{N} ._-]+/gu, '-')
    .replace(/^\.+/, '')
    .slice(0, 80);
  return `${plain === '' ? text.steps.untitled : plain}${fileEnding}`;
}

export function exportNetwork(): void {
  const open = workspace.document;
  if (open === null) return;
  const address = URL.createObjectURL(new Blob([serializeDocument(open.document)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileNameFor(open.name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  notify({ text: text.commands.exported(link.download) });
}

export function importNetwork(): void {
  const picker = document.createElement('input');
  picker.type = 'file';
  picker.accept = '.json,application/json';
  picker.onchange = () => {
    const file = picker.files?.[0];
    if (file !== undefined) void importNetworkFile(file);
  };
  picker.click();
}

export async function importNetworkFile(file: File): Promise<void> {
  try {
    await openJson(named(await readNetwork(file)));
  } catch (error) {
    showError(error);
  }
}

async function readNetwork(file: File): Promise<NetworkDocument> {
  const where = { kind: 'file', file: file.name } as const;
  if (file.size > largestBytes) raise({ code: 'network.fileSize', message: `${file.name} is too large for a network file.`, where });
  const json = await file.text();
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    raise({
      code: 'network.notJson',
      message: `${file.name} is not a network file: it holds no JSON.`,
      hint: `Choose a file that ends in ${fileEnding}.`,
      where,
    });
  }
  return parseDocument(value);
}

/** Under a name of its own, so that two tabs are never called the same. */
function named(document: NetworkDocument): string {
  return serializeDocument({ ...document, name: freeName(document.name, workspace.takenNames()) });
}

export async function duplicateNetwork(): Promise<void> {
  const open = workspace.document;
  if (open === null) return;
  const copy = await openJson(named({ ...open.document, name: `${open.name} copy` }));
  if (open.config !== undefined) copy.setConfig(open.config, text.steps.dataSet);
}

async function openJson(json: string) {
  const open = workspace.openDocument(await call('documents.create', { from: { json } }));
  workspace.go('build');
  return open;
}
