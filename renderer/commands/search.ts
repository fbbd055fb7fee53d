import Search from '@lucide/svelte/icons/search';
import { text } from '../text.ts';
import { windows } from '../workspace/windows.svelte.ts';
import type { Command } from './command.ts';

export const search: Command = {
  id: 'search',
  label: text.commands.search,
  group: 'view',
  icon: Search,
  shortcuts: ['$mod+k'],
  inFields: true,
  hidden: true,
  run: () => {
    windows.palette = !windows.palette;
  },
};
