import type { Samples } from './sample.ts';

export const SYNC: Samples = {};
