import SettingsIcon from '@lucide/svelte/icons/settings';
import { text } from '../text.ts';
import { windows } from '../workspace/windows.svelte.ts';
import type { Command } from './command.ts';

export const settings: Command = {
  id: 'settings',
  label: text.commands.settings,
  group: 'view',
  icon: SettingsIcon,
  shortcuts: ['$mod+,'],
  inFields: true,
  keywords: ['theme', 'dark', 'light', 'text size', 'library'],
  run: () => {
    windows.settings = true;
  },
};
