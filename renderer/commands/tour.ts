import GraduationCap from '@lucide/svelte/icons/graduation-cap';
import { startTour } from '../learn/timeMachine/tour/startTour.ts';
import { tourText } from '../learn/timeMachine/tour/tourText.ts';
import type { Command } from './command.ts';

export const tour: Command = {
  id: 'tour',
  label: tourText.command,
  group: 'view',
  icon: GraduationCap,
  keywords: ['learn', 'explain', 'backpropagation', 'chain rule', 'time machine'],
  run: () => startTour(),
};
