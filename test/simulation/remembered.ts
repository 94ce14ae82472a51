const REMEMBERED = 200_000;
const memories = new Map<unknown, unknown>();

/** A pure function that is asked the same over and over: three hundred people look at few clocks. */
export function remembered<Args extends (string | number)[], Answer>(of: (...args: Args) => Answer) {
  const known = memories.get(of) as ((...args: Args) => Answer) | undefined;
  if (known) return known;
  const answers = new Map<string, Answer>();
  const asked = (...args: Args): Answer => {
    const key = args.join('|');
    const before = answers.get(key);
    if (before !== undefined || answers.has(key)) return before as Answer;
    if (answers.size > REMEMBERED) answers.clear();
    const answer = of(...args);
    answers.set(key, answer);
    return answer;
  };
  memories.set(of, asked);
  return asked;
}
