import type { Samples } from './sample.ts';

export const CONTRACTORS: Samples = {};
