import type { Round } from './round.ts';

const TOLD = 3;
const LINES = 25;

/** How it came to the first rules that were broken: what their reader and their home did, and what was wrong meanwhile. */
export function storyOf({ ledger, families, familyOf, story }: Round): string {
  return ledger.broken
    .slice(0, TOLD)
    .map(({ user_id, rule }) => {
      const family = familyOf.get(user_id);
      const all = family?.story ?? families.flatMap((each) => each.story);
      const at = all.findIndex((line) => line.endsWith(`BROKEN ${rule}`));
      const until = all[at] ?? story.find((line) => line.endsWith(`BROKEN ${rule}`)) ?? '';
      const mine = all.slice(0, at + 1).filter((line) => line.includes(` ${user_id}: `) || line.includes('/api/'));
      const told = [...mine.slice(-LINES), ...story.filter((line) => line <= until && !line.includes('BROKEN'))];
      return [`${rule}:`, ...told.sort()].join('\n  ');
    })
    .join('\n');
}
