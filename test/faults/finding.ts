/** What a drill has found: what was looked at, whether it is as it must be, and the figure. */
export type Finding = { check: string; isGood: boolean; figure: string };

export const finding = (check: string, isGood: boolean, figure: string): Finding => ({ check, isGood, figure });
