import CopyIcon from '@lucide/svelte/icons/copy';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const copy: Command = {
  id: 'copy',
  label: text.commands.copy,
  group: 'edit',
  icon: CopyIcon,
  shortcuts: ['$mod+c'],
  native: true,
  places: ['build'],
  enabled: () => (workspace.document?.selectedNodes.size ?? 0) > 0,
  run: () => void document.execCommand('copy'),
};
