/**
 * Layers on the clipboard: a small network as JSON text, so that they can be pasted into another network, another
 * window or a mail. The browser's own copy, cut and paste events carry it, which needs no permission.
 */
import { copyNodes, pasteNodes, type CopiedNodes } from '../../core/graph/edit.ts';
import { emptyDocument, parseDocument, serializeDocument } from '../../core/graph/parseDocument.ts';
import { isField } from '../commands/shortcuts.ts';
import { text } from '../text.ts';
import { notify } from '../workspace/notices.svelte.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import { deleteSelection } from './actions.ts';

let own: CopiedNodes | null = null;
/** How often the same layers were pasted: each copy stands a little further. */
let pastes = 0;

export const hasCopied = (): boolean => own !== null;

/** @returns a function that ends it */
export function bindClipboard(): () => void {
  const applies = (event: Event) => workspace.place === 'build' && workspace.document !== null && !isField(event.target);
  /** Marked words are copied as words; they can be neither cut nor pasted over. */
  const copiesWords = (event: Event) => event.type === 'copy' && window.getSelection()?.isCollapsed === false;
  const copy = (event: ClipboardEvent): void => {
    const open = workspace.document;
    if (!applies(event) || copiesWords(event) || open === null || open.selectedNodes.size === 0) return;
    own = copyNodes(open.view, open.selectedNodes);
    pastes = 0;
    event.clipboardData?.setData('text/plain', serializeDocument({ ...emptyDocument(open.name), ...own }));
    event.preventDefault();
    if (event.type === 'cut') deleteSelection(open);
    else notify({ text: text.commands.copied(text.steps.countOfLayers(own.nodes.length)) });
  };
  const paste = (event: ClipboardEvent): void => {
    if (!applies(event)) return;
    const copied = readCopied(event.clipboardData?.getData('text/plain') ?? '');
    if (copied === null) return notify({ text: text.commands.nothingToPaste });
    event.preventDefault();
    pasteCopied(copied);
  };
  const pairs = [
    ['copy', copy],
    ['cut', copy],
    ['paste', paste],
  ] as const;
  for (const [name, listener] of pairs) document.addEventListener(name, listener);
  return () => pairs.forEach(([name, listener]) => document.removeEventListener(name, listener));
}

/** From the menu, where the browser gives no access to its clipboard. */
export function pasteOwn(): void {
  if (own !== null) pasteCopied(own);
}

function readCopied(json: string): CopiedNodes | null {
  try {
    return parseDocument(JSON.parse(json));
  } catch {
    return null;
  }
}

function pasteCopied(copied: CopiedNodes): void {
  const open = workspace.document;
  if (open === null || copied.nodes.length === 0) return;
  pastes += 1;
  const pasted = pasteNodes(open.view, copied, { offset: { x: 30 * pastes, y: 30 * pastes }, within: open.blockId });
  open.setView(pasted.document, text.steps.paste);
  open.select(pasted.ids);
}
