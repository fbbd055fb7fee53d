import Link from '@lucide/svelte/icons/link';
import { storyText } from '../learn/timeMachine/story/storyText.ts';
import { windows } from '../workspace/windows.svelte.ts';
import type { Command } from './command.ts';

export const openLink: Command = {
  id: 'openLink',
  label: storyText.openCommand,
  group: 'view',
  icon: Link,
  keywords: ['share', 'time machine', 'learn', 'moment'],
  run: () => {
    windows.openLink = true;
  },
};
