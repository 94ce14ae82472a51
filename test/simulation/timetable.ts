import { cron, lookAround, tick } from './engine.ts';
import { DAY_MS, type Round } from './round.ts';

export type Size = { families: number; days: number; ticks_a_day: number; acts_a_day: number };
export type Deed = { at_ms: number; run(): Promise<void> };

export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const QUARTERS = Array.from({ length: 96 }, (_, n) => n);
/** Clocks are changed on these days: in the Americas, in Europe, at Lord Howe. Most of them are ticked through, quarter by quarter. */
const CHANGES = ['03-08', '03-29', '04-05', '09-27', '10-04', '10-25', '11-01'];

/** The crontab over all days: of most days a few quarters of an hour, whichever, and all of some. */
export function timetable(round: Round, { days, ticks_a_day }: Size): Deed[] {
  const { dice, start_ms } = round;
  const wholeDay = dice.int(1, days - 3);
  const deeds: Deed[] = [];
  for (let day = 0; day < days; day += 1) {
    const from = start_ms + day * DAY_MS;
    const isChange = CHANGES.includes(new Date(from).toISOString().slice(5, 10));
    const isWhole = day === wholeDay || (isChange && dice.chance(0.6));
    const at = (minute: number, run: Deed['run']) => deeds.push({ at_ms: from + minute * MINUTE_MS, run });
    const ring = (minute: number) => at(minute, () => cron(round, '* * * * *'));
    const poll = (minute: number) => at(minute, () => lookAround(round));
    for (const quarter of isWhole ? QUARTERS : dice.shuffled(QUARTERS).slice(0, ticks_a_day)) {
      at(quarter * 15, () => tick(round));
      ring(quarter * 15 + 4);
      if (!isWhole) poll(quarter * 15 + 31);
    }
    for (let hour = 0; hour < 24; hour += 3) {
      ring(hour * 60 + 50);
      poll(hour * 60 + 55);
    }
    if (day % 4 === 0) at(10, () => sweep(round));
  }
  return deeds;
}

async function sweep(round: Round): Promise<void> {
  await cron(round, '10 * * * *');
  await cron(round, '40 * * * *');
  for (const family of round.families) await round.look(family);
}

/** What is out for a day, for five, and for some hours; and the clock, which jumps. */
export function misfortunes(round: Round): Deed[] {
  const { dice, start_ms, calm_ms } = round;
  const someTime = () => start_ms + Math.floor(dice.next() * (calm_ms - start_ms));
  const out = (what: string, hours: number): Deed => {
    const from_ms = someTime();
    round.outages.push({ from_ms, to_ms: Math.min(from_ms + hours * HOUR_MS, calm_ms), what });
    return {
      at_ms: from_ms,
      async run() {
        round.count(`out ${hours === 24 || hours === 120 ? `for ${hours} h` : 'for hours'}: ${what}`);
        round.log(`out for ${hours} h: ${what}`);
      },
    };
  };
  const jump = (by_s: number): Deed => ({
    at_ms: someTime(),
    async run() {
      round.clock.ahead_ms += by_s * 1000;
      round.count(by_s > 0 ? 'clock jumps forwards' : 'clock jumps backwards');
      round.log(`the clock jumps by ${by_s} s`);
      await round.database.setTime(round.now());
    },
  });
  return [
    ...[24, 120].map((hours) => out(dice.pick(['scheduler', 'scheduler and consumers', 'consumers']), hours)),
    out('carrier', dice.int(1, 30)),
    ...[1, 2].flatMap(() => [jump(dice.int(600, 21_600)), jump(dice.int(-600, -5))]),
  ];
}
