/** Zachary's karate club: who met whom outside the club, and on which side each member stood when it split. */
import { csvOf, writeSampleFile } from '../sampleSet.ts';
import type { SampleSet } from '../sampleSet.ts';

const members = 34;
const instructor = 0;
const officer = 33;

/** Zachary 1977, figure 1: each member's friends that come later in the list, counted from 0. */
const friends: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31],
  1: [2, 3, 7, 13, 17, 19, 21, 30],
  2: [3, 7, 8, 9, 13, 27, 28, 32],
  3: [7, 12, 13],
  4: [6, 10],
  5: [6, 10, 16],
  6: [16],
  8: [30, 32, 33],
  9: [33],
  13: [33],
  14: [32, 33],
  15: [32, 33],
  18: [32, 33],
  19: [33],
  20: [32, 33],
  22: [32, 33],
  23: [25, 27, 29, 32, 33],
  24: [25, 27, 31],
  25: [31],
  26: [29, 33],
  27: [33],
  28: [31, 33],
  29: [32, 33],
  30: [32, 33],
  31: [32, 33],
  32: [33],
};

/** Zachary 1977, table 3: the club that each member joined after the split. */
const withInstructor: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21]);

export const karate: SampleSet = {
  recipe: {
    id: 'karate',
    name: 'Karate club',
    kind: 'graph',
    files: ['karate/members.csv', 'karate/friendships.csv', 'karate/identities.txt'],
    description:
      'The 34 members of a karate club and the 78 friendships among them, observed by W. Zachary from 1970 to 1972. A quarrel between instructor and officer split the club. Knowing the side of these two only: on which side was everyone else?',
    licence: 'Facts, published in W. W. Zachary 1977',
    licenceFile: 'karate/LICENSE',
    defaultTarget: 'club',
    partColumn: 'part',
  },
  make() {
    const all = Array.from({ length: members }, (_, member) => member);
    const club = (member: number) => (withInstructor.has(member) ? 'instructor' : 'officer');
    const part = (member: number) => (member === instructor || member === officer ? 'train' : 'test');
    writeSampleFile(
      'karate/members.csv',
      csvOf(
        ['member', 'club', 'part'],
        all.map((member) => [member + 1, club(member), part(member)]),
      ),
    );
    const edges = Object.entries(friends).flatMap(([from, later]) => later.map((to) => [from, to]));
    writeSampleFile('karate/friendships.csv', csvOf(['from', 'to'], edges));
    // Nothing is known of a member but who it is.
    writeSampleFile('karate/identities.txt', `identity: ${all.map((member) => member + 1).join(' ')}\n${all.join('\n')}\n`);
  },
};
