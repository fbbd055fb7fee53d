import Clipboard from '@lucide/svelte/icons/clipboard';
import { hasCopied, pasteOwn } from '../canvas/clipboard.ts';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const paste: Command = {
  id: 'paste',
  label: text.commands.paste,
  group: 'edit',
  icon: Clipboard,
  shortcuts: ['$mod+v'],
  native: true,
  places: ['build'],
  enabled: () => workspace.document !== null && hasCopied(),
  run: () => pasteOwn(),
};
