import SunMoon from '@lucide/svelte/icons/sun-moon';
import { text } from '../text.ts';
import { preferences } from '../workspace/preferences.svelte.ts';
import type { Command } from './command.ts';

export const toggleTheme: Command = {
  id: 'toggleTheme',
  label: text.commands.toggleTheme,
  group: 'view',
  icon: SunMoon,
  keywords: ['dark', 'light', 'colours'],
  run: () => preferences.setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'),
};
