const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const;

/** Seconds, as people say them: “3 h”. */
export function ageOf(seconds: number): string {
  const found = UNITS.find(([, length]) => seconds >= length);
  return found ? `${Math.floor(seconds / found[1])} ${found[0]}` : `${Math.round(seconds)} s`;
}
